import { createWasmEngine, explainPlan, Random, SparseTensor, type Tensor } from "@vicinal/core";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import {
  type Edge,
  edgeDim,
  edges,
  graph,
  neighborhoodOf,
  numbers,
  reference,
  rowsOf,
  sparseFeatures,
} from "../testing/layer-examples.ts";
import { expectSame } from "../testing/readout-examples.ts";
import { GATEConv, type GATEConvOptions, gate, gateWithEdge } from "./gate.ts";

const channels = 3;
const nodes = 6;

function make(options: Partial<GATEConvOptions> = {}): GATEConv {
  const layer = new GATEConv(channels, { random: new Random(1), engine: reference, edgeDim, ...options });
  // Not zero, so that a bias that is left out shows.
  layer.bias.set([0.5, -0.25, 0.75]);
  return layer;
}

const x = numbers([nodes, channels], 1);
const edgeFeatures = numbers([edges.length, edgeDim], 2);

/** Rows of a tensor as ml-matrix has them. */
const matrix = (of: Tensor): Matrix => Matrix.from1DArray(of.shape[0]!, of.shape[1]!, Array.from(of.dataSync()));
const leaky = (value: number): number => (value > 0 ? value : 0.01 * value);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, each, k) => sum + each * b[k]!, 0);

/** The formula of the paper, edge by edge. */
function formula(layer: GATEConv, from: Tensor, ofEdges: Tensor | undefined, list: readonly Edge[]): Matrix {
  const features = matrix(from);
  const weight1 = matrix(layer.linear1.weight);
  const values = features.mmul(matrix(layer.linear2.weight).transpose());
  const [left, right] = [matrix(layer.attLeft).getRow(0), matrix(layer.attRight).getRow(0)];
  const logits = list.map(([sender, receiver], e) => {
    const joined = [...features.getRow(sender), ...(ofEdges === undefined ? [] : matrix(ofEdges).getRow(e))];
    const hidden = weight1.mmul(Matrix.columnVector(joined)).getColumn(0).map(leaky);
    return leaky(dot(left, hidden) + dot(right, features.getRow(receiver)));
  });
  const rows = Array.from({ length: features.rows }, (_, i) => {
    const mine = [...list.keys()].filter((e) => list[e]![1] === i);
    const total = mine.reduce((sum, e) => sum + Math.exp(logits[e]!), 0);
    return Array.from(layer.bias.dataSync(), (bias, c) =>
      mine.reduce((sum, e) => sum + (Math.exp(logits[e]!) / total) * values.get(list[e]![0], c), bias),
    );
  });
  return new Matrix(rows);
}

