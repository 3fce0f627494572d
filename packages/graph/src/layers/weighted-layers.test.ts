import { backward, Random, sum, type Tensor, tensor } from "@vicinal/core";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import { type Edge, neighborhoodOf, numbers, reference } from "../testing/layer-examples.ts";
import { FAConv } from "./fa.ts";
import { GCNConv, type GCNConvOptions } from "./gcn.ts";
import { SAGEConv } from "./sage.ts";

const parts = { random: new Random(1), engine: reference };
const weightsOf = (values: readonly number[]): Tensor =>
  tensor(values, [values.length], { engine: reference, requiresGrad: true });

/** A loop at 0 given twice, a loop at 2, an edge given twice, a node 4 without any. */
const list: readonly Edge[] = [
  [0, 0],
  [1, 0],
  [0, 0],
  [2, 1],
  [2, 1],
  [2, 2],
  [3, 2],
];
const graph = neighborhoodOf(list, 5);
const x = numbers([5, 2], 1);

/** `D^-1/2 A D^-1/2 X W^T + b` by loops, `A` as given: rows are receivers. */
function convolved(layer: GCNConv, a: readonly (readonly number[])[]): number[] {
  const scale = a.map((row) => row.reduce((total, weight) => total + weight, 0)).map((d) => (d > 0 ? d ** -0.5 : 0));
  const [features, weight] = [rowsIn(x), rowsIn(layer.linear.weight)];
  const projected = features.map((row) => weight.map((w) => w.reduce((total, value, k) => total + value * row[k]!, 0)));
  const bias = layer.bias!.dataSync();
  return a.flatMap((row, i) =>
    Array.from(bias, (b, c) => row.reduce((sum, w, j) => sum + scale[i]! * w * scale[j]! * projected[j]![c]!, b)),
  );
}

function rowsIn(values: Tensor): number[][] {
  const [rows = 0, columns = 0] = values.shape;
  const numbers = values.dataSync();
  return Array.from({ length: rows }, (_, r) => Array.from(numbers.slice(r * columns, (r + 1) * columns)));
}

function adjacency(values: readonly (readonly [receiver: number, sender: number, weight: number])[]): number[][] {
  const a = Array.from({ length: 5 }, () => new Array<number>(5).fill(0));
  for (const [i, j, weight] of values) a[i]![j]! += weight;
  return a;
}

describe("GCNConv is a product of matrices", () => {
  const layerOf = (options: Partial<GCNConvOptions> = {}): GCNConv => new GCNConv(2, 2, { ...parts, ...options });
  const edgesOf = (w: readonly number[]) => [
    [0, 1, w[1]!] as const,
    [1, 2, w[3]!] as const,
    [1, 2, w[4]!] as const,
    [2, 3, w[6]!] as const,
  ];
  const ones = [1, 1, 1, 1, 1, 1, 1];
  const weights = [0.5, 2, 1.5, 0.25, 3, 0.75, 1.25];
  const cases: readonly (readonly [string, GCNConv, readonly number[] | undefined, number[][]])[] = [
    ["A + I", layerOf(), undefined, adjacency([...edgesOf(ones), ...[0, 1, 2, 3, 4].map((i) => [i, i, 1] as const)])],
    [
      "A + 2 I where no loop was given",
      layerOf({ improved: true }),
      undefined,
      adjacency([...edgesOf(ones), ...[1, 2, 1, 2, 2].map((weight, i) => [i, i, weight] as const)]),
    ],
    [
      "given weights, a loop given twice having their mean",
      layerOf(),
      weights,
      adjacency([...edgesOf(weights), ...[1, 1, 0.75, 1, 1].map((weight, i) => [i, i, weight] as const)]),
    ],
    [
      "A as it is, loops given twice counting twice",
      layerOf({ addSelfLoops: false }),
      undefined,
      adjacency([...edgesOf(ones), [0, 0, 2], [2, 2, 1]]),
    ],
  ];
  for (const [what, layer, given, a] of cases) {
    it(`of ${what}`, () => {
      reference.write(layer.bias!.buffer, [0.5, -0.25]);
      const context = given === undefined ? {} : { edgeWeights: weightsOf(given) };
      const output = layer.forward(x, graph, context).dataSync();
      convolved(layer, a).forEach((value, k) => {
        expect(output[k]).toBeCloseTo(value, 12);
      });
    });
  }
});

