import {
  createWasmEngine,
  csrFromLists,
  type DenseMatrix,
  elu,
  type FeatureMatrix,
  Random,
  SparseTensor,
  type Tensor,
  tensor,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { AGNNConv } from "../layers/agnn.ts";
import { GATv2Conv } from "../layers/gatv2.ts";
import { SAGEConv } from "../layers/sage.ts";
import { GAT, type GATOptions } from "../models/gat.ts";
import { type InferenceProgress, inferInChunks } from "./infer-in-chunks.ts";

const inputs = 6;
const classes = 3;

function matrix(rows: number, columns: number, seed: number): DenseMatrix {
  const random = new Random(seed);
  return { kind: "dense", rows, columns, values: Float32Array.from({ length: rows * columns }, () => random.normal()) };
}

/** About `degree` edges a node, a hub, a self-loop, repeated edges, and an isolated node at the end. */
function randomGraph(nodes: number, degree: number) {
  const random = new Random(1);
  const pairs: [number, number][] = [[3, 3]];
  for (let node = 1; node + 1 < nodes; node += 2) pairs.push([node, 0]);
  for (let e = 0; e < nodes * degree; e++) pairs.push([random.integer(nodes - 1), random.integer(nodes - 1)]);
  pairs.push([1, 2], [1, 2]);
  return neighborhoodOfEdges(
    nodes,
    {
      sources: Uint32Array.from(pairs, ([source]) => source),
      targets: Uint32Array.from(pairs, ([, target]) => target),
    },
    { directed: true, coalesce: false },
  );
}

const nodes = 40;
const graph = randomGraph(nodes, 3);
const dense = matrix(nodes, inputs, 2);
const ofEdges = matrix(graph.edges, 2, 3);
const sparse = csrFromLists(
  Array.from({ length: nodes }, (_, node) => (node % 6 === 0 ? [] : [node % inputs, (5 * node + 2) % inputs])),
  inputs,
);
const engines = { reference: createReferenceEngine(), wasm: createWasmEngine() };

describe.each(["reference", "wasm"] as const)("inferInChunks on the %s engine", (name) => {
  const engine = engines[name];
  const onEngine = (features: FeatureMatrix): Tensor | SparseTensor =>
    features.kind === "csr"
      ? SparseTensor.from(features, { engine })
      : tensor(features.values, [features.rows, features.columns], { engine });

  const cases: Readonly<Record<string, Partial<GATOptions> & { readonly features?: FeatureMatrix }>> = {
    "a GAT": {},
    "a GAT of three layers of GATv2, with norms and residuals": {
      layer: "gatv2",
      layers: 3,
      normalize: true,
      residual: true,
    },
    "a GAT of one layer": { layers: 1 },
    "a GAT with features of edges": { edgeDim: 2 },
    "a GAT from sparse features": { features: sparse },
  };
  for (const [what, { features = dense, ...options }] of Object.entries(cases)) {
    it.each([1, 7, 1000])(`gives to the bit what ${what} gives at once: %s nodes a chunk`, async (chunkSize) => {
      const model = new GAT(inputs, classes, { random: new Random(4), engine, heads: 2, hidden: 8, ...options });
      const edgeFeatures = options.edgeDim === undefined ? undefined : ofEdges;
      const got = await inferInChunks(model, graph, features, { chunkSize, edgeFeatures });
      const whole = model.forward(onEngine(features), graph, {
        edgeFeatures: edgeFeatures && tensor(edgeFeatures.values, [graph.edges, 2], { engine }),
      });
      expect([got.rows, got.columns]).toEqual([nodes, classes]);
      expect(got.values).toEqual(whole.dataSync());
    });
  }

  it("gives to the bit what a list of layers gives at once", async () => {
    const random = new Random(5);
    const sage = new SAGEConv(inputs, 8, { random, engine, normalize: true });
    const last = new GATv2Conv(8, classes, { random, engine, addSelfLoops: false });
    const network = [{ forward: (...args: Parameters<SAGEConv["forward"]>) => elu(sage.forward(...args)) }, last];
    const got = await inferInChunks(network, graph, dense, { chunkSize: 9, engine });
    const whole = last.forward(elu(sage.forward(onEngine(dense), graph)), graph);
    expect(got.values).toEqual(whole.dataSync());
  });

  it("ends a chunk before it has more edges than it may, if a single node has no more", async () => {
    const layer = new SAGEConv(inputs, classes, { random: new Random(6), engine });
    const ends: number[] = [];
    const chunkEdges = 12;
    const got = await inferInChunks([layer], graph, dense, { chunkEdges, onProgress: ({ done }) => ends.push(done) });
    expect(got.values).toEqual(layer.forward(onEngine(dense), graph).dataSync());
    for (const [k, end] of ends.entries()) {
      const start = ends[k - 1] ?? 0;
      const edges = graph.offsets[end]! - graph.offsets[start]!;
      if (end > start + 1) expect(edges).toBeLessThanOrEqual(chunkEdges);
      if (end < nodes) expect(graph.offsets[end + 1]! - graph.offsets[start]!).toBeGreaterThan(chunkEdges);
    }
    // The hub is the first node, and alone.
    expect(ends[0]).toBe(1);
    expect(ends.at(-1)).toBe(nodes);
  });
});

describe("inferInChunks", () => {
  const engine = engines.reference;
  const model = new GAT(inputs, classes, { random: new Random(4), engine, heads: 2, hidden: 8 });

  it("says how far it has come", async () => {
    const told: InferenceProgress[] = [];
    await inferInChunks(model, graph, dense, { chunkSize: 25, onProgress: (progress) => told.push(progress) });
    expect(told.map(({ layer, layers, done, nodes }) => [layer, layers, done, nodes])).toEqual([
      [1, 2, 25, nodes],
      [1, 2, nodes, nodes],
      [2, 2, 25, nodes],
      [2, 2, nodes, nodes],
    ]);
    for (const { elapsedMilliseconds } of told) expect(elapsedMilliseconds).toBeGreaterThanOrEqual(0);
  });

  it("stops when it is aborted", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    let chunks = 0;
    const answer = inferInChunks(model, graph, dense, {
      chunkSize: 10,
      signal: controller.signal,
      onProgress: () => {
        chunks++;
        if (chunks === 2) controller.abort(reason);
      },
    });
    await expect(answer).rejects.toBe(reason);
    expect(chunks).toBe(2);
  });

  it("does not begin when it was aborted before", async () => {
    const signal = AbortSignal.abort(new Error("before"));
    let chunks = 0;
    const answer = inferInChunks(model, graph, dense, { signal, onProgress: () => chunks++ });
    await expect(answer).rejects.toThrow("before");
    expect(chunks).toBe(0);
  });

  it("takes memory for a chunk, however large the graph is, and gives it back", async () => {
    const peak = async (size: number): Promise<number> => {
      const wasm = createWasmEngine();
      const onWasm = new GAT(inputs, classes, { random: new Random(4), engine: wasm, heads: 2, hidden: 8 });
      const large = neighborhoodOfEdges(size, {
        sources: Uint32Array.from({ length: size }, (_, node) => node),
        targets: Uint32Array.from({ length: size }, (_, node) => (node + 1) % size),
      });
      const before = wasm.memory().bytes;
      await inferInChunks(onWasm, large, matrix(size, inputs, 1), { chunkSize: 100 });
      expect(wasm.memory().bytes).toBe(before);
      return wasm.memory().peakBytes;
    };
    const [small, large] = [await peak(1000), await peak(8000)];
    expect(large).toBeLessThan(1.1 * small);
  });

  it("leaves no gradients and records nothing", async () => {
    await inferInChunks(model, graph, dense, {});
    for (const parameter of model.parameters()) expect(parameter.grad).toBeUndefined();
  });

  it("takes a graph without nodes", async () => {
    const none = neighborhoodOfEdges(0, { sources: new Uint32Array(0), targets: new Uint32Array(0) });
    const { rows, values } = await inferInChunks(model, none, matrix(0, inputs, 1));
    expect([rows, values.length]).toEqual([0, 0]);
  });

  const rejections: Readonly<Record<string, readonly [() => Promise<unknown>, name: string, code: string]>> = {
    "an unknown option": [
      () => {
        const options: object = { batchSize: 3 };
        return inferInChunks(model, graph, dense, options);
      },
      "OptionError",
      "unknown-option",
    ],
    "chunks of no nodes": [() => inferInChunks(model, graph, dense, { chunkSize: 0 }), "OptionError", "out-of-range"],
    "chunks of no edges": [() => inferInChunks(model, graph, dense, { chunkEdges: 0 }), "OptionError", "out-of-range"],
    "a network without layers": [() => inferInChunks([], graph, dense), "OptionError", "out-of-range"],
    "features of fewer nodes": [() => inferInChunks(model, graph, matrix(7, inputs, 1)), "DataError", "wrong-length"],
    "features of fewer edges": [
      () => inferInChunks(model, graph, dense, { edgeFeatures: matrix(7, 2, 1) }),
      "DataError",
      "wrong-length",
    ],
    "features that are no numbers": [
      () => inferInChunks(model, graph, { ...dense, values: dense.values.map(() => Number.NaN) }),
      "DataError",
      "not-finite",
    ],
    "layers whose senders and receivers must be the same nodes": [
      () => inferInChunks([new AGNNConv(inputs, { engine })], graph, dense),
      "OptionError",
      "unexpected-input",
    ],
    "layers that do not answer for the receivers": [
      () => inferInChunks([{ forward: () => tensor([1, 2], [2, 1], { engine }) }], graph, dense),
      "ShapeError",
      "shapes-differ",
    ],
    "senders and receivers that are different nodes": [
      () => inferInChunks(model, randomGraph(nodes, 1).rows(0, 5), dense),
      "ShapeError",
      "shapes-differ",
    ],
  };
  it.each(Object.entries(rejections))("refuses %s", async (_, [call, name, code]) => {
    await expect(call()).rejects.toMatchObject({ name, code });
  });
});
