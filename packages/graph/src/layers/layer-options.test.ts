import { Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { reference } from "../testing/layer-examples.ts";
import { AGNNConv } from "./agnn.ts";
import { FAConv } from "./fa.ts";
import { GCNConv } from "./gcn.ts";
import { GINConv } from "./gin.ts";
import { GINEConv } from "./gine.ts";
import { Perceptron } from "./perceptron.ts";
import { ResGatedGraphConv } from "./res-gated.ts";
import { SAGEConv } from "./sage.ts";
import { SuperGATConv } from "./supergat.ts";
import { TransformerConv } from "./transformer.ts";

const parts = { random: new Random(1), engine: reference };
const network = new Perceptron([3, 2], parts);

/** What makes a layer of options that a program without types could give, and options that it cannot have. */
const layers: Readonly<Record<string, readonly [make: (options: object) => unknown, impossible: readonly object[]]>> = {
  TransformerConv: [
    (options) => new TransformerConv(3, 2, { ...parts, ...options }),
    [{ heads: 0 }, { heads: 1.5 }, { dropout: 1 }, { dropout: Number.NaN }, { edgeDim: 0 }],
  ],
  AGNNConv: [(options) => new AGNNConv(3, { engine: reference, ...options }), []],
  FAConv: [
    (options) => new FAConv(3, { ...parts, ...options }),
    [{ eps: Number.NaN }, { dropout: -0.1 }, { addSelfLoops: true, normalize: false }],
  ],
  SuperGATConv: [
    (options) => new SuperGATConv(3, 2, { ...parts, ...options }),
    [
      { heads: 0 },
      { dropout: 1 },
      { attentionType: "sd" },
      ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY].map((negSampleRatio) => ({ negSampleRatio })),
      ...[0, 1.1, Number.NaN].map((edgeSampleRatio) => ({ edgeSampleRatio })),
    ],
  ],
  ResGatedGraphConv: [(options) => new ResGatedGraphConv(3, 2, { ...parts, ...options }), [{ edgeDim: 0 }]],
  GCNConv: [(options) => new GCNConv(3, 2, { ...parts, ...options }), [{ addSelfLoops: true, normalize: false }]],
  SAGEConv: [(options) => new SAGEConv(3, 2, { ...parts, ...options }), [{ aggr: "lstm" }]],
  GINConv: [(options) => new GINConv(network, { engine: reference, ...options }), [{ eps: Number.POSITIVE_INFINITY }]],
  GINEConv: [(options) => new GINEConv(network, { ...parts, ...options }), [{ eps: Number.NaN }, { edgeDim: 1.5 }]],
  Perceptron: [(options) => new Perceptron([3, 2], { ...parts, ...options }), [{ dropout: 1 }]],
};

describe.each(Object.entries(layers))("%s refuses", (name, [make, impossible]) => {
  it("an option that it does not know", () => {
    expect(() => make({ edge_dim: 2 })).toThrow(
      expect.objectContaining({ code: "unknown-option", message: expect.stringMatching(`^${name}: .*"edge_dim"`) }),
    );
  });

  for (const options of impossible) {
    it(`${JSON.stringify(options)}`, () => {
      expect(() => make(options)).toThrow(
        expect.objectContaining({
          name: "OptionError",
          code: "out-of-range",
          message: expect.stringMatching(`^${name}: `),
        }),
      );
    });
  }
});

it("refuses a layer of no width", () => {
  const refusal = expect.objectContaining({ code: "out-of-range" });
  expect(() => new TransformerConv(3, 0, parts)).toThrow(refusal);
  expect(() => new TransformerConv([3, 0], 2, parts)).toThrow(refusal);
  expect(() => new SAGEConv([3, 0], 2, parts)).toThrow(refusal);
  expect(() => new ResGatedGraphConv([3, 0], 2, parts)).toThrow(refusal);
  expect(() => new GCNConv(3, 0, parts)).toThrow(refusal);
  expect(() => new Perceptron([3], parts)).toThrow(refusal);
  expect(() => new Perceptron([3, 0, 2], parts)).toThrow(refusal);
});