describe("GATEConv", () => {
  it.each([
    ["with edge features", edgeDim],
    ["without", undefined],
  ])("computes the formula of the paper, %s", (_what, dim) => {
    const layer = new GATEConv(channels, { random: new Random(1), engine: reference, ...(dim && { edgeDim: dim }) });
    layer.bias.set([0.5, -0.25, 0.75]);
    const context = dim === undefined ? {} : { edgeFeatures };
    const output = layer.forward(x, graph, context);
    const expected = formula(layer, x, context.edgeFeatures, edges);
    expectSame(output.dataSync(), expected.to1DArray(), 12);
    const { output: same, attention } = layer.detailed(x, graph, context);
    expectSame(same.dataSync(), expected.to1DArray(), 12);
    expect(attention.neighborhood).toBe(graph);
    expect(attention.weights.shape).toEqual([edges.length, 1]);
  });

  it("gives a node at which no edge arrives the bias, and neither adds nor removes loops", () => {
    const layer = make();
    const output = Array.from(layer.forward(x, graph, { edgeFeatures }).dataSync());
    for (const isolated of [4, 5]) {
      expect(output.slice(channels * isolated, channels * (isolated + 1))).toEqual([0.5, -0.25, 0.75]);
    }
    const none = layer.forward(x, neighborhoodOf([], nodes), { edgeFeatures: numbers([0, edgeDim], 1) });
    expect(Array.from(none.dataSync())).toEqual(new Array(nodes).fill([0.5, -0.25, 0.75]).flat());
  });

  it("follows another numbering of nodes and edges", () => {
    const layer = make();
    const output = layer.forward(x, graph, { edgeFeatures });
    for (let seed = 0; seed < 5; seed++) {
      const random = new Random(seed);
      const newNumber = random.shuffle([0, 1, 2, 3, 4, 5]);
      const oldNumber = newNumber.map((_, i) => newNumber.indexOf(i));
      const order = random.shuffle([...edges.keys()]);
      const moved = order.map((e): Edge => [newNumber[edges[e]![0]]!, newNumber[edges[e]![1]]!]);
      const result = layer.forward(rowsOf(x, oldNumber), neighborhoodOf(moved, nodes), {
        edgeFeatures: rowsOf(edgeFeatures, order),
      });
      expectSame(result.dataSync(), rowsOf(output, oldNumber).dataSync(), 12);
    }
  });

  it.each([
    ["evaluated", {}],
    ["training", { training: { random: new Random(3) } }],
  ])("has the gradients of finite differences, %s", (_when, context) => {
    const layer = make();
    const leaves = { x, edgeFeatures, ...Object.fromEntries(layer.namedParameters()) };
    const loss = () => unevenSum(layer.forward(x, graph, { edgeFeatures, ...context }));
    for (const [name, { relativeError }] of Object.entries(checkGradients(loss, leaves, 1e-4))) {
      expect(relativeError, name).toBeLessThan(1e-6);
    }
  });

  it("computes on the wasm engine what it computes on the reference engine", () => {
    const engine = createWasmEngine();
    const output = make({ engine }).forward(numbers([nodes, channels], 1, engine), graph, {
      edgeFeatures: numbers([edges.length, edgeDim], 2, engine),
    });
    expectSame(output.dataSync(), make().forward(x, graph, { edgeFeatures }).dataSync(), 5);
  });

  it.each([gate, gateWithEdge])("has a score that is compiled: $name", (score) => {
    expect(explainPlan(score, { heads: 1, channels: 64, engine: createWasmEngine() }).path).toBe("fused");
  });

  it("drops weights while training, by the random numbers that it is given", () => {
    const layer = make({ dropout: 0.5 });
    const run = (seed: number) =>
      layer.forward(x, graph, { edgeFeatures, training: { random: new Random(seed) } }).dataSync();
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    const evaluate = () => layer.forward(x, graph, { edgeFeatures }).dataSync();
    expect(evaluate()).toEqual(evaluate());
  });

  it.each([
    ["a width of 0", () => new GATEConv(0, { random: new Random(1) }), "out-of-range"],
    ["edge features of no width", () => make({ edgeDim: 0 }), "out-of-range"],
    ["a dropout of everything", () => make({ dropout: 1 }), "out-of-range"],
    ["sparse features", () => make().forward(sparse, graph, { edgeFeatures }), "sparse-features"],
    ["features of two sides", () => make().forward([x, x], graph, { edgeFeatures }), "unexpected-input"],
    [
      "features of another width",
      () => make().forward(numbers([nodes, 2], 1), graph, { edgeFeatures }),
      "shapes-differ",
    ],
    ["no edge features", () => make().forward(x, graph), "missing-input"],
    ["edge features of other edges", () => make().forward(x, graph, { edgeFeatures: x }), "shapes-differ"],
  ])("refuses %s", (_what, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });

  it("refuses an option that nobody reads, and edge features that it was not made for", () => {
    const misspelt: object = { edgedim: 2 };
    expect(() => make(misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
    const plain = new GATEConv(channels, { random: new Random(1), engine: reference });
    expect(() => plain.forward(x, graph, { edgeFeatures })).toThrow(
      expect.objectContaining({ code: "unexpected-input" }),
    );
  });
});

const sparse = SparseTensor.from(sparseFeatures, { engine: reference });
