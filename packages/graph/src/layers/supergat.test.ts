import { backward, Random } from "@vicinal/core";
import { checkGradients } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import { channels, type Edge, graph, neighborhoodOf, numbers, reference, width } from "../testing/layer-examples.ts";
import { SuperGATConv, type SuperGATConvOptions } from "./supergat.ts";

type Options = Omit<SuperGATConvOptions, "random" | "engine">;

function layerOf(options: Options = {}): SuperGATConv {
  return new SuperGATConv(width, channels, { random: new Random(1), engine: reference, heads: 2, ...options });
}

const x = numbers([6, width], 1);
const lossOf = (layer: SuperGATConv, seed: number): number =>
  layer.attentionLoss(x, graph, { training: { random: new Random(seed) } }).item();

describe("the attention loss", () => {
  for (const attentionType of ["MX", "SD"] as const) {
    it(`has the gradients of finite differences: ${attentionType}`, () => {
      const layer = layerOf({ attentionType, edgeSampleRatio: 0.7, negSampleRatio: 1 });
      const loss = () => layer.attentionLoss(x, graph, { training: { random: new Random(3) } });
      const checks = checkGradients(loss, { x, weight: layer.linear.weight }, 1e-4);
      for (const [name, { relativeError }] of Object.entries(checks)) expect(relativeError, name).toBeLessThan(1e-6);
    });
  }

  it("follows from the seed", () => {
    const layer = layerOf();
    expect(lossOf(layer, 1)).toBe(lossOf(layer, 1));
    expect(lossOf(layer, 1)).not.toBe(lossOf(layer, 2));
  });

  it("looks at edges and at pairs without one: what it has learned lowers it", () => {
    const layer = layerOf({ attentionType: "SD" });
    const before = lossOf(layer, 1);
    const { weight } = layer.linear;
    for (let step = 0; step < 200; step++) {
      weight.grad = undefined;
      backward(layer.attentionLoss(x, graph, { training: { random: new Random(step) } }));
      const slope = weight.grad!.dataSync();
      reference.write(
        weight.buffer,
        weight.dataSync().map((value, k) => value - 0.2 * slope[k]!),
      );
    }
    expect(lossOf(layer, 1)).toBeLessThan(before);
  });

  it("looks at a share of the edges, and at as many pairs for each as asked for", () => {
    // Between equal nodes every logit is the same number c, and the loss is the mean of log(1 + e^-c) for edges and log(1 + e^c) for pairs.
    const equal = numbers([6, width], 1);
    reference.write(equal.buffer, new Float64Array(equal.size).fill(1));
    const counted = (options: Options, seed: number): { readonly edges: number; readonly pairs: number } => {
      const layer = layerOf({ ...options, heads: 1 });
      const z = Array.from(layer.linear.forward(equal).dataSync().slice(0, channels));
      const c = z.reduce((total, value) => total + value ** 2, 0);
      const loss = layer.attentionLoss(equal, graph, { training: { random: new Random(seed) } }).item();
      const share = (loss - Math.log1p(Math.exp(-c))) / c;
      const pairs = Math.floor((options.negSampleRatio ?? 0.5) * (options.edgeSampleRatio ?? 1) * 13);
      return { pairs, edges: (pairs * (1 - share)) / share };
    };
    // Seven edges without the loop, and six loops.
    for (const negSampleRatio of [0.5, 1, 1.5]) expect(counted({ negSampleRatio }, 1).edges).toBeCloseTo(13, 8);
    const seeds = Array.from({ length: 300 }, (_, seed) => seed);
    const drawn = seeds.map((seed) => counted({ edgeSampleRatio: 0.4, negSampleRatio: 1 }, seed).edges);
    expect(Math.max(...drawn.map((count) => Math.abs(count - Math.round(count))))).toBeLessThan(1e-8);
    // 300 times 13 draws with the probability 0.4 have the mean 5.2 a seed, and its deviation is 0.1.
    expect(Math.abs(drawn.reduce((a, b) => a + b, 0) / 300 - 5.2)).toBeLessThan(0.5);
  });

  it("takes the pairs that it is given, and needs no random numbers then", () => {
    const negatives = { senders: Uint32Array.of(5, 4), receivers: Uint32Array.of(0, 1) };
    const layer = layerOf();
    const given = layer.attentionLoss(x, graph, { negatives });
    expect(given.item()).toBe(layer.attentionLoss(x, graph, { negatives }).item());
    expect(given.item()).not.toBe(lossOf(layer, 1));
  });

  it("is there on graphs without a pair of nodes, without an edge, or with all of them", () => {
    const layer = layerOf();
    const training = { random: new Random(1) };
    const complete = neighborhoodOf(
      [0, 1, 2].flatMap((i) => [0, 1, 2].filter((j) => j !== i).map((j): Edge => [j, i])),
      3,
    );
    for (const [nodes, neighborhood] of [
      [1, neighborhoodOf([], 1)],
      [3, neighborhoodOf([], 3)],
      [3, complete],
    ] as const) {
      const loss = layer.attentionLoss(numbers([nodes, width], 1), neighborhood, { training });
      expect(loss.item()).toBeGreaterThan(0);
    }
    const none = layerOf({ addSelfLoops: false });
    expect(none.attentionLoss(numbers([0, width], 1), neighborhoodOf([], 0), { training }).item()).toBe(0);
  });

  it("refuses to draw without random numbers, and pairs of nodes that are not there", () => {
    const missing = expect.objectContaining({ name: "OptionError", code: "missing-input" });
    expect(() => layerOf().attentionLoss(x, graph)).toThrow(missing);
    const negatives = { senders: Uint32Array.of(6), receivers: Uint32Array.of(0) };
    expect(() => layerOf({ edgeSampleRatio: 0.5 }).attentionLoss(x, graph, { negatives })).toThrow(missing);
    expect(() => layerOf().attentionLoss(x, graph, { negatives })).toThrow(
      expect.objectContaining({ name: "DataError", code: "index-out-of-range" }),
    );
    expect(() => layerOf().attentionLoss(numbers([5, width], 1), graph)).toThrow(
      expect.objectContaining({ name: "ShapeError", code: "shapes-differ" }),
    );
  });
});
