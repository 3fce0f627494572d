import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { attend } from "../../attention/attend.ts";
import { SparseNeighborhood } from "../../attention/neighborhood/sparse.ts";
import { additive } from "../../attention/score/additive.ts";
import { lateAdditive, lateAdditiveWithEdge } from "../../attention/score/late-additive.ts";
import { scaledDot } from "../../attention/score/scaled-dot.ts";
import { defineScore, type Score } from "../../attention/score/score.ts";
import { largestError } from "../../conformance/largest-error.ts";
import { Random } from "../../random.ts";
import { backward } from "../../tensor/backward.ts";
import { parameter, tensor } from "../../tensor/create.ts";
import { multiply } from "../../tensor/elementwise.ts";
import { scope } from "../../tensor/scope.ts";
import { sum } from "../../tensor/sum.ts";
import type { FloatBuffer } from "../buffers.ts";
import { engineProperties } from "../conformance.ts";
import type { Engine } from "../engine.ts";
import { createReferenceEngine } from "../reference/reference.ts";
import { PART } from "./row-pieces.ts";
import { setThreads, threads } from "./threads.ts";
import { createWasmEngine, WasmEngine } from "./wasm-engine.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** An engine that divides all work, with `count` threads at work. */
function engineWithThreads(count: number): WasmEngine {
  setThreads(count);
  const engine = new WasmEngine({ pool: { smallWork: 0 } });
  const numbers = engine.upload(new Float32Array(1000));
  while (engine.readyWorkers() < count - 1) engine.run("fill", { out: numbers, value: 1 });
  engine.free(numbers);
  return engine;
}

describe("setThreads", () => {
  it.each([0, -1, 1.5, Number.NaN, 65])("refuses %d", (count) => {
    expect(() => setThreads(count)).toThrowError(
      expect.objectContaining({ name: "OptionError", code: "invalid-threads" }),
    );
  });

  it("says what threads() answers", () => {
    setThreads(5);
    expect(threads()).toBe(5);
  });

  it("changes nothing where memory cannot be shared", () => {
    setThreads(5);
    vi.stubGlobal("crossOriginIsolated", false);
    expect(threads()).toBe(1);
    vi.unstubAllGlobals();
    vi.stubGlobal("SharedArrayBuffer", undefined);
    expect(threads()).toBe(1);
  });
});

describe.each([2, 3])("every kernel has the same bits with %d threads as with one", (count) => {
  let engine: WasmEngine;
  beforeAll(() => {
    engine = engineWithThreads(count);
  });
  const alone = createWasmEngine();
  // What is handed over is asked for when a property runs: the engine is not made before.
  const late = new Proxy<Engine>(alone, {
    get: (_, name) => {
      const member: unknown = Reflect.get(engine, name);
      return typeof member === "function" ? member.bind(engine) : member;
    },
  });
  for (const { name, check } of engineProperties(late, { tolerance: 0, reference: alone })) {
    it(name, () => {
      setThreads(count);
      fc.assert(
        fc.property(fc.gen(), (generate) => {
          check({ integer: (least, most) => generate(fc.integer, { min: least, max: most }) });
        }),
        { numRuns: 60 },
      );
    });
  }
});

/** A graph with a receiver and a sender that are hubs: far more edges than a part, and not a multiple of one. */
function hubGraph(nodes: number, edges: number, hubEdges: number, seed: number): SparseNeighborhood {
  const random = new Random(seed);
  const ends = (hub: number, first: number) =>
    Uint32Array.from({ length: edges }, (_, e) => (e >= first && e < first + hubEdges ? hub : random.integer(nodes)));
  return SparseNeighborhood.fromEdgeList({
    senders: ends(3, 0),
    receivers: ends(5, hubEdges),
    senderCount: nodes,
    receiverCount: nodes,
  });
}

