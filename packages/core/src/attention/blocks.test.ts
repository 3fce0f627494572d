import { describe, expect, it } from "vitest";
import { unevenSum } from "../conformance/finite-differences.ts";
import { largestError } from "../conformance/largest-error.ts";
import { wasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Random } from "../random.ts";
import { backward } from "../tensor/backward.ts";
import { parameter } from "../tensor/create.ts";
import { matmul } from "../tensor/product.ts";
import { reshape } from "../tensor/reshape.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { attend } from "./attend.ts";
import { explainPlan } from "./explain.ts";
import { complete } from "./neighborhood/complete.ts";
import type { Neighborhood } from "./neighborhood/neighborhood.ts";
import type { Normalizer } from "./normalize/normalizer.ts";
import { softmaxNormalizer } from "./normalize/softmax.ts";
import { PositionBias } from "./position/position-bias.ts";
import { lateAdditive } from "./score/late-additive.ts";
import { defineScore, parameterShape, type Score } from "./score/score.ts";

const engine = wasmEngine();

/** What the engine has no kernel for: the segment path. */
const ownSoftmax: Normalizer = { ...softmaxNormalizer(), name: "own-softmax" };

const withEdge = defineScore("dot-plus-edge", {
  parameters: { w: "vector" },
  edge: "scalar",
  score: ({ query, key, edge, w }) => query.multiply(w).dot(key).add(edge),
});

interface Case {
  readonly name: string;
  readonly path: "fused" | "segments";
  readonly score: Score;
  readonly normalizer: Normalizer;
  readonly count: number;
  readonly channels: number;
}

const cases: readonly Case[] = [
  {
    name: "kernels of the engine",
    path: "fused",
    score: lateAdditive(),
    normalizer: softmaxNormalizer(),
    count: 1100,
    channels: 3,
  },
  { name: "general kernels", path: "segments", score: withEdge, normalizer: ownSoftmax, count: 70, channels: 2048 },
];

function numbers(random: Random, shape: readonly number[]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length: size }, () => random.uniform(-1, 1) / Math.sqrt(shape.at(-1)!));
  return parameter(values, shape, { engine });
}

/** Two learned terms: one the same for every query, and one that depends on it. */
function biases(
  random: Random,
  channels: number,
): { readonly tables: readonly Tensor[]; readonly bias: PositionBias[] } {
  const [shared, ofQuery] = [numbers(random, [3, 1]), numbers(random, [2, channels])];
  const later = new PositionBias({
    name: "later",
    buckets: 3,
    bucketOf: (receiver, sender) => 1 + Math.sign(sender - receiver),
    table: () => shared,
  });
  const parity = new PositionBias({
    name: "parity",
    buckets: 2,
    bucketOf: (receiver, sender) => (receiver + sender) % 2,
    table: (query) => {
      const flat = reshape(query, [query.shape[0]!, channels]);
      return reshape(matmul(flat, ofQuery, { transposeB: true }), [query.shape[0]!, 2, 1]);
    },
  });
  return { tables: [shared, ofQuery], bias: [later, parity] };
}

/** Output and gradients of attention over `neighborhood`. */
function results({ score, normalizer, count, channels }: Case, neighborhood: Neighborhood): Float32Array[] {
  const random = new Random(5);
  const { tables, bias } = biases(random, channels);
  const inputs = {
    query: numbers(random, [count, 1, channels]),
    key: numbers(random, [count, 1, channels]),
    value: numbers(random, [count, 1, 2]),
    edge: score.edge === "none" ? undefined : numbers(random, [count * count, 1]),
  };
  const parameters = Object.fromEntries(
    Object.entries(score.parameters).map(([name, rank]) => [
      name,
      numbers(random, parameterShape(rank, { heads: 1, channels })),
    ]),
  );
  return scope(() => {
    const output = attend(neighborhood, inputs, { score, parameters, normalizer, bias });
    backward(unevenSum(output));
    const leaves = [...tables, inputs.query, inputs.key, inputs.value, inputs.edge, ...Object.values(parameters)];
    return [output, ...leaves.flatMap((leaf) => leaf?.grad ?? [])].map((t) => Float32Array.from(t.dataSync()));
  });
}

describe("attention in blocks of receivers", () => {
  for (const example of cases) {
    it(`gives the output and the gradients of attention over all pairs at once, by ${example.name}`, () => {
      const { score, normalizer, count, channels } = example;
      const dense = complete(count);
      const plan = explainPlan(score, { heads: 1, channels, normalizer, hasBias: true, neighborhood: dense });
      expect(plan.path).toBe(example.path);
      expect(plan.pairsPerBlock).toBeLessThan(count * count);
      const [blocked, whole] = [results(example, dense), results(example, dense.sparse())];
      expect(blocked).toHaveLength(whole.length);
      for (const [k, expected] of whole.entries()) expect(largestError(blocked[k]!, expected)).toBeLessThan(1e-5);
    });
  }

  it("draws masks that are a function of the seed", () => {
    const random = new Random(1);
    const [query, key, value] = [1, 2, 3].map(() => numbers(random, [1100, 1, 2]));
    const dropped = (seed: number): Float32Array =>
      scope(() => {
        const options = {
          score: lateAdditive(),
          parameters: { a: numbers(new Random(2), [1, 2]) },
          dropout: 0.5,
          seed,
        };
        return Float32Array.from(
          attend(complete(1100), { query: query!, key: key!, value: value! }, options).dataSync(),
        );
      });
    expect(dropped(1)).toEqual(dropped(1));
    expect(largestError(dropped(1), dropped(2))).toBeGreaterThan(1e-3);
  });

  it("keeps nothing of a block when it is done", () => {
    const random = new Random(1);
    const [query, key, value] = [1, 2, 3].map(() => numbers(random, [1100, 1, 2]));
    const parameters = { a: numbers(random, [1, 2]) };
    const before = engine.memory().bytes;
    scope(() => {
      const out = attend(
        complete(1100),
        { query: query!, key: key!, value: value! },
        { score: lateAdditive(), parameters },
      );
      backward(unevenSum(out));
    });
    const gradients = [query!, key!, value!, parameters.a].reduce((bytes, { size }) => bytes + size * 4, 0);
    expect(engine.memory().bytes - before).toBeLessThan(gradients + 1024);
  });
});
