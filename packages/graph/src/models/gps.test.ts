import { add, Random, type Tensor } from "@vicinal/core";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import { GATv2Conv } from "../layers/gatv2.ts";
import { GINConv } from "../layers/gin.ts";
import { GINEConv } from "../layers/gine.ts";
import { exampleGraphs, graphOf, nodeCount, oneGraph, sizes } from "../testing/graph-inputs.ts";
import { edgeDim, numbers, reference, rowsOf, width } from "../testing/layer-examples.ts";
import { expectSame, rowsIn } from "../testing/readout-examples.ts";
import { GPS } from "./gps.ts";
import type { GPSOptions } from "./gps-stack.ts";
import { GraphGPS, type GraphGPSOptions } from "./graph-gps.ts";

const outputs = 2;
const encodingDim = 2;
const lengths = Uint32Array.from(sizes);
const graphs = exampleGraphs();
const { x, neighborhood } = graphs;
const encodings = numbers([nodeCount, encodingDim], 41);

const drawn = { engine: reference, hidden: 4, heads: 2, layers: 2 };

function make(options: Partial<GPSOptions> = {}): GPS {
  return new GPS(width, outputs, { random: new Random(1), ...drawn, ...options });
}

function makeGraphs(options: Partial<GraphGPSOptions> = {}): GraphGPS {
  return new GraphGPS(width, outputs, { random: new Random(1), ...drawn, ...options });
}

