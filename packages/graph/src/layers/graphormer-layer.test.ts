import { alibi, Random, type Tensor } from "@vicinal/core";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { type Edge, neighborhoodOf, numbers, reference, rowsOf } from "../testing/layer-examples.ts";
import { DegreeEmbedding } from "./degree-embedding.ts";
import { GraphormerLayer, type GraphormerLayerOptions } from "./graphormer-layer.ts";
import { SpatialBias } from "./spatial-bias.ts";

const width = 4;
const heads = 2;
/** Two graphs, of three nodes and of two, by their distances: 0, 1, 2, and 3 for what cannot be reached. */
const lengths = [3, 2];
const distances = [
  [0, 1, 2],
  [3, 0, 1],
  [3, 3, 0],
  [0, 1],
  [3, 0],
];
const buckets = Uint8Array.from(distances.flat());
const edges: readonly Edge[] = [
  [1, 0],
  [2, 1],
  [4, 3],
  [4, 3],
];
const graph = neighborhoodOf(edges, 5);
const x = numbers([5, width], 1);

function make(options: Partial<GraphormerLayerOptions> = {}): GraphormerLayer {
  const layer = new GraphormerLayer(width, { random: new Random(1), engine: reference, heads, spatial: 4, ...options });
  for (const [k, each] of layer.parameters().entries()) each.set(numbers(each.shape, k + 2).dataSync());
  return layer;
}

/** `x W^T + b`. */
function linear(x: Matrix, { weight, bias }: { readonly weight: Tensor; readonly bias: Tensor | undefined }): Matrix {
  return x.mmul(weight.toMatrix().transpose()).addRowVector(Array.from(bias!.dataSync()));
}

function layerNorm(x: Matrix, { weight, bias }: { readonly weight: Tensor; readonly bias: Tensor }): Matrix {
  const [w, b] = [weight.dataSync(), bias.dataSync()];
  return Matrix.from1DArray(
    x.rows,
    x.columns,
    x.to2DArray().flatMap((row) => {
      const mean = row.reduce((a, c) => a + c, 0) / row.length;
      const variance = row.reduce((a, c) => a + (c - mean) ** 2, 0) / row.length;
      return row.map((value, c) => ((value - mean) / Math.sqrt(variance + 1e-5)) * w[c]! + b[c]!);
    }),
  );
}

/** `x Phi(x)` by Simpson's rule. */
function gelu(x: number): number {
  const steps = 2000;
  const h = x / steps;
  let total = 1 + Math.exp((-x * x) / 2);
  for (let k = 1; k < steps; k++) total += (k % 2 === 1 ? 4 : 2) * Math.exp(-((k * h) ** 2) / 2);
  return x * (0.5 + (total * h) / 3 / Math.sqrt(2 * Math.PI));
}

/** Equations 6, 8 and 9 of the paper, graph by graph and head by head. */
function byFormula({ encoder, spatial }: GraphormerLayer): number[] {
  const table = spatial!.weight.toMatrix();
  const { selfAttention: attention, selfAttentionResidual, feedForward, feedForwardResidual } = encoder;
  const channels = width / heads;
  const all = x.toMatrix();
  let first = 0;
  return lengths.flatMap((length) => {
    const own = all.subMatrix(first, first + length - 1, 0, width - 1);
    const read = layerNorm(own, selfAttentionResidual.norm);
    const [q, k, v] = [attention.queryProjection, attention.keyProjection, attention.valueProjection].map((each) =>
      linear(read, each),
    );
    const attended = Matrix.zeros(length, width);
    for (let h = 0; h < heads; h++) {
      const part = (m: Matrix) => m.subMatrix(0, length - 1, h * channels, (h + 1) * channels - 1);
      const logits = part(q!).mmul(part(k!).transpose()).div(Math.sqrt(channels));
      for (let i = 0; i < length; i++) {
        const terms = Array.from({ length }, (_, j) =>
          Math.exp(logits.get(i, j) + table.get(distances[first + i]![j]!, h)),
        );
        const total = terms.reduce((a, b) => a + b, 0);
        for (let c = 0; c < channels; c++) {
          const sum = terms.reduce((a, term, j) => a + (term / total) * v!.get(j, h * channels + c), 0);
          attended.set(i, h * channels + c, sum);
        }
      }
    }
    const y = Matrix.add(own, linear(attended, attention.outputProjection));
    const hidden = linear(layerNorm(y, feedForwardResidual.norm), feedForward.expand);
    hidden.apply((i, j) => void hidden.set(i, j, gelu(hidden.get(i, j))));
    first += length;
    return Matrix.add(y, linear(hidden, feedForward.contract)).to1DArray();
  });
}

