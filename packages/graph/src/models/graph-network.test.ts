import { add, elu, gelu, Random, relu, SparseTensor, type Tensor } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import type { ReadoutName } from "../readout/readout-by-name.ts";
import { edges, exampleGraphs, nodeCount, sizes } from "../testing/graph-inputs.ts";
import { edgeDim, reference, width } from "../testing/layer-examples.ts";
import { expectSame } from "../testing/readout-examples.ts";
import { GraphNetwork, type GraphNetworkOptions } from "./graph-network.ts";

const outputs = 3;

function make(options: Partial<GraphNetworkOptions> = {}): GraphNetwork {
  return new GraphNetwork(width, outputs, {
    random: new Random(1),
    engine: reference,
    heads: 2,
    hidden: 4,
    ...options,
  });
}

/** The same network, one step after the other. */
function step(model: GraphNetwork, activation: (x: Tensor) => Tensor, graphs = exampleGraphs()): Tensor[] {
  const after: Tensor[] = [];
  for (const [k, layer] of model.layers.entries()) {
    const attended = layer.forward(after[k - 1] ?? graphs.x, graphs.neighborhood);
    after.push(activation(model.norms[k]?.forward(attended) ?? attended));
  }
  return after;
}

describe("GraphNetwork", () => {
  it("is by default three layers of GATv2 with batch norm, the mean of the nodes, and two projections", () => {
    const model = new GraphNetwork(7, 2, { random: new Random(1), engine: reference });
    const shapes = Object.fromEntries([...model.namedParameters()].map(([name, { shape }]) => [name, shape]));
    expect(Object.keys(shapes).filter((name) => name.startsWith("layers"))).toHaveLength(3 * 6);
    expect(shapes).toMatchObject({
      "layers.0.linearSource.weight": [64, 7],
      "layers.2.att": [4, 16],
      "norms.2.weight": [64],
      "head.network.linears.0.weight": [64, 64],
      "head.network.linears.1.weight": [2, 64],
    });
    expect([...model.namedState().keys()].filter((name) => name.includes("running"))).toHaveLength(3 * 2);
  });

  it.each([
    ["relu", relu],
    ["elu", elu],
    ["gelu", gelu],
  ] as const)("reads out the last layer, after norm and %s", (name, activation) => {
    const graphs = exampleGraphs();
    for (const norm of ["batch", "layer", "none"] as const) {
      const model = make({ activation: name, norm });
      const last = step(model, activation, graphs).at(-1)!;
      const expected = model.head.network.forward(model.head.readouts[0]!.forward(last, graphs));
      expectSame(model.forward(graphs).dataSync(), expected.dataSync(), 12);
      expect(model.norms).toHaveLength(norm === "none" ? 0 : 3);
    }
  });

  it("sums the read-outs of all layers where it is told to, each with one of its own", () => {
    const graphs = exampleGraphs();
    const model = make({ jumping: "sum", readout: "attention", headLayers: 1 });
    const read = step(model, relu, graphs).map((x, k) => model.head.readouts[k]!.forward(x, graphs));
    expect(new Set(model.head.readouts).size).toBe(3);
    const expected = model.head.network.forward(read.reduce((sum, each) => add(sum, each)));
    expectSame(model.forward(graphs).dataSync(), expected.dataSync(), 12);
  });

  it.each<[ReadoutName, heads: number | undefined]>([
    ["sum", undefined],
    ["mean", undefined],
    ["max", undefined],
    ["attention", 1],
    ["set2set", 3],
    ["multiHead", 1],
  ])("takes the read-out %s", (readout, heads) => {
    const { output, attention } = make({ readout }).detailed(exampleGraphs());
    expect(output.shape).toEqual([sizes.length, outputs]);
    expect(attention.nodes?.shape).toEqual(heads && [nodeCount, heads]);
  });

  it.each(["gat", "gatv2", "transformer"] as const)(
    "attends by %s, and returns the attention of its last layer",
    (layer) => {
      const graphs = exampleGraphs({ hasEdgeFeatures: true });
      const model = make({ layer, edgeDim });
      const { edges: attention } = model.detailed(graphs).attention;
      expect(attention?.weights.shape[1]).toBe(2);
      // Every edge of the list has its weight; the layers of the GAT family give every node a loop too.
      const numbers = new Set(attention?.edgeOf);
      const isLoop = (e: number): boolean => edges[e]![0] === edges[e]![1];
      for (const e of edges.keys()) expect(numbers.has(e), `edge ${e}`).toBe(true);
      expect(attention?.neighborhood.edges).toBe(
        layer === "transformer" ? edges.length : [...edges.keys()].filter((e) => !isLoop(e)).length + nodeCount,
      );
    },
  );

  it("gives the same for sparse and for dense features", () => {
    const graphs = exampleGraphs();
    const indices = Uint32Array.from({ length: nodeCount * width }, (_, k) => k % width);
    const indptr = Uint32Array.from({ length: nodeCount + 1 }, (_, i) => i * width);
    const values = Float32Array.from(graphs.x.dataSync(), (value) => Math.round(8 * value) / 8);
    graphs.x.set(values);
    const sparse = SparseTensor.from(
      { kind: "csr", rows: nodeCount, columns: width, indptr, indices, values },
      { engine: reference },
    );
    const model = make();
    expectSame(model.forward({ ...graphs, x: sparse }).dataSync(), model.forward(graphs).dataSync(), 12);
  });

  it.each<[string, object, string]>([
    ["a layer that is none", { layer: "gcn" }, "out-of-range"],
    ["no layers", { layers: 0 }, "out-of-range"],
    ["heads that do not divide the width", { heads: 3 }, "heads-do-not-divide"],
    ["a norm that is none", { norm: "graph" }, "out-of-range"],
    ["an activation that is none", { activation: "toString" }, "out-of-range"],
    ["a way of jumping that is none", { jumping: "max" }, "out-of-range"],
    ["a read-out that is none", { readout: "median" }, "out-of-range"],
    ["a head without projections", { headLayers: 0 }, "out-of-range"],
    ["a dropout of everything", { dropout: 1 }, "out-of-range"],
    ["a negative dropout of weights", { attentionDropout: -1 }, "out-of-range"],
    ["edge features of no width", { edgeDim: 0 }, "out-of-range"],
    ["an option that nobody reads", { normalize: true }, "unknown-option"],
  ])("refuses %s", (_what, options, code) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ name: "OptionError", code }));
  });
});