describe("GPS", () => {
  it("projects features and encodings, runs its layers, and projects to the outputs", () => {
    const model = make({ encodingDim });
    const { stack, output } = model;
    let nodes: Tensor = add(stack.input.forward(x), stack.encoding!.forward(encodings));
    for (const layer of stack.layers) nodes = layer.forward(nodes, neighborhood, { lengths });
    const expected = output.forward(nodes).dataSync();
    expectSame(model.forward(x, neighborhood, { lengths, encodings }).dataSync(), expected, 12);
    expectSame(model.detailed(x, neighborhood, { lengths, encodings }).output.dataSync(), expected, 12);
  });

  it("gives each node what it gets in another order, and each graph what it gets alone", () => {
    const model = make({ encodingDim });
    const output = model.forward(x, neighborhood, { lengths, encodings });
    const order = [2, 0, 3, 1, 4, 7, 5, 6, 11, 9, 8, 10];
    const moved = exampleGraphs({ order });
    const context = { lengths, encodings: rowsOf(encodings, order) };
    expectSame(model.forward(moved.x, moved.neighborhood, context).dataSync(), rowsOf(output, order).dataSync());
    for (const [g, nodes] of [[1, [4]] as const, [2, [5, 6, 7]] as const]) {
      const { x: own, neighborhood: edges } = oneGraph(g);
      const alone = model.forward(own, edges, { encodings: rowsOf(encodings, nodes) });
      expectSame(alone.dataSync(), rowsOf(output, nodes).dataSync());
    }
  });

  it("passes messages by a layer of its own choice", () => {
    const kinds = [
      [make(), GINConv],
      [make({ edgeDim }), GINEConv],
      [make({ layer: "gatv2", edgeDim }), GATv2Conv],
    ] as const;
    for (const [model, kind] of kinds) {
      for (const { conv } of model.stack.layers) expect(conv).toBeInstanceOf(kind);
    }
    expect(make({ layer: "none" }).stack.layers.map(({ conv }) => conv)).toEqual([undefined, undefined]);
  });

  it("lets the nodes of a graph see each other, and no others", () => {
    const model = make({ layer: "none", norm: "none" });
    const moved = rowsOf(x, Array.from(graphOf.keys()));
    moved.set(moved.dataSync().map((value, k) => (Math.floor(k / width) === 0 ? value + 1 : value)));
    const changed = (context: object): number[] => {
      const [before, after] = [x, moved].map((each) => rowsIn(model.forward(each, neighborhood, context)));
      return Array.from(graphOf.keys()).filter((i) => before![i]!.some((value, c) => value !== after![i]![c]));
    };
    expect(changed({ lengths })).toEqual([0, 1, 2, 3]);
    expect(changed({})).toEqual(Array.from(graphOf.keys()));
  });

  it("returns the attention among all nodes of each graph, of which no pair stands for an edge", () => {
    const { attention } = make().detailed(x, neighborhood, { lengths });
    const pairs = sizes.reduce<number>((total, size) => total + size * size, 0);
    expect(attention.neighborhood.edges).toBe(pairs);
    expect(attention.weights.shape).toEqual([pairs, 2]);
    expect(Array.from(attention.edgeOf)).toEqual(new Array(pairs).fill(-1));
    for (let p = 0; p < pairs; p++) {
      expect(graphOf[attention.neighborhood.senderOf[p]!]).toBe(graphOf[attention.neighborhood.receiverOf[p]!]);
    }
  });

  it.each<[string, Partial<GPSOptions>]>([
    ["batch norm", { encodingDim }],
    ["layer norm, beside a transformer", { encodingDim, norm: "layer", layer: "transformer" }],
  ])("has the gradients of finite differences, the encodings' too: %s", (_what, options) => {
    const model = make({ ...options, layers: 1, hidden: 2 });
    const { stack, output } = model;
    const leaves = { encodings, weight: stack.encoding!.weight, input: stack.input.weight, output: output.weight };
    const loss = () => unevenSum(model.forward(x, neighborhood, { lengths, encodings }));
    for (const [name, { relativeError }] of Object.entries(checkGradients(loss, leaves, 1e-5))) {
      expect(relativeError, name).toBeLessThan(1e-6);
    }
  });

  it.each<[string, object, string]>([
    ["a layer that is none", { layer: "sage" }, "out-of-range"],
    ["no layers", { layers: 0 }, "out-of-range"],
    ["heads that do not divide the width", { heads: 3 }, "heads-do-not-divide"],
    ["a norm that is none", { norm: "batch_norm" }, "out-of-range"],
    ["a dropout of everything", { dropout: 1 }, "out-of-range"],
    ["a negative dropout of weights", { attentionDropout: -1 }, "out-of-range"],
    ["edge features that nothing reads", { layer: "none", edgeDim }, "unexpected-input"],
    ["encodings of no width", { encodingDim: 0 }, "out-of-range"],
    ["an option that nobody reads", { encodings: 2 }, "unknown-option"],
  ])("refuses %s", (_what, options, code) => {
    const error = expect.objectContaining({ name: "OptionError", code });
    expect(() => make(options)).toThrow(error);
    expect(() => makeGraphs(options)).toThrow(error);
  });

  it("refuses encodings and lengths that do not fit", () => {
    const run = (options: Partial<GPSOptions>, context: object) => () =>
      make(options).forward(x, neighborhood, context);
    expect(run({ encodingDim }, {})).toThrow(expect.objectContaining({ name: "OptionError", code: "missing-input" }));
    expect(run({}, { encodings })).toThrow(expect.objectContaining({ name: "OptionError", code: "unexpected-input" }));
    const shapes = expect.objectContaining({ name: "ShapeError", code: "shapes-differ" });
    expect(run({ encodingDim: 3 }, { encodings })).toThrow(shapes);
    expect(run({}, { lengths: [4, 1] })).toThrow(shapes);
    expect(() => new GPS(width, 0, { random: new Random(1) })).toThrow(
      expect.objectContaining({ code: "out-of-range" }),
    );
  });
});

describe("GraphGPS", () => {
  it("reads out the nodes after the last layer", () => {
    const model = makeGraphs({ encodingDim, readout: "sum", headLayers: 3 });
    const nodes = model.stack.forward(x, neighborhood, { lengths, encodings });
    const expected = model.head.network.forward(model.head.readouts[0]!.forward(nodes, graphs));
    expect(model.head.network.linears).toHaveLength(3);
    expectSame(model.forward({ ...graphs, encodings }).dataSync(), expected.dataSync(), 12);
  });

  it("refuses a batch in which the nodes of a graph do not follow one another", () => {
    const mixed = graphOf.slice();
    mixed[0] = 1;
    expect(() => makeGraphs().forward({ ...graphs, graphOf: mixed })).toThrow(
      expect.objectContaining({ name: "DataError", code: "not-grouped", message: expect.stringContaining("node 1 ") }),
    );
  });

  it("refuses a head without projections", () => {
    expect(() => makeGraphs({ headLayers: 0 })).toThrow(expect.objectContaining({ code: "out-of-range" }));
  });
});
