import {
  backward,
  createWasmEngine,
  crossEntropy,
  csrFromLists,
  type DenseMatrix,
  type FeatureMatrix,
  gatherRows,
  Random,
  SparseTensor,
  scope,
  type Tensor,
  tensor,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import type { AttentionLayerName } from "../models/attention-layer-by-name.ts";
import { GAT } from "../models/gat.ts";
import { GraphTransformer, type GraphTransformerOptions } from "../models/graph-transformer.ts";
import { attentionInChunks } from "./attention-in-chunks.ts";
import { forwardSample } from "./forward-sample.ts";
import { inferInChunks } from "./infer-in-chunks.ts";
import { neighborSampler } from "./neighbor-sampler.ts";

const nodes = 40;
const inputs = 6;
const classes = 3;

/** Directed, with a hub (node 0), self-loops, repeated edges and an isolated node at the end. */
function randomGraph() {
  const random = new Random(1);
  const pairs: [number, number][] = [
    [3, 3],
    [5, 5],
    [5, 5],
  ];
  for (let node = 1; node + 1 < nodes; node += 2) pairs.push([node, 0]);
  for (let e = 0; e < 120; e++) pairs.push([random.integer(nodes - 1), random.integer(nodes - 1)]);
  pairs.push([1, 2], [1, 2]);
  const ends = { sources: Uint32Array.from(pairs, ([a]) => a), targets: Uint32Array.from(pairs, ([, b]) => b) };
  return neighborhoodOfEdges(nodes, ends, { directed: true, coalesce: false });
}

function matrix(rows: number, columns: number, seed: number): DenseMatrix {
  const random = new Random(seed);
  return { kind: "dense", rows, columns, values: Float32Array.from({ length: rows * columns }, () => random.normal()) };
}

const graph = randomGraph();
const dense = matrix(nodes, inputs, 2);
const ofEdges = matrix(graph.edges, 2, 3);
const sparse = csrFromLists(
  Array.from({ length: nodes }, (_, node) => (node % 6 === 0 ? [] : [node % inputs, (5 * node + 2) % inputs])),
  inputs,
);
const seeds = Uint32Array.of(17, 0, 39, 1, 5, 2);
const engines = { reference: createReferenceEngine(), wasm: createWasmEngine() };

describe.each(["reference", "wasm"] as const)("GraphTransformer in parts, on the %s engine", (name) => {
  const engine = engines[name];
  const tolerance = name === "reference" ? 1e-12 : 1e-5;
  const onEngine = (features: FeatureMatrix): Tensor | SparseTensor =>
    features.kind === "csr"
      ? SparseTensor.from(features, { engine })
      : tensor(features.values, [features.rows, features.columns], { engine });

  const cases: Readonly<Record<string, Partial<GraphTransformerOptions> & { readonly features?: FeatureMatrix }>> = {
    "two blocks": {},
    "one block": { layers: 1 },
    "three blocks of GATv2": { layers: 3, layer: "gatv2" },
    "blocks of transformer layers, which add no self-loops": { layer: "transformer" },
    "features of edges": { edgeDim: 2 },
    "sparse features": { features: sparse },
  };
  for (const [what, { features = dense, ...options }] of Object.entries(cases)) {
    const model = new GraphTransformer(inputs, classes, {
      random: new Random(4),
      engine,
      layers: 2,
      heads: 2,
      hidden: 8,
      dropout: 0,
      ...options,
    });
    const edgeFeatures = options.edgeDim === undefined ? undefined : ofEdges;
    const whole = (): Tensor =>
      model.forward(onEngine(features), graph, {
        edgeFeatures: edgeFeatures && tensor(edgeFeatures.values, [graph.edges, 2], { engine }),
      });

    it.each([1, 7, 1000])(`infers to the bit what it gives at once: ${what}, %s nodes a chunk`, async (chunkSize) => {
      const got = await inferInChunks(model, graph, features, { chunkSize, edgeFeatures });
      expect([got.rows, got.columns]).toEqual([nodes, classes]);
      expect(got.values).toEqual(whole().dataSync());
    });

    it(`gives outputs and gradients of the whole graph from samples of all neighbors: ${what}`, () => {
      const sample = neighborSampler(graph, { fanOut: model.blocks.map(() => -1) }).sample(seeds);
      const targets = Int32Array.from(seeds, (node) => node % classes);
      const gradients = (logits: () => Tensor): Map<string, ArrayLike<number>> => {
        for (const parameter of model.parameters()) parameter.grad = undefined;
        return scope(() => {
          const outputs = logits();
          backward(crossEntropy(outputs, targets));
          const found = [...model.namedParameters()].map(([path, { grad }]) => [path, grad?.dataSync() ?? []] as const);
          return new Map<string, ArrayLike<number>>([["output", outputs.dataSync()], ...found]);
        });
      };
      const expected = gradients(() => gatherRows(whole(), seeds));
      const got = gradients(() => forwardSample(model, sample, { features, edgeFeatures }));
      for (const [path, values] of expected) {
        for (const [k, value] of Array.from(values).entries()) {
          expect(Math.abs(got.get(path)![k]! - value), path).toBeLessThan(tolerance);
        }
      }
    });
  }

  it("drops the same as on the whole graph where all nodes are seeds", () => {
    const all = Uint32Array.from({ length: nodes }, (_, node) => node);
    for (const model of [
      new GAT(inputs, classes, { random: new Random(3), engine, heads: 2, hidden: 8, dropout: 0.4 }),
      new GraphTransformer(inputs, classes, {
        random: new Random(3),
        engine,
        layers: 2,
        heads: 2,
        hidden: 8,
        dropout: 0.4,
      }),
    ]) {
      const sample = neighborSampler(graph, { fanOut: [-1, -1] }).sample(all);
      const training = () => ({ random: new Random(11) });
      const whole = model.forward(onEngine(dense), graph, { training: training() }).dataSync();
      const got = forwardSample(model, sample, { features: dense, training: training() }).dataSync();
      for (const [k, value] of whole.entries()) expect(Math.abs(got[k]! - value)).toBeLessThan(tolerance);
    }
  });
});

describe("attentionInChunks", () => {
  const engine = engines.reference;
  const models = {
    "a GAT": (layer: AttentionLayerName) =>
      new GAT(inputs, classes, { random: new Random(5), engine, heads: 2, hidden: 8, outputHeads: 3, layer }),
    "a graph transformer": (layer: AttentionLayerName) =>
      new GraphTransformer(inputs, classes, { random: new Random(5), engine, heads: 2, hidden: 8, layer }),
  };
  for (const [what, modelOf] of Object.entries(models)) {
    it.each<[AttentionLayerName, number]>([
      ["gat", 1],
      ["gat", 9],
      ["gatv2", 1000],
      ["transformer", 9],
    ])(`gives to the bit the attention of the last layer of ${what}: %s, %s nodes a chunk`, (layer, chunkSize) => {
      const model = modelOf(layer);
      const x = tensor(dense.values, [nodes, inputs], { engine });
      const expected = model.detailed(x, graph).attention;
      const chunks = { chunkSize, chunkEdges: 10_000 };
      const got = attentionInChunks(model, dense, { neighborhood: graph, edgeFeatures: undefined, engine, ...chunks });
      expect(got.neighborhood.offsets).toEqual(expected.neighborhood.offsets);
      expect(got.neighborhood.senderOf).toEqual(expected.neighborhood.senderOf);
      expect(got.edgeOf).toEqual(expected.edgeOf);
      expect(got.heads).toBe(expected.weights.shape[1]);
      expect(got.weights).toEqual(expected.weights.dataSync());
    });
  }

  it("takes a graph without nodes", () => {
    const none = neighborhoodOfEdges(0, { sources: new Uint32Array(0), targets: new Uint32Array(0) });
    const chunks = { chunkSize: 4, chunkEdges: 4, engine, edgeFeatures: undefined };
    const got = attentionInChunks(models["a GAT"]("gat"), matrix(0, inputs, 1), { neighborhood: none, ...chunks });
    expect(got.weights).toHaveLength(0);
    expect(got.neighborhood.receivers).toBe(0);
  });
});
