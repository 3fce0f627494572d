import { describe, expect, it } from "vitest";
import type { Normalizer } from "../attention/normalize/normalizer.ts";
import { defineScore, type Score } from "../attention/score/score.ts";
import { type NormalizerConformanceOptions, normalizerConformance } from "../conformance/normalizer-conformance.ts";
import { scoreConformance } from "../conformance/score-conformance.ts";
import { affine } from "../tensor/elementwise.ts";
import { corePlugin } from "./core-plugin.ts";
import { createRegistry } from "./create-registry.ts";

const registry = createRegistry([corePlugin]);

/** Options of scores that have no default for one. */
const scoreOptions: Readonly<Record<string, object>> = { "with-edge": { score: "additive", as: "key" } };

describe.each(registry.names("scores"))("the score %s", (name) => {
  const make = (): Score => registry.make("scores", name, scoreOptions[name]);
  it.each(scoreConformance(make))("$name", ({ run }) => run());
});

const laws: Readonly<Record<string, NormalizerConformanceOptions>> = {
  sigmoid: { sum: "any", isShiftInvariant: false },
  relu: { sum: "one if positive", isShiftInvariant: false },
  hard: { isDifferentiable: false },
};

describe.each(registry.names("normalizers"))("the normalizer %s", (name) => {
  const options = name === "hard" ? { estimator: "straight-through" } : {};
  const make = (): Normalizer => registry.make("normalizers", name, options);
  it.each(normalizerConformance(make, laws[name]))("$name", ({ run }) => run());
});

/** The names of the cases that something wrong does not pass. */
function failing(cases: readonly { readonly name: string; run(): void }[]): string[] {
  return cases.flatMap(({ name, run }) => {
    try {
      run();
      return [];
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      return [name];
    }
  });
}

describe("the suites find", () => {
  it("a score that the compiler does not take, unless it need not", () => {
    const product = () =>
      defineScore("product", {
        parameters: { w: "matrix" },
        edge: "vector",
        score: ({ query, key, edge, w }) => query.dot(key.multiply(edge).transform(w)),
      });
    expect(failing(scoreConformance(product))).toEqual([expect.stringContaining("is compiled")]);
    expect(failing(scoreConformance(product, { fused: false }))).toEqual([]);
  });

  it("a score that differs from time to time", () => {
    let k = 0;
    const restless = () =>
      defineScore(`restless-${k++}`, { parameters: {}, score: ({ query, key }) => query.dot(key) });
    expect(failing(scoreConformance(restless))).toEqual([expect.stringContaining("the same each time")]);
  });

  it("a normalizer whose rows do not add up, that is not shift invariant, and that looks at other rows", () => {
    const softmax = registry.normalizer("softmax");
    const half: Normalizer = {
      ...softmax,
      name: "half",
      normalize: (logits, rows) => affine(softmax.normalize(logits, rows), 0.5, 0),
    };
    expect(failing(normalizerConformance(() => half))).toEqual([expect.stringContaining("rows add up")]);
    const sigmoid = registry.normalizer("sigmoid");
    expect(failing(normalizerConformance(() => sigmoid)).length).toBe(2);
    const mixing: Normalizer = {
      ...softmax,
      name: "mixing",
      normalize: (logits) => softmax.normalize(logits, { offsets: Uint32Array.of(0, logits.shape[0]!) }),
    };
    expect(failing(normalizerConformance(() => mixing, { sum: "any" }))).toEqual(
      expect.arrayContaining([expect.stringContaining("by itself")]),
    );
  });
});