describe("GraphormerLayer", () => {
  it("computes the equations of its paper", () => {
    const layer = make();
    const got = layer.forward(x, graph, { lengths, buckets }).dataSync();
    for (const [k, value] of byFormula(layer).entries()) expect(got[k]).toBeCloseTo(value, 9);
  });

  it("has gradients that agree with finite differences", () => {
    const layer = make();
    const leaves = { x, ...Object.fromEntries(layer.namedParameters()) };
    const checks = checkGradients(() => unevenSum(layer.forward(x, graph, { lengths, buckets })), leaves, 1e-4);
    for (const [name, { relativeError }] of Object.entries(checks)) {
      // What softmax does not see of the key's bias is rounding on both sides.
      if (name !== "encoder.selfAttention.keyProjection.bias") expect(relativeError, name).toBeLessThan(1e-6);
    }
  });

  it("does not care how the nodes of a graph are numbered", () => {
    const layer = make();
    const oldNumber = [2, 0, 1, 4, 3];
    const first = [0, 0, 0, 3, 3];
    const moved = oldNumber.flatMap((i) =>
      oldNumber.filter((j) => first[j] === first[i]).map((j) => distances[i]![j - first[i]!]!),
    );
    const result = layer.forward(rowsOf(x, oldNumber), graph, { lengths, buckets: Uint8Array.from(moved) });
    const expected = rowsOf(layer.forward(x, graph, { lengths, buckets }), oldNumber).dataSync();
    for (const [k, value] of result.dataSync().entries()) expect(value).toBeCloseTo(expected[k]!, 10);
  });

  it("attends more to nodes whose bucket weighs more", () => {
    const layer = make();
    layer.spatial!.weight.set([0, 0, 40, 40, 0, 0, 0, 0]);
    const { output, attention } = layer.detailed(x, graph, { lengths, buckets });
    expect(attention.weights.shape).toEqual([13, heads]);
    // Node 0 sees node 1 at distance 1: all weight goes there.
    expect(attention.weights.dataSync()[1 * heads]).toBeCloseTo(1, 6);
    const values = output.dataSync();
    for (const [k, value] of layer.forward(x, graph, { lengths, buckets }).dataSync().entries()) {
      expect(values[k]).toBeCloseTo(value, 10);
    }
  });

  it("shares a spatial bias with other layers, as a parameter of each", () => {
    const spatial = new SpatialBias(heads, 4, { random: new Random(1), engine: reference });
    const [one, other] = [make({ spatial }), make({ spatial })];
    expect(one.spatial).toBe(other.spatial);
    expect(one.parameters()).toContain(spatial.weight);
  });

  it("takes further terms, and does without buckets", () => {
    const layer = new GraphormerLayer(width, { random: new Random(1), engine: reference, heads });
    const plain = layer.forward(x, graph, { lengths }).dataSync();
    const biased = layer.forward(x, graph, { lengths, bias: [alibi({ heads, receivers: 5 })] }).dataSync();
    expect(layer.forward(x, graph, { lengths, bias: [] }).dataSync()).toEqual(plain);
    expect(biased).not.toEqual(plain);
  });

  it("drops while training only", () => {
    const layer = make({ dropout: 0.5, attentionDropout: 0.5 });
    const at = (seed: number) =>
      layer.forward(x, graph, { lengths, buckets, training: { random: new Random(seed) } }).dataSync();
    expect(at(1)).toEqual(at(1));
    expect(at(1)).not.toEqual(at(2));
    expect(layer.forward(x, graph, { lengths, buckets }).dataSync()).toEqual(
      make().forward(x, graph, { lengths, buckets }).dataSync(),
    );
  });

  const spatial = new SpatialBias(1, 4, { random: new Random(1), engine: reference });
  const unknownOption: object = { buckets: 4 };
  const refusals: readonly (readonly [what: string, code: string, call: () => unknown])[] = [
    ["an unknown option", "unknown-option", () => make(unknownOption)],
    ["heads that do not divide the width", "out-of-range", () => make({ heads: 3 })],
    ["no buckets", "out-of-range", () => make({ spatial: 0 })],
    ["a spatial bias for other heads", "out-of-range", () => make({ spatial })],
    ["no buckets of the pairs where it reads some", "missing-input", () => make().forward(x, graph, { lengths })],
    [
      "buckets where it reads none",
      "unexpected-input",
      () =>
        new GraphormerLayer(width, { random: new Random(1), engine: reference }).forward(x, graph, {
          lengths,
          buckets,
        }),
    ],
    ["buckets of fewer pairs", "shapes-differ", () => make().forward(x, graph, { lengths, buckets: buckets.slice(1) })],
    [
      "a bucket that is not there",
      "index-out-of-range",
      () => make().forward(x, graph, { lengths, buckets: buckets.map(() => 4) }),
    ],
    ["lengths of fewer nodes", "shapes-differ", () => make().forward(x, graph, { lengths: [3, 1], buckets })],
    [
      "features of another width",
      "shapes-differ",
      () => make().forward(numbers([5, 3], 1), graph, { lengths, buckets }),
    ],
    [
      "edge features",
      "unexpected-input",
      () => make().forward(x, graph, { lengths, buckets, edgeFeatures: numbers([4, 2], 1) }),
    ],
  ];
  for (const [what, code, call] of refusals) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ code })));
  }
});

