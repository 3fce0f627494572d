import { describe, expect, it } from "vitest";
import { scoreForm } from "../compiler/score-form.ts";
import { unevenSum } from "../conformance/finite-differences.ts";
import { largestError } from "../conformance/largest-error.ts";
import { type Draw, drawRandom, floats, indices, seededDraw } from "../engine/conformance/draw.ts";
import type { Engine } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { type Bindings, evaluate, type Value } from "../expression/evaluate.ts";
import { type Expression, matricesOf } from "../expression/expression.ts";
import { backward } from "../tensor/backward.ts";
import { parameter } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import { distanceToKink } from "../testing/distance-to-kink.ts";
import { type DrawnExpression, drawExpression, matrixBound, symbolBound } from "../testing/draw-expression.ts";
import { attend } from "./attend.ts";
import { explainPlan } from "./explain.ts";
import { SparseNeighborhood } from "./neighborhood/sparse.ts";
import { defineScore, type ParameterRanks, parameterShape, type Score } from "./score/score.ts";

const ranks = {
  a: "vector",
  b: "vector",
  s: "scalar",
  t: "scalar",
  w: "matrix",
  u: "matrix",
} as const satisfies ParameterRanks;

function scoreOf({ root, edge }: DrawnExpression): Score {
  const score = () => root;
  return root.sides.has("edge")
    ? defineScore("drawn", { parameters: ranks, edge, score })
    : defineScore("drawn", { parameters: ranks, score });
}

/** A score with matrices, and the numbers that it is computed on. */
interface Example {
  readonly drawn: DrawnExpression;
  readonly score: Score;
  readonly neighborhood: SparseNeighborhood;
  readonly heads: number;
  readonly channels: number;
  readonly numbers: Readonly<Record<string, { readonly values: Float32Array; readonly shape: readonly number[] }>>;
}

function exampleOf(drawn: DrawnExpression, draw: Draw, channels: number): Example {
  const score = scoreOf(drawn);
  const heads = draw.integer(1, 4);
  const [receiverCount, senderCount, edges] = [draw.integer(1, 4), draw.integer(1, 4), draw.integer(1, 10)];
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
    value: [senderCount, heads, 2],
  };
  if (score.edge !== "none") shapes["edge"] = [edges, heads, ...(score.edge === "vector" ? [channels] : [])];
  for (const [name, rank] of Object.entries(ranks)) shapes[name] = parameterShape(rank, { heads, channels });
  const numbers = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const bound = name === "w" || name === "u" ? matrixBound : symbolBound;
      return [
        name,
        {
          shape,
          values: floats(
            random,
            shape.reduce((x, y) => x * y, 1),
            -bound,
            bound,
          ),
        },
      ];
    }),
  );
  return { drawn, score, neighborhood, heads, channels, numbers };
}

/** What a symbol, a matrix or the value is for one head of one element. */
function valueAt({ numbers, heads }: Example, name: string, element: number, head: number): Float64Array {
  const { values, shape } = numbers[name]!;
  const hasElements = !(name in ranks);
  const width = shape.slice(hasElements ? 2 : 1).reduce((x, y) => x * y, 1);
  const row = hasElements ? element * heads + head : head;
  return Float64Array.from(values.subarray(row * width, (row + 1) * width));
}

function bindingsAt(example: Example, position: number, head: number): Bindings {
  const { neighborhood, drawn, numbers } = example;
  const elements: Readonly<Record<string, number>> = {
    query: neighborhood.receiverOf[position]!,
    key: neighborhood.senderOf[position]!,
    edge: position,
  };
  const bound = Object.keys(numbers).map((name): [string, Value] => {
    const value = valueAt(example, name, elements[name] ?? 0, head);
    return [name, drawn.symbols[name]?.rank === "scalar" ? value[0]! : value];
  });
  return Object.fromEntries(bound);
}

