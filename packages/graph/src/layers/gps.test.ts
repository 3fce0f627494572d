import { Random, SparseTensor, type Tensor } from "@vicinal/core";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import {
  type Edge,
  edgeDim,
  neighborhoodOf,
  numbers,
  reference,
  rowsOf,
  sparseFeatures,
} from "../testing/layer-examples.ts";
import { GATConv } from "./gat.ts";
import { GPSConv, type GPSConvOptions } from "./gps.ts";
import { RGATConv } from "./rgat.ts";

const channels = 4;
/** Two graphs of three nodes: a triangle with an edge given twice, and a loop with two isolated nodes. */
const edges: readonly Edge[] = [
  [0, 1],
  [1, 2],
  [2, 0],
  [0, 1],
  [3, 3],
];
const lengths = Uint32Array.of(3, 3);
const graph = neighborhoodOf(edges, 6);
const x = numbers([6, channels], 1);

function make(options: Partial<GPSConvOptions> = {}, seed = 1): GPSConv {
  const random = new Random(seed);
  const conv = new GATConv(channels, channels, { random, engine: reference });
  return new GPSConv(channels, conv, { random, engine: reference, ...options });
}

const variants: Readonly<Record<string, Partial<GPSConvOptions>>> = {
  "batch norm": { heads: 2 },
  "layer norm of graphs": { heads: 2, norm: "layer_norm" },
  "layer norm of nodes": { norm: "layer_norm", normMode: "node" },
  "no norm, gelu": { norm: "none", act: "gelu" },
};