describe("SpatialBias", () => {
  it("gives the same term for the same pairs, so that they are looked up once", () => {
    const spatial = new SpatialBias(heads, 4, { random: new Random(1), engine: reference });
    expect(spatial.bias(lengths, buckets)).toBe(spatial.bias([...lengths], buckets));
    expect(spatial.bias([2, 3], buckets)).not.toBe(spatial.bias(lengths, buckets));
    expect(spatial.bias([2, 3], buckets).bucketOf(1, 0)).toBe(2);
    expect(spatial.bias(lengths, buckets).bucketOf(4, 3)).toBe(3);
  });
});

describe("DegreeEmbedding", () => {
  const make = (direction: "in" | "out" | "both", maxDegree = 2) =>
    new DegreeEmbedding(width, { random: new Random(1), engine: reference, maxDegree, direction });

  it("adds a vector for the count of edges that arrive and one for those that leave", () => {
    const arriving = [1, 1, 0, 2, 0];
    const leaving = [0, 1, 1, 0, 2];
    const both = make("both");
    const [z, w] = [both.arriving!.weight.toMatrix(), both.leaving!.weight.toMatrix()];
    const expected = x
      .toMatrix()
      .to2DArray()
      .flatMap((row, i) => row.map((value, c) => value + z.get(arriving[i]!, c) + w.get(leaving[i]!, c)));
    const got = both.forward(x, graph).dataSync();
    for (const [k, value] of expected.entries()) expect(got[k]).toBeCloseTo(value, 12);
  });

  it("counts one direction alone where told", () => {
    expect([make("in").leaving, make("out").arriving]).toEqual([undefined, undefined]);
    const z = make("in").arriving!.weight.toMatrix();
    const got = make("in").forward(x, graph).dataSync();
    expect(got[0]).toBeCloseTo(x.dataSync()[0]! + z.get(1, 0), 12);
  });

  it("gives degrees above the largest the same vector", () => {
    const layer = make("in", 1);
    const z = layer.arriving!.weight.toMatrix();
    expect(z.rows).toBe(2);
    expect(layer.forward(x, graph).dataSync()[3 * width]).toBeCloseTo(x.dataSync()[3 * width]! + z.get(1, 0), 12);
  });

  it("has gradients that agree with finite differences", () => {
    const layer = make("both");
    const leaves = { x, ...Object.fromEntries(layer.namedParameters()) };
    const checks = checkGradients(() => unevenSum(layer.forward(x, graph)), leaves);
    for (const [name, { relativeError }] of Object.entries(checks)) expect(relativeError, name).toBeLessThan(1e-6);
  });

  it("refuses a largest degree that is no count, a direction that it does not know, and other nodes", () => {
    expect(() => make("in", -1)).toThrow(expect.objectContaining({ code: "out-of-range" }));
    const options: object = { random: new Random(1), maxDegree: 1, direction: "up" };
    expect(() => Reflect.construct(DegreeEmbedding, [width, options])).toThrow(
      expect.objectContaining({ code: "out-of-range" }),
    );
    expect(() => make("in").forward(numbers([4, width], 1), graph)).toThrow(
      expect.objectContaining({ code: "shapes-differ" }),
    );
  });
});