describe("edges that weigh nothing", () => {
  it("leave a node its bias, with gradients that are finite", () => {
    const layer = new GCNConv(2, 2, { ...parts, addSelfLoops: false });
    reference.write(layer.bias!.buffer, [0.25, -1]);
    const edgeWeights = weightsOf([0, 0, 0, 1, 1, 1, 1]);
    const output = layer.forward(x, graph, { edgeWeights });
    expect(Array.from(output.dataSync().slice(0, 2))).toEqual([0.25, -1]);
    expect(Array.from(output.dataSync().slice(8))).toEqual([0.25, -1]);
    backward(sum(output));
    expect(edgeWeights.grad!.dataSync().every(Number.isFinite)).toBe(true);
  });
});

describe("the gradient by edge weights", () => {
  it("agrees with finite differences where a loop was given twice", () => {
    const layer = new GCNConv(2, 2, { ...parts, improved: true });
    const edgeWeights = weightsOf([0.5, 2, 1.5, 0.25, 3, 0.75, 1.25]);
    const checks = checkGradients(() => unevenSum(layer.forward(x, graph, { edgeWeights })), { edgeWeights, x });
    for (const [name, { relativeError }] of Object.entries(checks)) expect(relativeError, name).toBeLessThan(1e-6);
  });
});

describe("FAConv", () => {
  it("has coefficients between -1 and 1, of either sign", () => {
    const layer = new FAConv(2, { ...parts, eps: 0 });
    const { attention } = layer.detailed(numbers([5, 2], 3), graph);
    const weights = Array.from(attention.weights.dataSync());
    expect(Math.max(...weights.map(Math.abs))).toBeLessThan(1);
    expect(Math.min(...weights)).toBeLessThan(0);
    expect(Math.max(...weights)).toBeGreaterThan(0);
  });

  it("takes edge weights if and only if it does not normalize", () => {
    const initial = numbers([5, 2], 2);
    const edgeWeights = weightsOf(list.map(() => 1));
    expect(() => new FAConv(2, parts).forward(x, graph, { initial, edgeWeights })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "unexpected-input" }),
    );
    expect(() => new FAConv(2, { ...parts, normalize: false }).forward(x, graph, { initial })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "missing-input" }),
    );
  });
});

describe("SAGEConv", () => {
  it("normalizes rows to length 1, and leaves one of zeros as it is, with gradients that are finite", () => {
    const layer = new SAGEConv(2, 3, { ...parts, normalize: true, rootWeight: false, bias: false });
    const nodes = numbers([5, 2], 1);
    const output = layer.forward(nodes, graph);
    const lengths = rowsIn(output).map((row) => Math.hypot(...row));
    expect(lengths.map((length) => Math.round(length * 1e12) / 1e12)).toEqual([1, 1, 1, 0, 0]);
    backward(unevenSum(output));
    expect(nodes.grad!.dataSync().every(Number.isFinite)).toBe(true);
  });

  it("gives the same whether it projects before or after it sums", () => {
    const [narrow, wide] = [new SAGEConv(2, 1, parts), new SAGEConv(2, 2, parts)];
    reference.write(wide.linearLeft.weight.buffer, [...narrow.linearLeft.weight.dataSync(), 1, 1]);
    reference.write(wide.linearLeft.bias!.buffer, [...narrow.linearLeft.bias!.dataSync(), 0]);
    reference.write(wide.linearRight!.weight.buffer, [...narrow.linearRight!.weight.dataSync(), 0, 0]);
    const all = wide.forward(x, graph).dataSync();
    narrow
      .forward(x, graph)
      .dataSync()
      .forEach((value, i) => {
        expect(all[2 * i]).toBeCloseTo(value, 12);
      });
  });
});
