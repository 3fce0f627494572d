import { backward, createWasmEngine, type Engine, type Module, Random, scope, type Tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import { edges, exampleGraphs, graphOf, nodeCount, oneGraph, sizes } from "../testing/graph-inputs.ts";
import { edgeDim, neighborhoodOf, numbers, reference, width } from "../testing/layer-examples.ts";
import { expectSame, rowsIn } from "../testing/readout-examples.ts";
import { AttentiveFP } from "./attentive-fp.ts";
import { GIN } from "./gin.ts";
import { GraphGPS } from "./graph-gps.ts";
import type { GraphModel } from "./graph-model.ts";
import { GraphNetwork } from "./graph-network.ts";

const outputs = 2;

/** A model, and what its tests need to know of it. */
interface Example {
  readonly make: (options: {
    readonly engine?: Engine;
    readonly seed?: number;
    readonly dropout?: number;
  }) => GraphModel & Module;
  readonly hasEdgeFeatures: boolean;
  /** Whether a batch of nodes is normalized while training, so that one node is too few. */
  readonly normalizesBatch: boolean;
  /** Whether the nodes of a graph must follow one another. */
  readonly needsOrder: boolean;
  /** Heads of the attention to nodes; 0 where the read-out does not attend. */
  readonly nodeHeads: number;
  readonly attendsToEdges: boolean;
}

type Made = Parameters<Example["make"]>[0];

const drawn = ({ engine = reference, seed = 1, dropout = 0 }: Made) => ({ random: new Random(seed), engine, dropout });
const plain = { hasEdgeFeatures: false, normalizesBatch: false, needsOrder: false, nodeHeads: 0, attendsToEdges: true };

const examples: Readonly<Record<string, Example>> = {
  AttentiveFP: {
    ...plain,
    ...{ hasEdgeFeatures: true, nodeHeads: 1 },
    make: (m) => new AttentiveFP(width, outputs, { ...drawn(m), hidden: 4, edgeDim }),
  },
  "AttentiveFP of one layer and three steps, without edge features": {
    ...plain,
    nodeHeads: 1,
    make: (m) => new AttentiveFP(width, outputs, { ...drawn(m), hidden: 4, layers: 1, steps: 3 }),
  },
  GraphNetwork: {
    ...plain,
    normalizesBatch: true,
    make: (m) => new GraphNetwork(width, outputs, { ...drawn(m), layers: 2, heads: 2, hidden: 4 }),
  },
  "GraphNetwork of GATs over edge features, every layer read out by attention": {
    ...plain,
    ...{ hasEdgeFeatures: true, nodeHeads: 1 },
    make: (m) =>
      new GraphNetwork(width, outputs, {
        ...{ ...drawn(m), layer: "gat", layers: 2, heads: 2, hidden: 4, edgeDim },
        ...{ norm: "layer", activation: "elu", jumping: "sum", readout: "attention", residual: true, headLayers: 1 },
      }),
  },
  "GraphNetwork of transformers without norm, read out by Set2Set": {
    ...plain,
    nodeHeads: 3,
    make: (m) =>
      new GraphNetwork(width, outputs, {
        ...{ ...drawn(m), layer: "transformer", layers: 1, heads: 1, hidden: 4 },
        ...{ norm: "none", activation: "gelu", readout: "set2set" },
      }),
  },
  GIN: {
    ...plain,
    ...{ normalizesBatch: true, attendsToEdges: false },
    make: (m) => new GIN(width, outputs, { ...drawn(m), layers: 2, hidden: 4 }),
  },
  "GIN over edge features, eps learned, read out by multi-head attention": {
    ...plain,
    ...{ hasEdgeFeatures: true, normalizesBatch: true, attendsToEdges: false, nodeHeads: 1 },
    make: (m) =>
      new GIN(width, outputs, {
        ...drawn(m),
        ...{ layers: 1, hidden: 4, edgeDim, trainEps: true, readout: "multiHead" },
      }),
  },
  GraphGPS: {
    ...plain,
    ...{ hasEdgeFeatures: true, normalizesBatch: true, needsOrder: true },
    make: (m) => new GraphGPS(width, outputs, { ...drawn(m), layers: 1, heads: 2, hidden: 4, edgeDim }),
  },
  "GraphGPS beside GATv2, layer norm, read out by attention": {
    ...plain,
    ...{ needsOrder: true, nodeHeads: 1 },
    make: (m) =>
      new GraphGPS(width, outputs, {
        ...{ ...drawn(m), layers: 2, heads: 2, hidden: 4, layer: "gatv2" },
        ...{ norm: "layer", readout: "attention" },
      }),
  },
};

/** Other orders of the nodes: within each graph, and of all. */
const within = [2, 0, 3, 1, 4, 7, 5, 6, 11, 9, 8, 10];
const mixed = [5, 0, 11, 3, 8, 1, 4, 10, 6, 2, 9, 7];
const edgeOrder = Array.from(edges.keys()).reverse();

describe.each(Object.entries(examples))("%s", (_name, example) => {
  const { make, hasEdgeFeatures, normalizesBatch, needsOrder } = example;
  const given = { hasEdgeFeatures };

  it("gives each graph a row, and what it would get alone", () => {
    const model = redrawn(make({}));
    const together = model.forward(exampleGraphs(given));
    expect(together.shape).toEqual([sizes.length, outputs]);
    for (const [g, row] of rowsIn(together).entries()) {
      expectSame(row, model.forward(oneGraph(g, given)).dataSync());
    }
  });

  it("does not depend on the order of nodes and edges", () => {
    const model = redrawn(make({}));
    const expected = model.forward(exampleGraphs(given)).dataSync();
    for (const order of needsOrder ? [within] : [within, mixed]) {
      expectSame(model.forward(exampleGraphs({ ...given, order, edgeOrder })).dataSync(), expected);
    }
  });

  it("gives no graphs [0, outputs], and takes graphs without nodes", () => {
    const model = make({});
    const nothing = {
      x: numbers([0, width], 1),
      edgeFeatures: hasEdgeFeatures ? numbers([0, edgeDim], 1) : undefined,
      neighborhood: neighborhoodOf([], 0),
      graphOf: new Uint32Array(0),
    };
    expect(model.forward({ ...nothing, graphs: 0 }).shape).toEqual([0, outputs]);
    expect(
      model
        .forward({ ...nothing, graphs: 2 })
        .dataSync()
        .every(Number.isFinite),
    ).toBe(true);
  });

  it.each([
    ["evaluated", undefined],
    ["training with dropout", 0.3],
  ])("has the gradients of finite differences: %s", (_when, dropout) => {
    const model = redrawn(make({ ...(dropout !== undefined && { dropout }) }));
    const graphs = exampleGraphs(given);
    const leaves = {
      x: graphs.x,
      ...(graphs.edgeFeatures && { edgeFeatures: graphs.edgeFeatures }),
      ...Object.fromEntries(model.namedParameters()),
    };
    const loss = (): Tensor =>
      // The same masks at every call, drawn so that no activation is at its kink.
      unevenSum(model.forward(graphs, dropout === undefined ? {} : { training: { random: new Random(4) } }));
    scope(() => backward(loss()));
    const largest = Math.max(...Object.values(leaves).flatMap(({ grad }) => Array.from(grad!.dataSync(), Math.abs)));
    for (const [name, leaf] of Object.entries(leaves)) {
      const { expected, slope } = slopesAlong(leaf, loss);
      expect(Math.abs(slope - expected) / largest, name).toBeLessThan(1e-7);
    }
  });

  it("learns with all of its parameters", () => {
    const model = redrawn(make({}));
    scope(() => backward(unevenSum(model.forward(exampleGraphs(given), { training: { random: new Random(3) } }))));
    for (const [name, { grad }] of model.namedParameters()) expect(grad, name).toBeDefined();
  });

  it("computes on the wasm engine what it computes on the reference engine", () => {
    const [engine, seed] = [createWasmEngine(), 5];
    const [there, here] = [make({ engine, seed }), make({ seed })];
    const [graphs, expectedGraphs] = [exampleGraphs({ ...given, engine }), exampleGraphs(given)];
    const [got, expected] = [there.forward(graphs), here.forward(expectedGraphs)];
    for (const result of [got, expected]) backward(unevenSum(result));
    expectSame(got.dataSync(), expected.dataSync(), 4);
    expectSame(graphs.x.grad!.dataSync(), expectedGraphs.x.grad!.dataSync(), 4);
  });

  it("answers the same with its attention", () => {
    const model = redrawn(make({}));
    const graphs = exampleGraphs({ ...given, ...(!needsOrder && { order: mixed }) });
    const { output, attention } = model.detailed(graphs);
    expectSame(output.dataSync(), model.forward(graphs).dataSync());
    expect(attention.edges !== undefined).toBe(example.attendsToEdges);
    if (example.nodeHeads === 0) {
      expect(attention.nodes).toBeUndefined();
      return;
    }
    expect(attention.nodes?.shape).toEqual([nodeCount, example.nodeHeads]);
    const totals = sizes.map(() => new Array<number>(example.nodeHeads).fill(0));
    for (const [node, weights] of rowsIn(attention.nodes!).entries()) {
      for (const [head, weight] of weights.entries()) totals[graphs.graphOf[node]!]![head]! += weight;
    }
    expectSame(
      totals.flat(),
      totals.flat().map(() => 1),
    );
  });

  it("attends to the same nodes whatever their order", () => {
    const model = redrawn(make({}));
    const { nodes } = model.detailed(exampleGraphs(given)).attention;
    const order = needsOrder ? within : mixed;
    const moved = model.detailed(exampleGraphs({ ...given, order })).attention.nodes;
    expect(moved === undefined).toBe(nodes === undefined);
    if (nodes && moved)
      expectSame(
        rowsIn(moved).flat(),
        order.flatMap((node) => rowsIn(nodes)[node]!),
      );
  });

  it("drops while training, by the random numbers that it is given, and only then", () => {
    const model = make({ dropout: 0.5 });
    const graphs = exampleGraphs(given);
    const run = (seed: number): number[] =>
      Array.from(model.forward(graphs, { training: { random: new Random(seed) } }).dataSync());
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(model.forward(graphs).dataSync()).toEqual(model.forward(graphs).dataSync());
  });

  it("holds nothing more after 20 steps than after 2", () => {
    const engine = createReferenceEngine();
    const model = make({ engine });
    const graphs = exampleGraphs({ ...given, engine });
    const training = { random: new Random(1) };
    const step = (): void => scope(() => backward(unevenSum(model.forward(graphs, { training }))));
    for (let k = 0; k < 2; k++) step();
    const { buffers, bytes } = engine.memory();
    for (let k = 2; k < 20; k++) step();
    expect(engine.memory()).toMatchObject({ buffers, bytes });
  });

  it(normalizesBatch ? "refuses to train on one node" : "trains on one node", () => {
    const model = make({});
    const train = () => model.forward(oneGraph(1, given), { training: { random: new Random(1) } });
    if (normalizesBatch) expect(train).toThrow(expect.objectContaining({ name: "ShapeError", code: "too-few-rows" }));
    else expect(train().shape).toEqual([1, outputs]);
  });

  it("refuses features, edges and graph numbers that do not fit", () => {
    const model = make({});
    const graphs = exampleGraphs(given);
    const run = (change: object) => () => model.forward({ ...graphs, ...change });
    const shapes = expect.objectContaining({ name: "ShapeError", code: "shapes-differ" });
    expect(run({ x: numbers([nodeCount, width + 1], 1) })).toThrow(shapes);
    expect(run({ x: numbers([nodeCount - 1, width], 1) })).toThrow(shapes);
    expect(run({ neighborhood: neighborhoodOf(edges, nodeCount + 1) })).toThrow(shapes);
    expect(run({ graphOf: graphOf.subarray(1) })).toThrow(shapes);
    expect(run({ graphs: 3, graphOf: graphOf.slice() })).toThrow(
      expect.objectContaining({ name: "DataError", code: "index-out-of-range" }),
    );
    if (hasEdgeFeatures) {
      expect(run({ edgeFeatures: undefined })).toThrow(expect.objectContaining({ code: "missing-input" }));
      expect(run({ edgeFeatures: numbers([edges.length, edgeDim + 1], 1) })).toThrow(shapes);
    } else {
      expect(run({ edgeFeatures: numbers([edges.length, edgeDim], 1) })).toThrow(
        expect.objectContaining({ name: "OptionError", code: "unexpected-input" }),
      );
    }
  });
});

/** A model in which no parameter is zero, where activations have their kinks. */
function redrawn<Model extends Module>(model: Model): Model {
  const random = new Random(11);
  for (const parameter of model.parameters()) {
    parameter.set(Float64Array.from({ length: parameter.size }, () => random.uniform(-1, 1)));
  }
  return model;
}

/** How fast the loss changes when a leaf moves along a random direction: by its gradient, and by finite differences of the fourth order. */
function slopesAlong(leaf: Tensor, loss: () => Tensor): { readonly expected: number; readonly slope: number } {
  const random = new Random(leaf.size);
  const direction = Float64Array.from({ length: leaf.size }, () => random.uniform(-1, 1));
  const values = leaf.dataSync().slice();
  const at = (distance: number): number => {
    leaf.set(values.map((value, k) => value + distance * direction[k]!));
    return scope(() => loss().item());
  };
  const step = 1e-5;
  const slope = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
  leaf.set(values);
  const gradient = Array.from(leaf.grad?.dataSync() ?? []);
  return { expected: gradient.reduce((sum, each, k) => sum + each * direction[k]!, 0), slope };
}
