/**
 * What must compile, and what must not: checked by `tsc -p test/tsconfig.json`, never run. Each `@ts-expect-error` is an error if the line below it
 * compiles.
 */

import type { Tensor } from "../../tensor/tensor.ts";
import { attend } from "../attend.ts";
import type { Neighborhood } from "../neighborhood/neighborhood.ts";
import { additive, additiveWithEdge } from "./additive.ts";
import { lateAdditive } from "./late-additive.ts";
import { scaledDot } from "./scaled-dot.ts";
import { defineScore, type Score } from "./score.ts";

declare const neighborhood: Neighborhood;
declare const x: Tensor;
declare const someScore: Score;

const inputs = { query: x, key: x, value: x };
const gaussian = defineScore("gaussian", {
  parameters: { width: "scalar", center: "vector" },
  score: ({ query, key, width, center }) => query.subtract(key).add(center).square().sum().multiply(width),
});

export function aScoreWithItsParameters(): void {
  attend(neighborhood, inputs, { score: lateAdditive(), parameters: { a: x } });
  attend(neighborhood, inputs, { score: additive(), parameters: { source: x, target: x } });
  attend(
    neighborhood,
    { ...inputs, edge: x },
    { score: additiveWithEdge(), parameters: { source: x, target: x, link: x } },
  );
  attend(neighborhood, inputs, { score: scaledDot(), parameters: {} });
  attend(neighborhood, inputs, { score: gaussian, parameters: { width: x, center: x } });
  attend.detailed(neighborhood, inputs, { score: lateAdditive(), parameters: { a: x } });
}

export function aScoreThatIsKnownOnlyAtRunTime(named: Record<string, Tensor>): void {
  attend(neighborhood, inputs, { score: someScore, parameters: named });
  const scores: readonly Score[] = [additive(), scaledDot(), gaussian];
  for (const score of scores) attend(neighborhood, inputs, { score, parameters: named });
}

export function missingParameters(): void {
  // @ts-expect-error: no `a`
  attend(neighborhood, inputs, { score: lateAdditive(), parameters: {} });
  // @ts-expect-error: no `target`
  attend(neighborhood, inputs, { score: additive(), parameters: { source: x } });
  // @ts-expect-error: no parameters at all
  attend(neighborhood, inputs, { score: lateAdditive() });
  // @ts-expect-error: no `center`
  attend(neighborhood, inputs, { score: gaussian, parameters: { width: x } });
  // @ts-expect-error: no `a`
  attend.detailed(neighborhood, inputs, { score: lateAdditive(), parameters: {} });
}

export function wrongParameters(): void {
  // @ts-expect-error: not called `b`
  attend(neighborhood, inputs, { score: lateAdditive(), parameters: { b: x } });
  // @ts-expect-error: one too many
  attend(neighborhood, inputs, { score: lateAdditive(), parameters: { a: x, b: x } });
  // @ts-expect-error: a number is no tensor
  attend(neighborhood, inputs, { score: lateAdditive(), parameters: { a: 1 } });
}

export function wrongInputs(): void {
  // @ts-expect-error: no value
  attend(neighborhood, { query: x, key: x }, { score: scaledDot(), parameters: {} });
  // @ts-expect-error: dropout needs a seed
  attend(neighborhood, inputs, { score: scaledDot(), parameters: {}, dropout: { probability: 0.5 } });
}

export function wrongDefinitions(): void {
  // @ts-expect-error: a parameter is a vector or a scalar
  defineScore("matrix", { parameters: { w: "matrix" }, score: ({ query, key }) => query.dot(key) });
  // @ts-expect-error: `w` was not declared
  defineScore("undeclared", { parameters: {}, score: ({ query, w }) => query.dot(w) });
  // @ts-expect-error: a score is an expression
  defineScore("number", { parameters: {}, score: () => 1 });
}
