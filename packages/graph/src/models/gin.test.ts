import { Random, SparseTensor, type Tensor } from "@vicinal/core";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { GINEConv } from "../layers/gine.ts";
import { edges, exampleGraphs, graphOf, sizes } from "../testing/graph-inputs.ts";
import { type Edge, edgeDim, neighborhoodOf, numbers, reference, width } from "../testing/layer-examples.ts";
import { expectSame, rowsIn } from "../testing/readout-examples.ts";
import { GIN, type GINOptions } from "./gin.ts";
import { NormalizedPerceptron } from "./normalized-perceptron.ts";

const outputs = 2;
const hidden = 4;

/** A model whose parameters and running statistics are drawn, so that every one of them shows. */
function make(options: Partial<GINOptions> = {}): GIN {
  const model = new GIN(width, outputs, { random: new Random(1), engine: reference, layers: 2, hidden, ...options });
  const random = new Random(5);
  for (const [name, state] of model.namedState()) {
    const least = name.endsWith("runningVariance") ? 0.5 : -1;
    state.set(Float64Array.from({ length: state.size }, () => random.uniform(least, 1)));
  }
  return model;
}

const matrix = (of: Tensor): Matrix => Matrix.from1DArray(of.shape[0]!, of.shape[1]!, Array.from(of.dataSync()));

describe("GIN", () => {
  it.each([
    ["", undefined],
    [", with edge features and a learned eps", edgeDim],
  ])("computes the formula of the paper%s", (_what, dim) => {
    const model = make(dim === undefined ? {} : { edgeDim: dim, trainEps: true });
    const graphs = exampleGraphs({ hasEdgeFeatures: dim !== undefined });
    const affine = (x: Matrix, { weight, bias }: { weight: Tensor; bias: Tensor | undefined }): Matrix =>
      x.mmul(matrix(weight).transpose()).addRowVector(Array.from(bias!.dataSync()));
    const rectified = (x: Matrix): Matrix => Matrix.max(x, Matrix.zeros(x.rows, x.columns));
    const normalized = (x: Matrix, norm: GIN["norms"][number]): Matrix => {
      const [mean, variance, weight, bias] = [norm.runningMean, norm.runningVariance, norm.weight, norm.bias].map(
        (of) => Array.from(of.dataSync()),
      );
      const deviation = variance!.map((value) => Math.sqrt(value + 1e-5));
      return x.clone().subRowVector(mean!).divRowVector(deviation).mulRowVector(weight!).addRowVector(bias!);
    };
    const membership = new Matrix(sizes.map((_, g) => Array.from(graphOf, (graph) => (graph === g ? 1 : 0))));
    const pooled = (x: Matrix): Matrix => membership.mmul(x);

    let x = matrix(graphs.x);
    let expected = affine(pooled(x), model.linears[0]!);
    for (const [k, layer] of model.layers.entries()) {
      const summed = Matrix.mul(x, 1 + layer.eps.item());
      const ofEdges = layer instanceof GINEConv ? affine(matrix(graphs.edgeFeatures!), layer.linear!) : undefined;
      for (const [e, [sender, receiver]] of edges.entries()) {
        let message = Matrix.rowVector(x.getRow(sender));
        if (ofEdges !== undefined) message = rectified(Matrix.add(message, Matrix.rowVector(ofEdges.getRow(e))));
        summed.setRow(receiver, Matrix.add(Matrix.rowVector(summed.getRow(receiver)), message).getRow(0));
      }
      if (!(layer.network instanceof NormalizedPerceptron)) throw new Error("expected the model's own network");
      const { linear1, norm, linear2 } = layer.network;
      x = rectified(normalized(affine(rectified(normalized(affine(summed, linear1), norm)), linear2), model.norms[k]!));
      expected = Matrix.add(expected, affine(pooled(x), model.linears[k + 1]!));
    }
    expectSame(model.forward(graphs).dataSync(), expected.to1DArray(), 10);
  });

  it("is by default the recipe that it is measured with: four layers of 32, sums of every layer, dropout one half", () => {
    const model = new GIN(7, 2, { random: new Random(1), engine: reference });
    expect(model.layers.map(({ network: { inputs, outputs: to } }) => [inputs, to])).toEqual([
      [7, 32],
      ...new Array(3).fill([32, 32]),
    ]);
    expect(model.linears.map(({ inputs, outputs: to }) => [inputs, to])).toEqual([
      [7, 2],
      ...new Array(4).fill([32, 2]),
    ]);
    expect(model.dropout.probability).toBe(0.5);
    expect(model.layers.map(({ eps }) => [eps.item(), eps.requiresGrad])).toEqual(new Array(4).fill([0, false]));
  });

  it("tells apart graphs that differ only in how many equal nodes there are, which means do not", () => {
    const ring = (size: number, first: number): readonly Edge[] =>
      Array.from({ length: size }, (_, i): Edge => [first + i, first + ((i + 1) % size)]);
    const graphs = {
      neighborhood: neighborhoodOf([...ring(3, 0), ...ring(4, 3)], 7),
      graphs: 2,
      graphOf: Uint32Array.of(0, 0, 0, 1, 1, 1, 1),
    };
    const equal = numbers([7, width], 1);
    equal.set(Float64Array.from({ length: 7 * width }, (_, k) => k % width));
    const run = (readout: "sum" | "mean") => rowsIn(make({ readout }).forward({ ...graphs, x: equal }));
    const [three, four] = run("sum");
    expect(Math.abs(three![0]! - four![0]!)).toBeGreaterThan(1e-3);
    const [meanOfThree, meanOfFour] = run("mean");
    expectSame(meanOfThree!, meanOfFour!);
  });

  it("attends to nothing", () => {
    const { attention } = make().detailed(exampleGraphs());
    expect(attention).toEqual({ nodes: undefined, edges: undefined });
  });

  it("refuses sparse features, which it sums without a projection", () => {
    const graphs = exampleGraphs();
    const rows = graphs.graphOf.length;
    const none = { kind: "csr", rows, columns: width, indptr: new Uint32Array(rows + 1) } as const;
    const x = SparseTensor.from(
      { ...none, indices: new Uint32Array(0), values: new Float32Array(0) },
      { engine: reference },
    );
    expect(() => make().forward({ ...graphs, x })).toThrow(expect.objectContaining({ code: "sparse-features" }));
  });

  it.each<[string, object, string]>([
    ["no layers", { layers: 0 }, "out-of-range"],
    ["no width", { hidden: 0 }, "out-of-range"],
    ["a read-out that is none", { readout: "median" }, "out-of-range"],
    ["a dropout of everything", { dropout: 1 }, "out-of-range"],
    ["edge features of no width", { edgeDim: 0 }, "out-of-range"],
    ["an option that nobody reads", { heads: 2 }, "unknown-option"],
  ])("refuses %s", (_what, options, code) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ name: "OptionError", code }));
  });
});