/** The output of attention and every gradient, by name. */
function attention(
  engine: Engine,
  score: Score,
  edges: SparseNeighborhood,
  heads: number,
  channels: number,
): Record<string, ArrayLike<number>> {
  const random = new Random(7);
  const leaf = (...shape: number[]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return parameter(
      Float32Array.from({ length: size }, () => random.uniform(-1, 1)),
      shape,
      { engine },
    );
  };
  const inputs = {
    query: leaf(edges.receivers, heads, channels),
    key: leaf(edges.senders, heads, channels),
    value: leaf(edges.senders, heads, channels),
    ...(score.edge === "vector" && { edge: leaf(edges.edges, heads, channels) }),
  };
  const parameters = Object.fromEntries(
    Object.entries(score.parameters).map(([name, rank]) => [
      name,
      rank === "vector" ? leaf(heads, channels) : leaf(heads),
    ]),
  );
  const output = scope(() => {
    const out = attend(edges, inputs, { score, parameters, dropout: 0.25, seed: 3 });
    const weights = Float32Array.from({ length: out.size }, () => random.uniform(-1, 1));
    backward(sum(multiply(out, tensor(weights, out.shape, { engine }))));
    return out.dataSync();
  });
  const gradients = Object.entries({ ...inputs, ...parameters }).map(([name, { grad }]) => [name, grad!.dataSync()]);
  return { output, ...Object.fromEntries(gradients) };
}

const mechanisms: readonly (readonly [score: Score, heads: number, channels: number])[] = [
  [additive(), 8, 4],
  [additive(), 1, 7],
  [lateAdditive(), 4, 3],
  [lateAdditiveWithEdge(), 2, 3],
  [scaledDot(), 3, 5],
];

describe("compiled attention over a graph with hubs", () => {
  const edges = hubGraph(100, 2 * PART + 2000, PART + 77, 11);

  it.each(mechanisms)("$0.name, $1 heads x $2: has the same bits with 1, 2 and 3 threads", (score, heads, channels) => {
    setThreads(1);
    const expected = attention(new WasmEngine({ pool: { smallWork: 0 } }), score, edges, heads, channels);
    for (const count of [2, 3]) {
      expect(attention(engineWithThreads(count), score, edges, heads, channels)).toEqual(expected);
    }
  });

  it.each(mechanisms)("$0.name, $1 heads x $2: agrees with the reference engine", (score, heads, channels) => {
    setThreads(2);
    const expected = attention(createReferenceEngine(), score, edges, heads, channels);
    const got = attention(createWasmEngine(), score, edges, heads, channels);
    const largest = (values: ArrayLike<number>) =>
      Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (const [name, values] of Object.entries(expected)) {
      const difference = Array.from(values, (value, k) => value - got[name]![k]!);
      expect(largest(difference) / largest(values), name).toBeLessThan(1e-5);
    }
  });
});

describe("attention where all logits of a part of a hub are -Infinity", () => {
  it("is attention over the others", () => {
    const edges = hubGraph(100, 2 * PART + 2000, PART + 77, 11);
    const score = defineScore("masked", {
      parameters: {},
      edge: "scalar",
      score: ({ query, key, edge }) => query.dot(key).add(edge),
    });
    const hidden = Float32Array.from({ length: edges.edges }, (_, p) => {
      const within = p - edges.offsets[5]!;
      return within >= 0 && within < PART ? Number.NEGATIVE_INFINITY : 0;
    });
    const output = (engine: Engine) => {
      const random = new Random(4);
      const numbers = Float32Array.from({ length: 100 * 6 }, () => random.uniform(-1, 1));
      const x = tensor(numbers, [100, 2, 3], { engine });
      return attend(
        edges,
        { query: x, key: x, value: x, edge: tensor(repeated(hidden), [edges.edges, 2], { engine }) },
        { score, parameters: {} },
      ).dataSync();
    };
    const repeated = (values: Float32Array) =>
      Float32Array.from({ length: 2 * values.length }, (_, k) => values[k >> 1]!);
    expect(largestError(output(createWasmEngine()), output(createReferenceEngine()))).toBeLessThan(1e-5);
  });
});

