import {
  adam,
  backward,
  createWasmEngine,
  crossEntropy,
  csrFromLists,
  type DenseMatrix,
  type Engine,
  type FeatureMatrix,
  gatherRows,
  Module,
  Random,
  relu,
  SparseTensor,
  scope,
  type Tensor,
  tensor,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { AGNNConv } from "../layers/agnn.ts";
import { GATConv } from "../layers/gat.ts";
import { GATv2Conv } from "../layers/gatv2.ts";
import type { LayerContext } from "../layers/graph-layer.ts";
import { SAGEConv } from "../layers/sage.ts";
import { GAT, type GATOptions } from "../models/gat.ts";
import { forwardSample } from "./forward-sample.ts";
import { neighborSampler } from "./neighbor-sampler.ts";
import type { NetworkLayer } from "./network-layers.ts";

const nodes = 30;
const inputs = 5;
const classes = 3;
const edgeWidth = 2;

/** A directed graph with a hub (node 0), repeated edges, self-loops (1, 2) and isolated nodes (27 to 29). */
function randomGraph() {
  const random = new Random(5);
  const pairs: [number, number][] = [
    [1, 1],
    [2, 2],
    [2, 2],
  ];
  for (let e = 0; e < 60; e++) pairs.push([random.integer(27), random.integer(27)]);
  for (let sender = 3; sender < 20; sender++) pairs.push([sender, 0]);
  pairs.push([4, 5], [4, 5]);
  return neighborhoodOfEdges(
    nodes,
    {
      sources: Uint32Array.from(pairs, ([source]) => source),
      targets: Uint32Array.from(pairs, ([, target]) => target),
    },
    { directed: true, coalesce: false },
  );
}

const graph = randomGraph();
const seeds = Uint32Array.of(17, 0, 28, 1, 5, 2);
const everyNode = Uint32Array.from({ length: nodes }, (_, node) => node);

function matrix(rows: number, columns: number, seed: number): DenseMatrix {
  const random = new Random(seed);
  return { kind: "dense", rows, columns, values: Float32Array.from({ length: rows * columns }, () => random.normal()) };
}

const dense = matrix(nodes, inputs, 1);
const ofEdges = matrix(graph.edges, edgeWidth, 2);
const sparse = csrFromLists(
  Array.from({ length: nodes }, (_, node) => (node % 7 === 0 ? [] : [node % inputs, (node * 3 + 1) % inputs])),
  inputs,
);

const engines = { reference: createReferenceEngine(), wasm: createWasmEngine() };
const tolerance = { reference: 1e-12, wasm: 1e-5 };

const onEngine = (features: FeatureMatrix, engine: Engine): Tensor | SparseTensor =>
  features.kind === "csr"
    ? SparseTensor.from(features, { engine })
    : tensor(features.values, [features.rows, features.columns], { engine });

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, within: number): void {
  expect(got.length).toBe(expected.length);
  for (let k = 0; k < got.length; k++) expect(Math.abs(got[k]! - expected[k]!)).toBeLessThanOrEqual(within);
}

function rowsOf(values: ArrayLike<number>, columns: number, rows: Uint32Array): number[] {
  return Array.from(rows).flatMap((row) => Array.from({ length: columns }, (_, c) => values[row * columns + c]!));
}

