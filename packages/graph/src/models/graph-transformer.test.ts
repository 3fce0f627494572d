import { add, gelu, Random, type SparseNeighborhood, type Tensor, tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import type { AttentionLayerName } from "./attention-layer-by-name.ts";
import { GraphTransformer, type GraphTransformerOptions } from "./graph-transformer.ts";

const engine = createReferenceEngine();
const neighborhood: SparseNeighborhood = neighborhoodOfEdges(
  4,
  { sources: Uint32Array.of(0, 1, 1, 2), targets: Uint32Array.of(1, 2, 2, 0) },
  { directed: false },
);

function features(seed = 1): Tensor {
  const random = new Random(seed);
  return tensor(
    Float64Array.from({ length: 12 }, () => random.uniform(-1, 1)),
    [4, 3],
    { engine },
  );
}

function model(options: Partial<GraphTransformerOptions> = {}): GraphTransformer {
  return new GraphTransformer(3, 2, { random: new Random(3), engine, layers: 2, heads: 2, hidden: 4, ...options });
}

describe("GraphTransformer", () => {
  it("adds to each node what a network makes of what it gathered, on normalized input", () => {
    const net = model();
    let x = gelu(net.input.forward(features()));
    for (const { norm, attention, feedForward } of net.blocks) {
      x = add(x, feedForward.forward(attention.forward(norm.forward(x), neighborhood)));
    }
    const expected = net.output.forward(net.norm.forward(x)).dataSync();
    expect(net.forward(features(), neighborhood).dataSync()).toEqual(expected);
    expect(net.detailed(features(), neighborhood).output.dataSync()).toEqual(expected);
  });

  it("answers for a node without edges by its own features alone", () => {
    const own = (x: Tensor): number[] => Array.from(model().forward(x, neighborhood).dataSync().slice(6));
    const changed = (node: number): Tensor =>
      tensor(
        features()
          .dataSync()
          .map((value, k) => (Math.floor(k / 3) === node ? value + 1 : value)),
        [4, 3],
        { engine },
      );
    expect(own(changed(0))).toEqual(own(features()));
    expect(own(changed(3))).not.toEqual(own(features()));
  });

  it.each<AttentionLayerName>(["gat", "gatv2", "transformer"])("has gradients through %s", (layer) => {
    const net = model({ layer, layers: 1 });
    const x = features();
    const checks = checkGradients(
      () => unevenSum(net.forward(x, neighborhood)),
      Object.fromEntries(net.namedParameters()),
      1e-4,
    );
    for (const [name, { relativeError }] of Object.entries(checks)) expect(relativeError, name).toBeLessThan(1e-5);
  });

  it("drops while training, and only then", () => {
    const net = model({ dropout: 0.5 });
    const run = (seed?: number) =>
      net.forward(features(), neighborhood, seed === undefined ? {} : { training: { random: new Random(seed) } });
    expect(run().dataSync()).toEqual(run().dataSync());
    expect(run(1).dataSync()).toEqual(run(1).dataSync());
    expect(run(1).dataSync()).not.toEqual(run(2).dataSync());
  });

  it.each([
    ["heads that do not divide", { heads: 3 }, "heads-do-not-divide"],
    ["no blocks", { layers: 0 }, "out-of-range"],
    ["a dropout of 1", { dropout: 1 }, "out-of-range"],
  ])("refuses %s", (_what, options, code) => {
    expect(() => model(options)).toThrow(expect.objectContaining({ name: "OptionError", code }));
  });

  it("refuses an option that nobody reads", () => {
    const options = { random: new Random(1), outputHeads: 2 };
    expect(() => new GraphTransformer(3, 2, options)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});
