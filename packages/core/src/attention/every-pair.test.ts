import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { Random } from "../random.ts";
import { parameter } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { attend } from "./attend.ts";
import { causal } from "./neighborhood/causal.ts";
import { complete } from "./neighborhood/complete.ts";
import type { Neighborhood } from "./neighborhood/neighborhood.ts";
import { SparseNeighborhood } from "./neighborhood/sparse.ts";
import { entmax15, sparsemax } from "./normalize/entmax.ts";
import { hard } from "./normalize/hard.ts";
import type { Normalizer } from "./normalize/normalizer.ts";
import { reluNormalizer } from "./normalize/relu.ts";
import { sigmoidNormalizer } from "./normalize/sigmoid.ts";
import { softmaxNormalizer } from "./normalize/softmax.ts";
import { additive, additiveWithEdge } from "./score/additive.ts";
import { additiveTanh, bahdanau } from "./score/additive-tanh.ts";
import { bilinear } from "./score/bilinear.ts";
import { concatenation } from "./score/concatenation.ts";
import { cosine, learnedCosine } from "./score/cosine.ts";
import { dot } from "./score/dot.ts";
import { lateAdditive, lateAdditiveWithEdge } from "./score/late-additive.ts";
import { scaledDot } from "./score/scaled-dot.ts";
import { parameterShape, type Score } from "./score/score.ts";
import { withEdge } from "./score/with-edge.ts";

const engine = createReferenceEngine();
const [heads, channels, elements] = [2, 2, 3];

const scores: readonly Score[] = [
  dot(),
  scaledDot(),
  cosine({ temperature: 0.5 }),
  learnedCosine(),
  bilinear(),
  additiveTanh(),
  bahdanau(),
  concatenation(),
  additive(),
  additiveWithEdge(),
  lateAdditive(),
  lateAdditiveWithEdge(),
  withEdge(scaledDot(), { as: "bias" }),
  withEdge(scaledDot(), { as: "key" }),
  withEdge(dot(), { as: "gate" }),
];

/** Seed and normalizer: a soft sample by Gumbel-softmax is differentiable once its noise is drawn. */
const normalizers: readonly (readonly [normalizer: Normalizer, seed: number | undefined])[] = [
  [softmaxNormalizer(), undefined],
  [softmaxNormalizer({ temperature: 0.7 }), undefined],
  [sigmoidNormalizer(), undefined],
  [reluNormalizer(), undefined],
  [sparsemax(), undefined],
  [entmax15(), undefined],
  [hard({ estimator: "gumbel-softmax", hard: false, temperature: 0.8 }), 9],
];

const neighborhoods: Readonly<Record<string, Neighborhood>> = {
  "a sparse neighborhood": SparseNeighborhood.fromEdgeList({
    senders: Uint32Array.of(0, 2, 2, 1, 0),
    receivers: Uint32Array.of(0, 0, 0, 2, 2),
    senderCount: elements,
    receiverCount: elements,
  }),
  "a complete neighborhood": complete(elements),
  "a causal neighborhood": causal(elements),
};

function numbers(random: Random, shape: readonly number[]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return parameter(
    Float64Array.from({ length: size }, () => random.uniform(-1.5, 1.5)),
    shape,
    { engine },
  );
}

describe("the gradients of every score with every normalizer", () => {
  for (const [place, neighborhood] of Object.entries(neighborhoods)) {
    for (const score of scores) {
      it.each(normalizers)(`${score.name} over ${place}: $0.name`, (normalizer, seed) => {
        const random = new Random(11);
        const edgeShape = [neighborhood.edges, heads, ...(score.edge === "vector" ? [channels] : [])];
        const inputs = {
          query: numbers(random, [elements, heads, channels]),
          key: numbers(random, [elements, heads, channels]),
          value: numbers(random, [elements, heads, 1]),
          edge: score.edge === "none" ? undefined : numbers(random, edgeShape),
        };
        const parameters = Object.fromEntries(
          Object.entries(score.parameters).map(([name, rank]) => [
            name,
            numbers(random, parameterShape(rank, { heads, channels })),
          ]),
        );
        const { query, key, value, edge } = inputs;
        const checks = checkGradients(
          () => unevenSum(attend(neighborhood, inputs, { score, parameters, normalizer, seed })),
          { query, key, value, ...(edge && { edge }), ...parameters },
          1e-4,
        );
        for (const [name, { relativeError }] of Object.entries(checks)) {
          expect(relativeError, name).toBeLessThan(1e-6);
        }
      });
    }
  }
});