describe.each(["reference", "wasm"] as const)("forwardSample with all neighbors, on the %s engine", (name) => {
  const engine = engines[name];
  const all = (layers: number) => neighborSampler(graph, { fanOut: new Array<number>(layers).fill(-1) }).sample(seeds);
  const cases: Readonly<Record<string, Partial<GATOptions> & { readonly features?: FeatureMatrix }>> = {
    "of two layers": {},
    "of GATv2": { layer: "gatv2" },
    "of one layer": { layers: 1 },
    "of three layers, with norms and residuals": { layers: 3, normalize: true, residual: true },
    "with features of edges": { edgeDim: edgeWidth },
    "from sparse features": { features: sparse },
  };
  for (const [what, { features = dense, ...options }] of Object.entries(cases)) {
    const model = new GAT(inputs, classes, {
      random: new Random(3),
      engine,
      heads: 2,
      hidden: 8,
      dropout: 0,
      ...options,
    });
    const edgeFeatures = options.edgeDim === undefined ? undefined : ofEdges;
    const wholeLogits = (): Tensor =>
      model.forward(onEngine(features, engine), graph, {
        edgeFeatures: edgeFeatures && tensor(edgeFeatures.values, [graph.edges, edgeWidth], { engine }),
      });

    it(`gives what a GAT ${what} gives on the whole graph`, () => {
      const got = forwardSample(model, all(model.layers.length), { features, edgeFeatures });
      expect(got.shape).toEqual([seeds.length, classes]);
      expectClose(got.dataSync(), rowsOf(wholeLogits().dataSync(), classes, seeds), tolerance[name]);
    });

    it(`gives the gradients of a GAT ${what} on the whole graph`, () => {
      const targets = Int32Array.from(seeds, (node) => node % classes);
      const gradients = (logits: () => Tensor): Map<string, ArrayLike<number>> => {
        for (const parameter of model.parameters()) parameter.grad = undefined;
        scope(() => backward(crossEntropy(logits(), targets)));
        return new Map([...model.namedParameters()].map(([path, { grad }]) => [path, grad?.dataSync() ?? []]));
      };
      const whole = gradients(() => gatherRows(wholeLogits(), seeds));
      const sampled = gradients(() => forwardSample(model, all(model.layers.length), { features, edgeFeatures }));
      expect(whole.size).toBeGreaterThan(0);
      for (const [path, gradient] of whole) expectClose(sampled.get(path)!, gradient, tolerance[name]);
    });
  }

  it("drops the same as on the whole graph where all nodes are seeds", () => {
    for (const features of [dense, sparse]) {
      const model = new GAT(inputs, classes, { random: new Random(3), engine, heads: 2, hidden: 8 });
      const sample = neighborSampler(graph, { fanOut: [-1, -1] }).sample(everyNode);
      const training = () => ({ random: new Random(11) });
      const whole = model.forward(onEngine(features, engine), graph, { training: training() });
      const got = forwardSample(model, sample, { features, training: training() });
      expectClose(got.dataSync(), whole.dataSync(), tolerance[name]);
      const still = forwardSample(model, sample, { features });
      expect([...still.dataSync()]).not.toEqual([...got.dataSync()]);
    }
  });

  it("gives what a list of layers gives, with activations between them", () => {
    const random = new Random(6);
    const sage = new SAGEConv(inputs, 6, { random, engine });
    const gat = new GATConv(6, classes, { random, engine, addSelfLoops: false });
    const network: NetworkLayer[] = [
      { forward: (x, neighborhood, context) => relu(sage.forward(x, neighborhood, context)) },
      gat,
    ];
    const got = forwardSample(network, all(2), { features: dense, engine });
    const whole = gat.forward(relu(sage.forward(onEngine(dense, engine), graph)), graph);
    expectClose(got.dataSync(), rowsOf(whole.dataSync(), classes, seeds), tolerance[name]);
  });

  it("gives what a model gives that takes one neighborhood among all nodes", () => {
    /** Its layers refuse senders and receivers that differ. */
    class Twice extends Module {
      readonly first = new AGNNConv(inputs, { engine });
      readonly second = new AGNNConv(inputs, { engine });
      forward(x: Tensor | SparseTensor, neighborhood: typeof graph, context?: LayerContext): Tensor {
        return this.second.forward(this.first.forward(x, neighborhood, context), neighborhood, context);
      }
      detailed(x: Tensor | SparseTensor, neighborhood: typeof graph, context?: LayerContext) {
        return this.second.detailed(this.first.forward(x, neighborhood, context), neighborhood, context);
      }
    }
    const model = new Twice();
    const got = forwardSample(model, all(2), { features: dense });
    const whole = model.forward(onEngine(dense, engine), graph);
    expectClose(got.dataSync(), rowsOf(whole.dataSync(), inputs, seeds), tolerance[name]);
  });

  it("passes gradients on to features that are a tensor", () => {
    const model = new GAT(inputs, classes, { random: new Random(3), engine, heads: 2, hidden: 8, dropout: 0 });
    const gradient = (logits: (x: Tensor) => Tensor): ArrayLike<number> => {
      const x = tensor(dense.values, [nodes, inputs], { engine, requiresGrad: true });
      return scope(() => {
        backward(
          crossEntropy(
            logits(x),
            Int32Array.from(seeds, (node) => node % classes),
          ),
        );
        return x.grad?.dataSync() ?? [];
      });
    };
    const whole = gradient((x) => gatherRows(model.forward(x, graph), seeds));
    expect(whole.length).toBe(nodes * inputs);
    expectClose(
      gradient((features) => forwardSample(model, all(2), { features })),
      whole,
      tolerance[name],
    );
  });
});

