import { describe, expect, it } from "vitest";
import { planFor } from "../attention/plan.ts";
import { additive, additiveWithEdge } from "../attention/score/additive.ts";
import { additiveTanh, bahdanau } from "../attention/score/additive-tanh.ts";
import { bilinear } from "../attention/score/bilinear.ts";
import { cosine, learnedCosine } from "../attention/score/cosine.ts";
import { dot } from "../attention/score/dot.ts";
import { lateAdditive, lateAdditiveWithEdge } from "../attention/score/late-additive.ts";
import { scaledDot } from "../attention/score/scaled-dot.ts";
import type { Score } from "../attention/score/score.ts";
import { symbolNode } from "../expression/expression.ts";
import { compileBackward } from "./backward.ts";
import { compileForward } from "./forward.ts";
import { scoreForm } from "./score-form.ts";
import { operandNames } from "./symbols.ts";

const scores: readonly Score[] = [
  additive(),
  additiveWithEdge(),
  additiveTanh(),
  bahdanau(),
  bilinear(),
  cosine(),
  learnedCosine(),
  dot(),
  lateAdditive(),
  lateAdditiveWithEdge(),
  scaledDot(),
];

const shapes = [
  { heads: 8, channels: 8 },
  { heads: 4, channels: 64 },
  { heads: 1, channels: 7 },
  { heads: 3, channels: 19 },
];

describe("the modules of a score, forward and backward with every gradient", () => {
  it.each(scores.map((score) => ({ name: score.name, score })))("$name: less than 12 kB", ({ score }) => {
    for (const { heads, channels } of shapes) {
      const plan = planFor(score, { heads, channels, dropout: 0.5 });
      const form = scoreForm(plan.score);
      if ("refused" in form) throw new Error(form.refused);
      const all = new Set([operandNames.value, ...form.inputs.map((symbol) => symbolNode(symbol).name)]);
      const [forward, backward] = [compileForward(plan, form), compileBackward(plan, form, all)];
      expect(WebAssembly.validate(forward.bytes) && WebAssembly.validate(backward.bytes)).toBe(true);
      expect(forward.bytes.length + backward.bytes.length, `${heads} x ${channels}`).toBeLessThan(12_000);
    }
  });
});
