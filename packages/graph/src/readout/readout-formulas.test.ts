import { backward, Linear, parameter, Random } from "@vicinal/core";
import { unevenSum } from "@vicinal/core/testing";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { Perceptron } from "../layers/perceptron.ts";
import { numbers, reference } from "../testing/layer-examples.ts";
import { expectSame, membership, rowsIn, width } from "../testing/readout-examples.ts";
import { AttentionReadout } from "./attention-readout.ts";
import { maxReadout, meanReadout, sumReadout } from "./pool.ts";
import { PoolingByMultiHeadAttention } from "./pooling-by-multi-head-attention.ts";
import { Set2Set } from "./set2set.ts";

describe("sum, mean and max", () => {
  const x = numbers([8, width], 3);
  const rows = new Matrix(rowsIn(x));
  const nodesOf = (graph: number): number[] =>
    [...membership.graphOf.keys()].filter((i) => membership.graphOf[i] === graph);

  it("are those of the rows of each graph", () => {
    const results = [sumReadout, meanReadout, maxReadout].map((readout) => rowsIn(readout(x, membership)));
    for (const graph of [0, 1, 3]) {
      const own = rows.selection(nodesOf(graph), [...Array(width).keys()]);
      expectSame(results[0]![graph]!, own.sum("column"));
      expectSame(results[1]![graph]!, own.mean("column"));
      expectSame(results[2]![graph]!, own.max("column"));
    }
  });

  it("max gives the gradient of equal numbers to the first node", () => {
    const equal = parameter(Float64Array.of(1, 2, 1, 0, 1, 2), [3, 2], { engine: reference });
    const largest = maxReadout(equal, { graphs: 1, graphOf: new Uint32Array(3) });
    backward(unevenSum(largest));
    const [first, second] = [Math.sin(1), Math.sin(2.7)];
    expectSame(equal.grad!.dataSync(), [first, second, 0, 0, 0, 0]);
  });

  it("max of numbers below zero is below zero", () => {
    const negative = parameter(Float64Array.of(-3, -1, -2), [3, 1], { engine: reference });
    expect([...maxReadout(negative, { graphs: 2, graphOf: new Uint32Array(3) }).dataSync()]).toEqual([-1, 0]);
  });
});

describe("AttentionReadout", () => {
  it("sums what nn makes of the nodes, weighted by the softmax of their gates", () => {
    const drawn = { random: new Random(5), engine: reference };
    const readout = new AttentionReadout(width, { ...drawn, nn: new Linear(width, 3, drawn) });
    const x = numbers([8, width], 6);
    const { output, attention } = readout.detailed(x, membership);
    const rows = new Matrix(rowsIn(x));
    const gate = linear(rows, readout.gateNn);
    const made = linear(rows, readout.nn!);
    for (const [graph, nodes] of [
      [0, [0, 1, 2]],
      [1, [3, 4, 5, 6]],
    ] as const) {
      const raised = nodes.map((i) => Math.exp(gate.get(i, 0)));
      const total = raised.reduce((a, b) => a + b);
      const weights = Matrix.rowVector(raised.map((value) => value / total));
      const summed = weights.mmul(made.selection([...nodes], [0, 1, 2]));
      expectSame(rowsIn(output)[graph]!, summed.to1DArray());
      const [first, end] = [attention.neighborhood.offsets[graph]!, attention.neighborhood.offsets[graph + 1]!];
      expectSame(attention.weights.dataSync().slice(first, end), weights.to1DArray());
    }
  });

  it("is what each gate says of its own run of channels", () => {
    const drawn = { random: new Random(5), engine: reference };
    const gateNn = new Linear(width, 2, drawn);
    const both = new AttentionReadout(width, { ...drawn, gateNn });
    const x = numbers([8, width], 6);
    const together = rowsIn(both.forward(x, membership));
    for (const gate of [0, 1]) {
      const one = new Linear(width, 1, drawn);
      one.weight.engine.write(one.weight.buffer, gateNn.weight.dataSync().slice(gate * width, (gate + 1) * width));
      one.bias!.engine.write(one.bias!.buffer, gateNn.bias!.dataSync().slice(gate, gate + 1));
      const alone = rowsIn(new AttentionReadout(width, { ...drawn, gateNn: one }).forward(x, membership));
      together.forEach((row, graph) => {
        expectSame(row.slice(2 * gate, 2 * gate + 2), alone[graph]!.slice(2 * gate, 2 * gate + 2));
      });
    }
  });

  it("draws the dropout of its networks while training", () => {
    const drawn = { random: new Random(5), engine: reference };
    const nn = new Perceptron([width, 16, 2], { ...drawn, dropout: 0.5 });
    const readout = new AttentionReadout(width, { ...drawn, nn });
    const x = numbers([8, width], 6);
    const trained = (seed: number) => [
      ...readout.forward(x, membership, { training: { random: new Random(seed) } }).dataSync(),
    ];
    expect(trained(1)).toEqual(trained(1));
    expect(trained(1)).not.toEqual(trained(2));
    expect(trained(1)).not.toEqual([...readout.forward(x, membership).dataSync()]);
  });

  it("refuses networks that do not fit", () => {
    const drawn = { random: new Random(1), engine: reference };
    const outOfRange = expect.objectContaining({ name: "OptionError", code: "out-of-range" });
    expect(() => new AttentionReadout(width, { ...drawn, gateNn: new Linear(width, 3, drawn) })).toThrow(outOfRange);
    expect(() => new AttentionReadout(width, { ...drawn, gateNn: new Linear(3, 1, drawn) })).toThrow(outOfRange);
    expect(() => new AttentionReadout(width, { ...drawn, nn: new Linear(3, 1, drawn) })).toThrow(outOfRange);
    const liar = Object.assign(new Linear(width, 2, drawn), { forward: () => numbers([8, 3], 1) });
    expect(() =>
      new AttentionReadout(width, { ...drawn, nn: liar }).forward(numbers([8, width], 1), membership),
    ).toThrow(
      expect.objectContaining({
        name: "ShapeError",
        code: "shapes-differ",
        message: expect.stringContaining("from nn"),
      }),
    );
  });
});