describe("forwardSample with a fan-out", () => {
  it.each([false, true])("computes each layer from the edges that were drawn: replace %s", (replace) => {
    const engine = engines.reference;
    const random = new Random(8);
    const layers = [new SAGEConv(inputs, 4, { random, engine }), new SAGEConv(4, classes, { random, engine })];
    const sample = neighborSampler(graph, { fanOut: [3, 2], replace, random: new Random(1) }).sample(seeds);
    const drawn = new Map<number, number[]>();
    for (const e of sample.edges) {
      const position = graph.edgeOf.indexOf(e);
      const receiver = graph.receiverOf[position]!;
      drawn.set(receiver, [...(drawn.get(receiver) ?? []), graph.senderOf[position]!]);
    }
    // Recursively, node by node, as GraphSAGE is written down.
    const output = (node: number, depth: number): Matrix => {
      if (depth === 0)
        return Matrix.columnVector(Array.from({ length: inputs }, (_, c) => dense.values[node * inputs + c]!));
      const { linearLeft, linearRight } = layers[depth - 1]!;
      const senders = drawn.get(node) ?? [];
      let mean = Matrix.zeros(linearLeft.inputs, 1);
      for (const sender of senders) mean = mean.add(output(sender, depth - 1)).clone();
      if (senders.length > 0) mean.div(senders.length);
      return linearLeft.weight
        .toMatrix()
        .mmul(mean)
        .add(Matrix.columnVector(Array.from(linearLeft.bias!.dataSync())))
        .add(linearRight!.weight.toMatrix().mmul(output(node, depth - 1)));
    };
    const got = forwardSample(layers, sample, { features: dense });
    expectClose(
      got.dataSync(),
      Array.from(seeds).flatMap((node) => output(node, 2).to1DArray()),
      1e-12,
    );
  });

  it("lets attention be read on the edges of the graph", () => {
    const engine = engines.reference;
    const layer = new GATv2Conv(inputs, 2, { random: new Random(2), engine, heads: 2 });
    const sample = neighborSampler(graph, { fanOut: [4], random: new Random(3) }).sample(seeds);
    const [neighborhood] = sample.layers;
    const x = tensor(dense.values, [nodes, inputs], { engine });
    const { attention } = layer.detailed([gatherRows(x, sample.nodes), gatherRows(x, seeds)], neighborhood!);
    let loops = 0;
    for (const [p, e] of attention.edgeOf.entries()) {
      const { senderOf, receiverOf } = attention.neighborhood;
      const ends = [sample.nodes[senderOf[p]!], sample.nodes[receiverOf[p]!]];
      if (e < 0) {
        loops++;
        expect(ends[0]).toBe(ends[1]);
      } else {
        const position = graph.edgeOf.indexOf(sample.edges[e]!);
        expect(ends).toEqual([graph.senderOf[position], graph.receiverOf[position]]);
      }
    }
    expect(loops).toBeGreaterThan(0);
    expect(attention.weights.shape[0]).toBe(attention.edgeOf.length);
  });
});

describe("forwardSample", () => {
  const engine = engines.reference;
  const model = new GAT(inputs, classes, { random: new Random(3), engine, heads: 2, hidden: 8, dropout: 0 });

  it("refuses a network of more or fewer layers than the sample has hops", () => {
    const sample = neighborSampler(graph, { fanOut: [2, 2, 2] }).sample(seeds);
    expect(() => forwardSample(model, sample, { features: dense })).toThrow(
      expect.objectContaining({
        name: "ShapeError",
        code: "shapes-differ",
        message: expect.stringContaining("2 layers"),
      }),
    );
  });

  it("refuses a network without layers, an unknown input, and features without a row for each node", () => {
    const sample = neighborSampler(graph, { fanOut: [2, 2] }).sample(seeds);
    expect(() => forwardSample([], sample, { features: dense })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
    );
    const misspelt = { features: dense, edges: ofEdges };
    expect(() => forwardSample(model, sample, misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
    expect(() => forwardSample(model, sample, { features: matrix(10, inputs, 1) })).toThrow(
      expect.objectContaining({ name: "DataError", code: "index-out-of-range" }),
    );
  });

  it("frees all memory that a step took", () => {
    const wasm = createWasmEngine();
    const onWasm = new GAT(inputs, classes, { random: new Random(3), engine: wasm, heads: 2, hidden: 8 });
    const withValues = { ...sparse, values: new Float32Array(sparse.indices.length).fill(0.5) };
    const sampler = neighborSampler(graph, { fanOut: [2, 2] });
    const optimizer = adam(onWasm.parameters());
    const step = (): number => {
      scope(() => {
        optimizer.zeroGradients();
        const training = { random: new Random(1) };
        const logits = forwardSample(onWasm, sampler.sample(seeds), { features: withValues, training });
        backward(crossEntropy(logits, new Int32Array(seeds.length)));
        optimizer.step();
      });
      return wasm.memory().bytes;
    };
    const first = step();
    for (let k = 0; k < 5; k++) expect(step()).toBe(first);
  });
});
