import { Random, type Tensor } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { numbers, reference } from "../testing/layer-examples.ts";
import { Perceptron } from "./perceptron.ts";

const parts = { random: new Random(1), engine: reference };

function rowsOf(x: Tensor): number[][] {
  const [rows = 0, columns = 0] = x.shape;
  const values = x.dataSync();
  return Array.from({ length: rows }, (_, r) => Array.from(values.slice(r * columns, (r + 1) * columns)));
}

describe("Perceptron", () => {
  it("has a ReLU between projections, and none after the last", () => {
    const network = new Perceptron([3, 4, 4, 2], parts);
    expect([network.inputs, network.outputs, network.parameterCount]).toEqual([3, 2, 16 + 20 + 10]);
    const x = numbers([5, 3], 1);
    let rows = rowsOf(x);
    for (const [k, { weight, bias }] of network.linears.entries()) {
      const [weights, shifts] = [rowsOf(weight), bias!.dataSync()];
      const activated = k === 0 ? rows : rows.map((row) => row.map((value) => Math.max(0, value)));
      rows = activated.map((row) =>
        weights.map((w, o) => w.reduce((total, value, i) => total + value * row[i]!, shifts[o]!)),
      );
    }
    const output = network.forward(x).dataSync();
    rows.flat().forEach((value, k) => {
      expect(output[k]).toBeCloseTo(value, 12);
    });
    expect(Math.min(...output)).toBeLessThan(0);
  });

  it("drops hidden numbers while training only, and never those of its input", () => {
    const x = numbers([5, 3], 1);
    const training = { random: new Random(2) };
    const network = new Perceptron([3, 8, 2], { ...parts, dropout: 0.5 });
    const evaluated = Array.from(network.forward(x).dataSync());
    expect(Array.from(network.forward(x).dataSync())).toEqual(evaluated);
    expect(Array.from(network.forward(x, { training }).dataSync())).not.toEqual(evaluated);
    const single = new Perceptron([3, 2], { ...parts, dropout: 0.5 });
    expect(Array.from(single.forward(x, { training }).dataSync())).toEqual(Array.from(single.forward(x).dataSync()));
  });
});
