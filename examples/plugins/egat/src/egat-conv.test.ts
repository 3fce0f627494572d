import { corePlugin, createRegistry, Random, SparseNeighborhood, tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { GAT, graphPlugin, namedLayer } from "@vicinal/graph";
import { layerConformance, type MadeLayer } from "@vicinal/graph/testing";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { EGATConv, egatPlugin } from "./index.ts";

const engine = createReferenceEngine();
const reads = { edgeFeatures: { rows: "edges", width: 2 } } as const;

describe.each([
  ["heads side by side", { heads: 2, dropout: 0.3 }],
  ["heads averaged, other edge features, residual", { heads: 3, concat: false, edgeChannels: 4, residual: true }],
] as const)("EGATConv, %s,", (_, options) => {
  const make = ({ inputs, random, engine }: MadeLayer) =>
    new EGATConv(inputs, 3, { ...options, edgeDim: 2, random, engine });
  const drops = "dropout" in options;
  it.each(layerConformance(make, { reads, sides: "two", drops }))("$name", ({ run }) => run());
});

const edges = [
  [0, 1],
  [2, 1],
  [1, 0],
  [0, 1],
] as const;
const neighborhood = SparseNeighborhood.fromEdgeList({
  senders: Uint32Array.from(edges, ([sender]) => sender),
  receivers: Uint32Array.from(edges, ([, receiver]) => receiver),
  senderCount: 3,
  receiverCount: 3,
});

describe("EGATConv", () => {
  it("is the formula of the paper", () => {
    const random = new Random(3);
    const layer = new EGATConv(2, 2, { heads: 1, edgeDim: 1, edgeChannels: 3, random, engine });
    for (const [name, each] of layer.namedParameters()) {
      const drawn = new Random(name.length);
      each.set(Float64Array.from({ length: each.size }, () => drawn.uniform(-1, 1)));
    }
    const x = [
      [1, -0.5],
      [0.25, 2],
      [-1, 0.75],
    ];
    const f = [[0.5], [-1], [2], [1.5]];
    const matrixOf = ({ shape, dataSync }: { shape: readonly number[]; dataSync(): ArrayLike<number> }) =>
      Matrix.from1DArray(shape[0]!, shape[1] ?? 1, Array.from(dataSync()));
    const of = (x: { readonly shape: readonly number[]; dataSync(): ArrayLike<number> }) =>
      matrixOf({ shape: x.shape, dataSync: () => x.dataSync() });
    const column = (values: readonly number[]) => Matrix.columnVector([...values]);
    const edgeOutput = edges.map(([j, i], e) =>
      of(layer.linearTarget.weight)
        .mmul(column(x[i]!))
        .add(of(layer.linearTarget.bias!))
        .add(of(layer.linearSource.weight).mmul(column(x[j]!)))
        .add(of(layer.linearEdge.weight).mmul(column(f[e]!)))
        .to1DArray()
        .map((value) => (value > 0 ? value : 0.01 * value)),
    );
    const logits = edgeOutput.map((values) => of(layer.attention).dot(Matrix.rowVector(values)));
    const expected = x.map((_, i) => {
      const mine = edges.flatMap(([j, target], e) => (target === i ? [{ j, share: Math.exp(logits[e]!) }] : []));
      const total = mine.reduce((sum, { share }) => sum + share, 0);
      return mine
        .reduce(
          (sum, { j, share }) =>
            sum.add(
              of(layer.linearValue.weight)
                .mmul(column(x[j]!))
                .add(of(layer.linearValue.bias!))
                .mul(share / total),
            ),
          Matrix.zeros(2, 1),
        )
        .to1DArray();
    });
    const [nodes, ofEdges] = [tensor(x.flat(), [3, 2], { engine }), tensor(f.flat(), [4, 1], { engine })];
    const output = layer.forward(nodes, neighborhood, { edgeFeatures: ofEdges }).dataSync();
    for (const [k, value] of expected.flat().entries()) expect(output[k]).toBeCloseTo(value, 12);
    const updated = layer.updateEdges(nodes, neighborhood, ofEdges).dataSync();
    for (const [k, value] of edgeOutput.flat().entries()) expect(updated[k]).toBeCloseTo(value, 12);
  });

  it("is a layer of models by its name", () => {
    const registry = createRegistry([corePlugin, graphPlugin, egatPlugin]);
    const model = new GAT(2, 3, {
      random: new Random(1),
      engine,
      hidden: 8,
      heads: 2,
      edgeDim: 1,
      ...namedLayer(registry, "egat", { edgeChannels: 5 }),
    });
    const [x, edgeFeatures] = [
      tensor([1, 2, 3, 4, 5, 6], [3, 2], { engine }),
      tensor([1, 2, 3, 4], [4, 1], { engine }),
    ];
    expect(model.forward(x, neighborhood, { edgeFeatures }).shape).toEqual([3, 3]);
    expect(model.layers.every((layer) => layer instanceof EGATConv && layer.edgeChannels === 5)).toBe(true);
    const options = { inputs: 2, outputs: 2, edgeDim: 1, random: new Random(1), slope: 1 };
    expect(() => registry.make("layers", "egat", options)).toThrow(expect.objectContaining({ code: "unknown-option" }));
    expect(() =>
      registry.layer("egat", { inputs: 2, outputs: 3, heads: 2, edgeDim: 1, random: new Random(1) }),
    ).toThrow(expect.objectContaining({ code: "heads-do-not-divide" }));
  });

  it("refuses edge features of no width, and receivers without features", () => {
    expect(() => new EGATConv(2, 2, { edgeDim: 1, edgeChannels: 0, random: new Random(1) })).toThrow(
      expect.objectContaining({ code: "out-of-range" }),
    );
    const layer = new EGATConv(2, 2, { edgeDim: 1, random: new Random(1), engine });
    const given = { edgeFeatures: tensor([1, 2, 3, 4], [4, 1], { engine }) };
    expect(() =>
      layer.forward([tensor([1, 2, 3, 4, 5, 6], [3, 2], { engine }), undefined], neighborhood, given),
    ).toThrow(expect.objectContaining({ code: "missing-input" }));
    expect(() => layer.forward(tensor([1, 2, 3, 4, 5, 6], [3, 2], { engine }), neighborhood)).toThrow(
      expect.objectContaining({ code: "missing-input" }),
    );
  });
});
