import { describe, expect, it } from "vitest";
import { attend } from "../attention/attend.ts";
import { SparseNeighborhood } from "../attention/neighborhood/sparse.ts";
import { elementwiseNormalizer } from "../attention/normalize/elementwise.ts";
import { sigmoidNormalizer } from "../attention/normalize/sigmoid.ts";
import { softmaxNormalizer } from "../attention/normalize/softmax.ts";
import { defineScore, type ParameterRanks, parameterShape, type Score } from "../attention/score/score.ts";
import { unevenSum } from "../conformance/finite-differences.ts";
import { largestError } from "../conformance/largest-error.ts";
import { type Draw, drawFrom, drawRandom, floats, indices, seededDraw } from "../engine/conformance/draw.ts";
import type { Engine } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { partsOf } from "../expression/expression.ts";
import { backward } from "../tensor/backward.ts";
import { parameter } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import { distanceToKink } from "../testing/distance-to-kink.ts";
import { type DrawnExpression, drawExpression, matrixBound, symbolBound } from "../testing/draw-expression.ts";
import { scoreForm } from "./score-form.ts";

const ranks = {
  ...{ a: "vector", b: "vector", s: "scalar", t: "scalar" },
  ...{ w: "matrix", u: "matrix" },
} as const satisfies ParameterRanks;

const normalizers = [
  softmaxNormalizer(),
  sigmoidNormalizer(),
  elementwiseNormalizer("shares", { weight: (logit) => logit.multiply(0.1).softplus(), isShare: true }),
];

interface Leaf {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A drawn score, the edges and the numbers that it is computed on. */
interface Example {
  readonly drawn: DrawnExpression;
  readonly score: Score;
  readonly neighborhood: SparseNeighborhood;
  readonly heads: number;
  readonly channels: number;
  readonly leaves: readonly Leaf[];
}

function scoreOf({ root, edge }: DrawnExpression): Score {
  const score = () => root;
  return root.sides.has("edge")
    ? defineScore("drawn", { parameters: ranks, edge, score })
    : defineScore("drawn", { parameters: ranks, score });
}

function drawExample(drawn: DrawnExpression, draw: Draw, channels: number): Example {
  const score = scoreOf(drawn);
  const heads = draw.integer(1, 9);
  const [receiverCount, senderCount, edges] = [draw.integer(1, 4), draw.integer(1, 4), draw.integer(1, 12)];
  const random = drawRandom(draw);
  const neighborhood = SparseNeighborhood.fromEdgeList({
    senders: indices(random, edges, senderCount),
    receivers: indices(random, edges, receiverCount),
    senderCount,
    receiverCount,
  });
  const shapes: Record<string, readonly number[]> = {
    query: [receiverCount, heads, channels],
    key: [senderCount, heads, channels],
    value: [senderCount, heads, draw.integer(1, 9)],
  };
  if (score.edge !== "none") shapes["edge"] = [edges, heads, ...(score.edge === "vector" ? [channels] : [])];
  for (const [name, rank] of Object.entries(ranks)) shapes[name] = parameterShape(rank, { heads, channels });
  const leaves = Object.entries(shapes).map(([name, shape]): Leaf => {
    const bound = name === "w" || name === "u" ? matrixBound : symbolBound;
    const size = shape.reduce((x, y) => x * y, 1);
    return { name, shape, values: floats(random, size, -bound, bound) };
  });
  return { drawn, score, neighborhood, heads, channels, leaves };
}

/** How near an argument is to where a function or its slope jumps. */
function distanceOf({ drawn, neighborhood, heads, channels, leaves }: Example): number {
  let least = Number.POSITIVE_INFINITY;
  for (let p = 0; p < neighborhood.edges; p++) {
    const elements: Readonly<Record<string, number>> = {
      query: neighborhood.receiverOf[p]!,
      key: neighborhood.senderOf[p]!,
      edge: p,
    };
    for (let h = 0; h < heads; h++) {
      const bindings = Object.fromEntries(
        leaves.map(({ name, shape, values }) => {
          const isParameter = name in ranks;
          const width = shape.slice(isParameter ? 1 : 2).reduce((x, y) => x * y, 1);
          const row = isParameter ? h : elements[name === "value" ? "key" : name]! * heads + h;
          const numbers = Float64Array.from(values.subarray(row * width, (row + 1) * width));
          return [name, drawn.symbols[name]?.rank === "scalar" ? numbers[0]! : numbers];
        }),
      );
      least = Math.min(least, distanceToKink(drawn.root, bindings, channels));
    }
  }
  return least;
}

describe("a score that nobody wrote", () => {
  it("has, compiled, the output and the gradients of float64 segment kernels", () => {
    const [reference, wasm] = [createReferenceEngine(), createWasmEngine()];
    const operations = new Set<string>();
    let compared = 0;
    for (let seed = 0; compared < 100; seed++) {
      const draw = seededDraw(seed);
      const channels = draw.integer(1, 9);
      const drawn = drawExpression(draw, channels);
      const isOfPairs = drawn.root.sides.has("key") && (drawn.root.sides.has("query") || drawn.root.sides.has("edge"));
      if (!isOfPairs || "refused" in scoreForm(drawn.root)) continue;
      const example = drawExample(drawn, draw, channels);
      if (distanceOf(example) < 1e-3) continue;
      compared++;
      for (const { node } of partsOf(drawn.root)) if ("operation" in node) operations.add(node.operation);
      const normalizer = drawFrom(draw, normalizers);
      const { score, neighborhood, leaves } = example;
      const compute = (engine: Engine, isCompiled: boolean): Map<string, ArrayLike<number>> => {
        const tensors = leaves.map(({ name, shape, values }) => [name, parameter(values, shape, { engine })] as const);
        const { query, key, value, edge, ...parameters } = Object.fromEntries(tensors);
        const inputs = { query: query!, key: key!, value: value!, edge };
        const options = { score, parameters, normalizer };
        const output = scope(() => {
          const out = isCompiled
            ? attend(neighborhood, inputs, options)
            : attend.detailed(neighborhood, inputs, options).output;
          backward(unevenSum(out));
          return out.dataSync().slice();
        });
        const gradients = tensors.map(
          ([name, { grad, size }]) => [name, grad?.dataSync() ?? new Float64Array(size)] as const,
        );
        return new Map<string, ArrayLike<number>>([["output", output], ...gradients]);
      };
      const expected = compute(reference, false);
      const got = compute(wasm, true);
      for (const [name, values] of expected) {
        expect(largestError(got.get(name)!, values), `seed ${seed}: ${name}`).toBeLessThan(2e-4);
      }
    }
    for (const operation of ["log", "softplus", "exp", "tanh", "elu", "leakyRelu", "maximum", "divide"]) {
      expect(operations, operation).toContain(operation);
    }
  });
});