describe("GPSConv", () => {
  for (const [what, options] of Object.entries(variants)) {
    it.each([
      ["evaluated", {}],
      ["training", { training: { random: new Random(3) } }],
    ])(`has gradients that agree with finite differences: ${what}, %s`, (_when, context) => {
      const layer = make(options);
      const leaves = { x, ...Object.fromEntries(layer.namedParameters()) };
      const checks = checkGradients(() => unevenSum(layer.forward(x, graph, { lengths, ...context })), leaves, 1e-5);
      for (const [name, { relativeError }] of Object.entries(checks)) {
        // What softmax does not see of the key's bias is rounding on both sides.
        if (name !== "attention.keyProjection.bias") expect(relativeError, name).toBeLessThan(1e-6);
      }
    });

    it(`does not care how the nodes of a graph are numbered: ${what}`, () => {
      for (let seed = 0; seed < 5; seed++) {
        const random = new Random(seed);
        const newNumber = [...random.shuffle([0, 1, 2]), ...random.shuffle([3, 4, 5])];
        const oldNumber = newNumber.map((_, i) => newNumber.indexOf(i));
        const moved = edges.map(([sender, receiver]): Edge => [newNumber[sender]!, newNumber[receiver]!]);
        const layer = make(options);
        const output = layer.forward(x, graph, { lengths });
        const result = layer.forward(rowsOf(x, oldNumber), neighborhoodOf(random.shuffle(moved), 6), { lengths });
        expectSame(result, rowsOf(output, oldNumber));
      }
    });

    it(`computes the graphs of a batch as each by itself: ${what}`, () => {
      const layer = make(options);
      const together = layer.forward(x, graph, { lengths });
      const first = layer.forward(rowsOf(x, [0, 1, 2]), neighborhoodOf(edges.slice(0, 4), 3));
      expectSame(first, rowsOf(together, [0, 1, 2]));
    });
  }

  it("lets the nodes of one graph see each other, and no others", () => {
    const layer = make({ heads: 2 });
    const { output, attention } = layer.detailed(x, graph, { lengths });
    expectSame(output, layer.forward(x, graph, { lengths }));
    expect(attention.neighborhood.edges).toBe(18);
    expect(attention.weights.shape).toEqual([18, 2]);
    const { senderOf, receiverOf } = attention.neighborhood;
    for (const [p, sender] of senderOf.entries()) expect(Math.floor(sender / 3)).toBe(Math.floor(receiverOf[p]! / 3));

    const changed = numbers([6, channels], 1);
    changed.set(x.dataSync().map((value, k) => (k >= 5 * channels ? value + 1 : value)));
    const other = layer.forward(changed, graph, { lengths }).dataSync();
    const before = output.dataSync();
    expect(Array.from(other.slice(0, 3 * channels))).toEqual(
      Array.from(
        layer
          .forward(x, graph, { lengths })
          .dataSync()
          .slice(0, 3 * channels),
      ),
    );
    // Node 4 has no edge: it sees node 5 through the global attention alone.
    expect(Math.abs(other[4 * channels]! - before[4 * channels]!)).toBeGreaterThan(1e-6);
  });

  it("takes all nodes for one graph where no lengths are given", () => {
    const layer = make();
    expectSame(layer.forward(x, graph), layer.forward(x, graph, { lengths: [6] }));
  });

  it("does without message passing", () => {
    const layer = new GPSConv(channels, undefined, { random: new Random(1), engine: reference });
    expect([...layer.namedParameters().keys()].some((name) => /conv|norm1/.test(name))).toBe(false);
    const without = layer.forward(x, graph, { lengths });
    expectSame(layer.forward(x, neighborhoodOf([], 6), { lengths }), without);
  });

  it("hands features and relations of edges to its message passing", () => {
    const random = new Random(1);
    const edgeFeatures = numbers([edges.length, edgeDim], 2);
    const gat = new GATConv(channels, channels, { random, engine: reference, edgeDim });
    const withFeatures = new GPSConv(channels, gat, { random, engine: reference });
    expect(withFeatures.forward(x, graph, { lengths, edgeFeatures }).shape).toEqual([6, channels]);
    expect(() => withFeatures.forward(x, graph, { lengths })).toThrow(
      expect.objectContaining({ code: "missing-input" }),
    );
    const rgat = new RGATConv(channels, channels, 2, { random, engine: reference });
    const edgeTypes = Uint32Array.of(0, 1, 0, 1, 1);
    const relational = new GPSConv(channels, rgat, { random, engine: reference });
    expect(relational.forward(x, graph, { lengths, edgeTypes }).shape).toEqual([6, channels]);
  });

  it("drops while training only", () => {
    const layer = make({ dropout: 0.5, attentionDropout: 0.5, norm: "none" });
    const at = (seed: number) =>
      layer.forward(x, graph, { lengths, training: { random: new Random(seed) } }).dataSync();
    expect(at(1)).toEqual(at(1));
    expect(at(1)).not.toEqual(at(2));
    expect(layer.forward(x, graph, { lengths }).dataSync()).toEqual(
      make({ norm: "none" }).forward(x, graph, { lengths }).dataSync(),
    );
  });

  it("keeps the statistics of its norms beside its parameters", () => {
    const kept = [...make().namedState().keys()].filter((name) => name.includes("running"));
    expect(kept).toHaveLength(6);
    expect([...make().namedParameters().keys()].some((name) => name.includes("running"))).toBe(false);
  });

  const unknownOption: object = { attn_type: "multihead" };
  const unknownNorm: object = { norm: "graph_norm" };
  const unknownMode: object = { norm: "layer_norm", normMode: "nodes" };
  const random = new Random(1);
  const refusals: readonly (readonly [what: string, code: string, call: () => unknown])[] = [
    ["an unknown option", "unknown-option", () => make(unknownOption)],
    ["a norm that it does not know", "out-of-range", () => make(unknownNorm)],
    ["a mode that it does not know", "out-of-range", () => make(unknownMode)],
    ["heads that do not divide the channels", "out-of-range", () => make({ heads: 3 })],
    ["to drop everything", "out-of-range", () => make({ dropout: 1 })],
    [
      "message passing to another width",
      "out-of-range",
      () =>
        new GPSConv(channels, new GATConv(channels, 3, { random, engine: reference }), { random, engine: reference }),
    ],
    ["lengths of fewer nodes", "shapes-differ", () => make().forward(x, graph, { lengths: [3, 2] })],
    ["features of another width", "shapes-differ", () => make().forward(numbers([6, 3], 1), graph, { lengths })],
    ["features of two sides", "unexpected-input", () => make().forward([x, x], graph, { lengths })],
    [
      "sparse features",
      "sparse-features",
      () => make().forward(SparseTensor.from(sparseFeatures, { engine: reference }), graph),
    ],
  ];
  for (const [what, code, call] of refusals) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ code })));
  }
});

function expectSame(got: Tensor, expected: Tensor): void {
  expect(got.shape).toEqual(expected.shape);
  const values = expected.dataSync();
  for (const [k, value] of got.dataSync().entries()) expect(value).toBeCloseTo(values[k]!, 10);
}
