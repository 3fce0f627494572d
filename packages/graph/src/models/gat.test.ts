import {
  add,
  backward,
  csrFromLists,
  dropout,
  elu,
  OptionError,
  Random,
  type SparseNeighborhood,
  SparseTensor,
  scope,
  sparseDropout,
  type Tensor,
  tensor,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { GATConv } from "../layers/gat.ts";
import type { LayerContext, LayerInput } from "../layers/graph-layer.ts";
import { MultiHeadConv } from "../layers/multi-head-conv.ts";
import { GAT, type GATOptions } from "./gat.ts";

const engine = createReferenceEngine();

/** A path of five nodes with a branch, and an isolated node. */
const neighborhood = neighborhoodOfEdges(6, {
  sources: Uint32Array.of(0, 1, 2, 1, 3),
  targets: Uint32Array.of(1, 2, 3, 4, 3),
});

const lists = [[0, 2], [1], [0, 1, 3], [], [2, 3], [1, 2]];
const sparse = SparseTensor.from(csrFromLists(lists, 4), { engine });
const dense = tensor(
  lists.flatMap((columns) => [0, 1, 2, 3].map((column) => (columns.includes(column) ? 1 : 0))),
  [6, 4],
  { engine },
);
const edgeFeatures = tensor(
  Float64Array.from({ length: 2 * neighborhood.edges }, (_, k) => Math.cos(k)),
  [neighborhood.edges, 2],
  { engine },
);

const model = (options: Partial<GATOptions> = {}, seed = 1): GAT =>
  new GAT(4, 3, { random: new Random(seed), engine, heads: 2, hidden: 6, ...options });

/** The layers of a network, which are all of this package. */
const headsOf = ({ layers }: GAT): readonly MultiHeadConv[] =>
  layers.map((layer) => {
    if (layer instanceof MultiHeadConv) return layer;
    throw new Error("expected a layer of heads");
  });

describe("GAT", () => {
  it("is by default the network of the paper: 92,373 parameters for Cora", () => {
    const cora = new GAT(1433, 7, { random: new Random(0) });
    const shapes = Object.fromEntries([...cora.namedParameters()].map(([name, { shape }]) => [name, shape]));
    expect(shapes).toEqual({
      "layers.0.linear.weight": [64, 1433],
      "layers.0.attSource": [8, 8],
      "layers.0.attTarget": [8, 8],
      "layers.0.bias": [64],
      "layers.1.linear.weight": [7, 64],
      "layers.1.attSource": [1, 7],
      "layers.1.attTarget": [1, 7],
      "layers.1.bias": [7],
    });
    expect(cora.parameterCount).toBe(1433 * 64 + 3 * 64 + (64 * 7 + 3 * 7));
    expect(cora.parameterCount).toBe(92_373);
    expect([cora.dropout, ...headsOf(cora).map(({ dropout }) => dropout)]).toEqual([0.6, 0.6, 0.6]);
  });

  it("puts the heads of hidden layers side by side and averages those of the last", () => {
    const layers = headsOf(model({ layers: 3, outputHeads: 2 }));
    expect(layers.map(({ heads, channels, outputs }) => [heads, channels, outputs])).toEqual([
      [2, 3, 6],
      [2, 3, 6],
      [2, 3, 3],
    ]);
  });

  it.each([1, 2, 3])("gives [nodes, outputs] with %s layers", (layers) => {
    expect(model({ layers }).forward(sparse, neighborhood).shape).toEqual([6, 3]);
  });

  it("has a layer norm and projections where they are asked for", () => {
    const names = [...model({ layers: 3, normalize: true, residual: true, edgeDim: 2 }).namedParameters().keys()];
    expect(names.filter((name) => name.startsWith("norms"))).toEqual([
      "norms.0.weight",
      "norms.0.bias",
      "norms.1.weight",
      "norms.1.bias",
    ]);
    expect(names.filter((name) => name.includes("residual"))).toHaveLength(3);
    expect(names.filter((name) => name.includes("Edge"))).toHaveLength(6);
  });

  it.each<["gat" | "gatv2"]>([["gat"], ["gatv2"]])("gives the same for sparse and for dense features: %s", (layer) => {
    const gat = model({ layer, residual: true, normalize: true });
    const ofSparse = gat.forward(sparse, neighborhood);
    const ofDense = gat.forward(dense, neighborhood);
    expectClose(ofSparse, ofDense);
    const gradients = [sparse, dense].map((x) => {
      for (const parameter of gat.parameters()) parameter.grad = undefined;
      scope(() => backward(unevenSum(gat.forward(x, neighborhood))));
      return gat.parameters().map(({ grad }) => grad!);
    });
    for (const [k, gradient] of gradients[0]!.entries()) expectClose(gradient, gradients[1]![k]!);
  });

  it("answers the same with its attention, which sums to one for each node", () => {
    const gat = model({ outputHeads: 2 });
    const { output, attention } = gat.detailed(sparse, neighborhood);
    expectClose(output, gat.forward(sparse, neighborhood));
    expect(attention.weights.shape).toEqual([attention.neighborhood.edges, 2]);
    const weights = attention.weights.dataSync();
    const { offsets } = attention.neighborhood;
    for (let i = 0; i < 6; i++) {
      for (let head = 0; head < 2; head++) {
        let total = 0;
        for (let p = offsets[i]!; p < offsets[i + 1]!; p++) total += weights[2 * p + head]!;
        expect(total).toBeCloseTo(1, 12);
      }
    }
  });

  it("looks as many steps away as it has layers", () => {
    const moved = tensor(
      dense.dataSync().map((value, k) => (k < 4 ? value + 1 : value)),
      [6, 4],
      { engine },
    );
    const changedBy = (layers: number) => {
      const gat = model({ layers });
      const before = gat.forward(dense, neighborhood).dataSync();
      const after = gat.forward(moved, neighborhood).dataSync();
      return [0, 1, 2, 3, 4, 5].filter((i) => [0, 1, 2].some((c) => before[3 * i + c] !== after[3 * i + c]));
    };
    expect(changedBy(1)).toEqual([0, 1]);
    expect(changedBy(2)).toEqual([0, 1, 2, 4]);
    expect(changedBy(3)).toEqual([0, 1, 2, 3, 4]);
  });

  it("drops only while it is trained, by the random numbers that it is given", () => {
    const gat = model();
    const trained = (seed: number) => gat.forward(sparse, neighborhood, { training: { random: new Random(seed) } });
    expect(gat.forward(sparse, neighborhood).dataSync()).toEqual(gat.forward(sparse, neighborhood).dataSync());
    expect(trained(1).dataSync()).toEqual(trained(1).dataSync());
    expect(trained(1).dataSync()).not.toEqual(trained(2).dataSync());
    expect(trained(1).dataSync()).not.toEqual(gat.forward(sparse, neighborhood).dataSync());
  });

  it.each([
    ["sparse", sparse],
    ["dense", dense],
  ])("drops features apart from weights: %s", (_what, x) => {
    const gat = model({ layers: 1, dropout: 0.5, attentionDropout: 0 });
    const trained = gat.forward(x, neighborhood, { training: { random: new Random(1) } });
    expect(trained.dataSync()).not.toEqual(gat.forward(x, neighborhood).dataSync());
  });

  it.each([{ normalize: false }, { normalize: true }])(
    "drops what each layer reads, with a seed drawn before the layer: $normalize",
    (options) => {
      const gat = model({ ...options, layers: 3, dropout: 0.5, attentionDropout: 0.25 });
      const training = { random: new Random(1) };
      let h = gat.layers[0]!.forward(sparseDropout(sparse, 0.5, training.random.bits()), neighborhood, { training });
      for (const [k, layer] of gat.layers.slice(1).entries()) {
        const entered = dropout(elu(gat.norms[k]?.forward(h) ?? h), 0.5, training.random.bits());
        h = layer.forward(entered, neighborhood, { training });
      }
      const got = gat.forward(sparse, neighborhood, { training: { random: new Random(1) } });
      expect(got.dataSync()).toEqual(h.dataSync());
    },
  );

  it("applies ELU and dropout to layers that have a forward of their own, too", () => {
    class Doubled extends GATConv {
      override forward(x: LayerInput, edges: SparseNeighborhood, context?: LayerContext): Tensor {
        const output = super.forward(x, edges, context);
        return add(output, output);
      }
    }
    const gat = model({
      dropout: 0.5,
      layer: ({ inputs, outputs, random, heads, concat }) =>
        new Doubled(inputs, concat ? outputs / heads : outputs, { random, engine, heads, concat }),
    });
    const training = { random: new Random(1) };
    const first = gat.layers[0]!.forward(dropout(dense, 0.5, training.random.bits()), neighborhood, { training });
    const entered = dropout(elu(first), 0.5, training.random.bits());
    const expected = gat.layers[1]!.forward(entered, neighborhood, { training });
    const got = gat.forward(dense, neighborhood, { training: { random: new Random(1) } });
    expect(got.dataSync()).toEqual(expected.dataSync());
  });

  it("drops nothing with a dropout of 0", () => {
    const gat = model({ dropout: 0 });
    const trained = gat.forward(sparse, neighborhood, { training: { random: new Random(1) } });
    expect(trained.dataSync()).toEqual(gat.forward(sparse, neighborhood).dataSync());
  });

  it("drops inputs and weights apart where it is told to", () => {
    const gat = model({ dropout: 0.25, attentionDropout: 0.5 });
    expect([gat.dropout, ...headsOf(gat).map(({ dropout }) => dropout)]).toEqual([0.25, 0.5, 0.5]);
  });
});

describe("the gradients of a GAT, through all its layers, are those of finite differences", () => {
  it.each<[string, Partial<GATOptions>]>([
    ["gat", { dropout: 0 }],
    ["gatv2", { layer: "gatv2", dropout: 0 }],
    ["three layers", { layers: 3, dropout: 0 }],
    ["several output heads", { outputHeads: 2, dropout: 0 }],
    ["layer norm and residual", { normalize: true, residual: true, dropout: 0 }],
    ["edge features", { edgeDim: 2, dropout: 0 }],
    ["dropout", { dropout: 0.4 }],
    ["all of it", { layer: "gatv2", normalize: true, residual: true, edgeDim: 2, dropout: 0.4 }],
  ])("%s", (_what, options) => {
    const gat = model(options);
    const random = new Random(7);
    const draw = (length: number) => Float64Array.from({ length }, () => random.normal());
    // Nothing is zero, where the leaky ReLU has its kink.
    for (const parameter of gat.parameters()) parameter.set(draw(parameter.size));
    const x = tensor(draw(24), [6, 4], { engine });
    const loss = () =>
      unevenSum(
        gat.forward(x, neighborhood, {
          // The same masks at every call.
          training: { random: new Random(3) },
          edgeFeatures: options.edgeDim === undefined ? undefined : edgeFeatures,
        }),
      );
    const parameters = Object.fromEntries(gat.namedParameters());
    expect(Object.keys(parameters).length).toBeGreaterThanOrEqual(8);
    for (const [name, { relativeError }] of Object.entries(checkGradients(loss, parameters, 2e-4))) {
      expect(relativeError, name).toBeLessThan(1e-6);
    }
  });
});

describe("GAT refuses", () => {
  it("heads that do not divide the width", () => {
    expect(() => model({ heads: 4, hidden: 6 })).toThrow(OptionError);
    expect(() => model({ heads: 4, hidden: 6 })).toThrow(
      expect.objectContaining({ code: "heads-do-not-divide", message: expect.stringContaining("such as 8") }),
    );
  });

  it("an unknown option", () => {
    const misspelt: object = { negativeSlop: 0.1 };
    expect(() => model(misspelt)).toThrow(expect.objectContaining({ name: "OptionError", code: "unknown-option" }));
  });

  it.each<[string, object]>([
    ["a layer that is none", { layer: "gcn" }],
    ["no layers", { layers: 0 }],
    ["no heads", { heads: 0 }],
    ["half a head", { heads: 0.5 }],
    ["no output heads", { outputHeads: 0 }],
    ["a dropout of everything", { dropout: 1 }],
    ["a dropout of everything for inputs alone", { dropout: 1, attentionDropout: 0 }],
    ["a negative dropout of weights", { attentionDropout: -0.1 }],
    ["edge features of no width", { edgeDim: 0 }],
  ])("%s", (_what, options) => {
    expect(() => model(options)).toThrow(expect.objectContaining({ name: "OptionError", code: "out-of-range" }));
  });

  it("features of another width, of other nodes, or of edges that it does not know", () => {
    const narrow = tensor(new Float64Array(18), [6, 3], { engine });
    expect(() => model().forward(narrow, neighborhood)).toThrow(expect.objectContaining({ code: "shapes-differ" }));
    const few = tensor(new Float64Array(8), [2, 4], { engine });
    expect(() => model().forward(few, neighborhood)).toThrow(expect.objectContaining({ code: "shapes-differ" }));
    expect(() => model().forward(dense, neighborhood, { edgeFeatures })).toThrow(
      expect.objectContaining({ code: "unexpected-input" }),
    );
    expect(() => model({ edgeDim: 2 }).forward(dense, neighborhood)).toThrow(
      expect.objectContaining({ code: "missing-input" }),
    );
  });
});

function expectClose(got: Tensor, expected: Tensor): void {
  expect(got.shape).toEqual(expected.shape);
  const values = expected.dataSync();
  for (const [k, value] of got.dataSync().entries()) expect(value).toBeCloseTo(values[k]!, 12);
}