/** Softmax over each row of the score's value at each edge, and the sum of values that it weights. */
function byDefinition(example: Example): Float64Array {
  const { neighborhood, drawn, heads, channels } = example;
  const { receivers, offsets, senderOf } = neighborhood;
  const output = new Float64Array(receivers * heads * 2);
  for (let i = 0; i < receivers; i++) {
    for (let h = 0; h < heads; h++) {
      const positions = Array.from({ length: offsets[i + 1]! - offsets[i]! }, (_, k) => offsets[i]! + k);
      const exponentials = positions.map((p) =>
        Math.exp(Number(evaluate(drawn.root, bindingsAt(example, p, h), channels))),
      );
      const total = exponentials.reduce((x, y) => x + y, 0);
      positions.forEach((p, k) => {
        const value = valueAt(example, "value", senderOf[p]!, h);
        for (const c of [0, 1]) output[(i * heads + h) * 2 + c]! += (exponentials[k]! / total) * value[c]!;
      });
    }
  }
  return output;
}

/** Output and gradients. */
function compute(example: Example, engine: Engine, path: "fused" | "segments"): Record<string, Float64Array> {
  const { score, neighborhood, numbers } = example;
  const leaves = Object.fromEntries(
    Object.entries(numbers).map(([name, { values, shape }]) => [name, parameter(values, shape, { engine })]),
  );
  const { query, key, value, edge, ...parameters } = leaves;
  const inputs = { query: query!, key: key!, value: value!, edge };
  const output = scope(() => {
    const options = { score, parameters };
    const out =
      path === "fused" ? attend(neighborhood, inputs, options) : attend.detailed(neighborhood, inputs, options).output;
    backward(unevenSum(out));
    return Float64Array.from(out.dataSync());
  });
  const gradients = Object.entries(leaves).map(([name, { grad, size }]) => [
    `gradient of ${name}`,
    Float64Array.from(grad?.dataSync() ?? new Float64Array(size)),
  ]);
  return { output, ...Object.fromEntries(gradients) };
}

/** Whether the compiler takes an expression, which has matrices and differs between the pairs of a row. */
function isCompiledWithMatrices(root: Expression): boolean {
  const differs = root.sides.has("key") || root.sides.has("edge");
  return differs && matricesOf(root).size > 0 && !("refused" in scoreForm(root));
}

describe("a matrix in a score", () => {
  const reference = createReferenceEngine();
  const wasm = createWasmEngine();

  it("means the same by definition, on tensors and in compiled kernels", () => {
    let compared = 0;
    for (let seed = 0; compared < 60; seed++) {
      const draw = seededDraw(seed);
      const channels = draw.integer(1, 5);
      const drawn = drawExpression(draw, channels);
      if (!isCompiledWithMatrices(drawn.root)) continue;
      const example = exampleOf(drawn, draw, channels);
      if (distanceOf(example) < 1e-3) continue;
      compared++;
      const { score, heads } = example;
      expect(explainPlan(score, { heads, channels, engine: wasm }).path).toBe("fused");
      const bySegments = compute(example, reference, "segments");
      const expected = { ...bySegments, output: byDefinition(example) };
      expect(largestError(bySegments["output"]!, expected.output), `seed ${seed}`).toBeLessThan(1e-10);
      const paths = [
        ["reference, fused", compute(example, reference, "fused"), 1e-10],
        ["wasm, fused", compute(example, wasm, "fused"), 2e-4],
        ["wasm, segments", compute(example, wasm, "segments"), 2e-4],
      ] as const;
      for (const [path, got, tolerance] of paths) {
        for (const [name, values] of Object.entries(expected)) {
          expect(largestError(got[name]!, values), `seed ${seed}, ${path}: ${name}`).toBeLessThan(tolerance);
        }
      }
    }
  });
});

/** How near an argument is to where a function or its slope jumps. */
function distanceOf(example: Example): number {
  const { neighborhood, heads, drawn, channels } = example;
  let least = Number.POSITIVE_INFINITY;
  for (let p = 0; p < neighborhood.edges; p++) {
    for (let h = 0; h < heads; h++)
      least = Math.min(least, distanceToKink(drawn.root, bindingsAt(example, p, h), channels));
  }
  return least;
}