/** Large work that is divided in its own way: results of many numbers each, and hubs. */
const largeWork: readonly { readonly name: string; readonly run: (engine: Engine) => Float32Array | Float64Array }[] = [
  ...(["sum", "max"] as const).flatMap((operation) =>
    [1, 3].map((inner) => ({
      name: `reduce: the ${operation} of 20,000 rows of ${inner}`,
      run: (engine: Engine) => {
        const out = engine.allocate(inner);
        engine.run("reduce", {
          operation,
          x: engine.upload(numbers(20_000 * inner)),
          out,
          outer: 1,
          length: 20_000,
          inner,
        });
        return result(engine, out);
      },
    })),
  ),
  {
    name: "matmul: the gradient of weights over 10,000 elements",
    run: (engine) => {
      const [m, k, n] = [5, 10_000, 7];
      const out = engine.allocate(m * n);
      const [a, b] = [engine.upload(numbers(m * k)), engine.upload(numbers(k * n))];
      engine.run("matmul", { a, b, out, batch: 1, m, k, n, transposeA: true, transposeB: false });
      return result(engine, out);
    },
  },
  ...[true, false].map((isWeighted) => ({
    name: `sparseMatmul: a hub, ${isWeighted ? "with" : "without"} values`,
    run: (engine: Engine) => {
      const { offsets, senderOf, edges } = hubs();
      const out = engine.allocate(100 * 5);
      engine.run("sparseMatmul", {
        offsets: engine.uploadIndices(offsets),
        indices: engine.uploadIndices(senderOf),
        values: isWeighted ? engine.upload(numbers(edges)) : null,
        permutation: null,
        dense: engine.upload(numbers(100 * 5)),
        out,
        width: 5,
      });
      return result(engine, out);
    },
  })),
  {
    name: "segmentSum: a hub, through a permutation",
    run: (engine) => {
      const { transposed, edges } = hubs();
      const out = engine.allocate(100 * 3);
      const [offsets, permutation] = [transposed.offsets, transposed.permutation].map((indices) =>
        engine.uploadIndices(indices),
      );
      engine.run("segmentSum", {
        x: engine.upload(numbers(edges * 3)),
        offsets: offsets!,
        permutation: permutation!,
        out,
        width: 3,
      });
      return result(engine, out);
    },
  },
  ...[1, 3].flatMap((heads) =>
    (["softmax", "entmax", "sparsemax", "hardmax"] as const).map((normalizer) => ({
      name: `${normalizer} of hubs, and its gradient: ${heads} heads`,
      run: (engine: Engine) => {
        const { offsets: starts, edges } = hubs();
        const offsets = engine.uploadIndices(starts);
        const [logits, gradient] = [numbers(edges * heads), numbers(edges * heads + 1).subarray(1)].map((values) =>
          engine.upload(values),
        );
        const [weights, out] = [engine.allocate(edges * heads), engine.allocate(edges * heads)];
        const forward = { logits: logits!, offsets, out: weights, heads };
        const backward = { weights, gradient: gradient!, offsets, out, heads };
        if (normalizer === "softmax") {
          engine.run("segmentSoftmax", forward);
          engine.run("segmentSoftmaxGradient", backward);
        } else if (normalizer === "hardmax") {
          engine.run("segmentHardmax", forward);
        } else {
          const alpha = normalizer === "entmax" ? 1.5 : 2;
          engine.run("segmentEntmax", { ...forward, alpha });
          engine.run("segmentEntmaxGradient", { ...backward, alpha });
        }
        return Float64Array.of(...result(engine, weights), ...result(engine, out));
      },
    })),
  ),
  {
    name: "edgeWeightedSum: a hub",
    run: (engine) => {
      const { offsets, senderOf, edges } = hubs();
      const out = engine.allocate(100 * 6);
      engine.run("edgeWeightedSum", {
        weights: engine.upload(numbers(edges * 2)),
        offsets: engine.uploadIndices(offsets),
        columns: engine.uploadIndices(senderOf),
        permutation: null,
        values: engine.upload(numbers(100 * 6)),
        out,
        heads: 2,
        channels: 3,
      });
      return result(engine, out);
    },
  },
];

function numbers(length: number): Float32Array {
  const random = new Random(length);
  return Float32Array.from({ length }, () => random.uniform(-1, 1));
}

function hubs(): SparseNeighborhood {
  return hubGraph(100, 2 * PART + 2000, PART + 77, 11);
}

function result(engine: Engine, out: FloatBuffer): Float32Array | Float64Array {
  return engine.readSync(out);
}

describe("large work that is divided in its own way", () => {
  it.each(largeWork)("$name: has the same bits with 1, 2 and 3 threads", ({ run }) => {
    setThreads(1);
    const expected = run(new WasmEngine({ pool: { smallWork: 0 } }));
    for (const count of [2, 3]) expect(run(engineWithThreads(count))).toEqual(expected);
  });

  it.each(largeWork)("$name: agrees with the reference engine", ({ run }) => {
    expect(largestError(run(createWasmEngine()), run(createReferenceEngine()))).toBeLessThan(1e-5);
  });
});
