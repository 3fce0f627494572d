/**
 * What must compile, and what must not: checked by `tsc -p test/tsconfig.json`, never run. Each `@ts-expect-error` is an error if the line below it
 * compiles.
 */

import type { Tensor } from "../../tensor/tensor.ts";
import { attend } from "../attend.ts";
import type { Neighborhood } from "../neighborhood/neighborhood.ts";
import { additive, additiveWithEdge } from "./additive.ts";
import { bahdanau } from "./additive-tanh.ts";
import { bilinear } from "./bilinear.ts";
import { lateAdditive } from "./late-additive.ts";
import { scaledDot } from "./scaled-dot.ts";
import { defineScore, type Score } from "./score.ts";
import { withEdge } from "./with-edge.ts";

declare const neighborhood: Neighborhood;
declare const x: Tensor;
declare const someScore: Score;

const inputs = { query: x, key: x, value: x };
const gaussian = defineScore("gaussian", {
  parameters: { width: "scalar", center: "vector" },
  score: ({ query, key, width, center }) => query.subtract(key).add(center).square().sum().multiply(width),
});

const mapped = defineScore("mapped", {
  parameters: { w: "matrix", s: "scalar" },
  score: ({ query, key, w, s }) => query.transform(w).dot(key.transform(w.transpose())).multiply(s),
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
  attend(neighborhood, inputs, { score: mapped, parameters: { w: x, s: x } });
  attend(neighborhood, inputs, { score: bahdanau(), parameters: { v: x, w: x, u: x } });
}

export function aScoreWithAnEdgeHasTheSameParameters(): void {
  const withBias: Score<{ w: "matrix" }> = withEdge(bilinear(), { as: "bias" });
  attend(neighborhood, { ...inputs, edge: x }, { score: withBias, parameters: { w: x } });
  attend(neighborhood, { ...inputs, edge: x }, { score: withEdge(scaledDot(), { as: "key" }), parameters: {} });
  // @ts-expect-error: no `w`
  attend(neighborhood, { ...inputs, edge: x }, { score: withEdge(bilinear(), { as: "gate" }), parameters: {} });
}

export function aScoreThatIsKnownOnlyAtRunTime(named: Record<string, Tensor>): void {
  attend(neighborhood, inputs, { score: someScore, parameters: named });
  const scores: readonly Score[] = [additive(), scaledDot(), gaussian, mapped, withEdge(bilinear(), { as: "key" })];
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
  // @ts-expect-error: dropout is a probability
  attend(neighborhood, inputs, { score: scaledDot(), parameters: {}, dropout: { probability: 0.5, seed: 1 } });
}

export function wrongDefinitions(): void {
  // @ts-expect-error: a parameter is a scalar, a vector or a matrix
  defineScore("tensor", { parameters: { w: "tensor" }, score: ({ query, key }) => query.dot(key) });
  // @ts-expect-error: a matrix is no expression
  defineScore("matrix", { parameters: { w: "matrix" }, score: ({ query, w }) => query.dot(w) });
  // @ts-expect-error: a vector is no matrix
  defineScore("vector", { parameters: { w: "vector" }, score: ({ query, key, w }) => query.transform(w).dot(key) });
  // @ts-expect-error: a matrix does only what matrices do
  defineScore("sum", { parameters: { w: "matrix" }, score: ({ w }) => w.sum() });
  // @ts-expect-error: an edge is a bias, a key or a gate
  withEdge(scaledDot(), { as: "value" });
  // @ts-expect-error: `w` was not declared
  defineScore("undeclared", { parameters: {}, score: ({ query, w }) => query.dot(w) });
  // @ts-expect-error: a score is an expression
  defineScore("number", { parameters: {}, score: () => 1 });
}