describe("Set2Set", () => {
  it("asks and reads its nodes in turn", () => {
    const readout = new Set2Set(2, { random: new Random(3), engine: reference, processingSteps: 2 });
    const x = numbers([3, 2], 4);
    const rows = new Matrix(rowsIn(x));
    const { lstm } = readout;
    const [weightIh, weightHh] = [lstm.weightIh, lstm.weightHh].map((w) => new Matrix(rowsIn(w)));
    const bias = Matrix.add(
      Matrix.columnVector([...lstm.biasIh.dataSync()]),
      Matrix.columnVector([...lstm.biasHh.dataSync()]),
    );
    const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
    let [read, hidden, cell] = [Matrix.zeros(4, 1), Matrix.zeros(2, 1), Matrix.zeros(2, 1)];
    const looks: number[][] = [];
    for (let step = 0; step < 2; step++) {
      const gates = weightIh!.mmul(read).add(weightHh!.mmul(hidden)).add(bias).to1DArray();
      const part = (k: number): number[] => gates.slice(2 * k, 2 * k + 2);
      const [input, forget, given, output] = [
        part(0).map(sigmoid),
        part(1).map(sigmoid),
        part(2).map(Math.tanh),
        part(3).map(sigmoid),
      ];
      cell = Matrix.columnVector([0, 1].map((k) => forget[k]! * cell.get(k, 0) + input[k]! * given[k]!));
      hidden = Matrix.columnVector([0, 1].map((k) => output[k]! * Math.tanh(cell.get(k, 0))));
      const raised = rows.mmul(hidden).to1DArray().map(Math.exp);
      const total = raised.reduce((a, b) => a + b);
      looks.push(raised.map((value) => value / total));
      const found = Matrix.rowVector(looks[step]!).mmul(rows).to1DArray();
      read = Matrix.columnVector([...hidden.to1DArray(), ...found]);
    }
    const { output, attention } = readout.detailed(x, { graphs: 1, graphOf: new Uint32Array(3) });
    expectSame(output.dataSync(), read.to1DArray());
    expect(attention.weights.shape).toEqual([3, 2]);
    expectSame(
      attention.weights.dataSync(),
      [0, 1, 2].flatMap((i) => looks.map((look) => look[i]!)),
    );
  });
});

describe("PoolingByMultiHeadAttention", () => {
  it("lets every seed attend to the nodes of its graph", () => {
    const readout = new PoolingByMultiHeadAttention(width, {
      random: new Random(3),
      engine: reference,
      numSeedPoints: 2,
    });
    const x = numbers([8, width], 4);
    const { output, attention } = readout.detailed(x, membership);
    const rows = relu(linear(new Matrix(rowsIn(x)), readout.linear));
    const seeds = new Matrix(rowsIn(readout.seed));
    const { queryProjection, keyProjection, valueProjection, outputProjection } = readout.attention;
    const own = rows.selection([3, 4, 5, 6], [...Array(width).keys()]);
    const logits = linear(seeds, queryProjection).mmul(linear(own, keyProjection).transpose()).div(Math.sqrt(width));
    const weights = softmaxRows(logits);
    const attended = normalize(Matrix.add(seeds, linear(weights.mmul(linear(own, valueProjection)), outputProjection)));
    const pooled = normalize(Matrix.add(attended, relu(linear(attended, readout.feedForward))));
    expectSame(rowsIn(output)[1]!, pooled.to1DArray());
    const { offsets, senderOf } = attention.neighborhood;
    expect([...senderOf.slice(offsets[2], offsets[4])]).toEqual([3, 4, 5, 6, 3, 4, 5, 6]);
    expectSame(attention.weights.dataSync().slice(offsets[2], offsets[4]), weights.to1DArray());
  });

  it("drops weights while training", () => {
    const readout = new PoolingByMultiHeadAttention(width, { random: new Random(3), engine: reference, dropout: 0.5 });
    const x = numbers([8, width], 4);
    const trained = (seed: number) => [
      ...readout.forward(x, membership, { training: { random: new Random(seed) } }).dataSync(),
    ];
    expect(trained(1)).toEqual(trained(1));
    expect(trained(1)).not.toEqual(trained(2));
  });
});

function linear(x: Matrix, layer: object): Matrix {
  if (!(layer instanceof Linear)) throw new Error("expected a Linear");
  const weight = new Matrix(rowsIn(layer.weight));
  return x.mmul(weight.transpose()).addRowVector([...layer.bias!.dataSync()]);
}

function relu(x: Matrix): Matrix {
  return Matrix.max(x, Matrix.zeros(x.rows, x.columns));
}

function softmaxRows(logits: Matrix): Matrix {
  const raised = Matrix.exp(logits);
  return raised.divColumnVector(raised.sum("row"));
}

/** Layer norm with the weights 1 and the biases 0 that it starts with. */
function normalize(x: Matrix): Matrix {
  const centered = x.clone().subColumnVector(x.mean("row"));
  const deviations = Matrix.pow(centered, 2)
    .mean("row")
    .map((variance) => Math.sqrt(variance + 1e-5));
  return centered.divColumnVector(deviations);
}
