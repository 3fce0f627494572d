import { Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { reference } from "../testing/layer-examples.ts";
import { library, metadata, totalsByReceiver, typedFeatures, typedWidths, valuesOf } from "../testing/typed-graphs.ts";
import { HANConv } from "./han.ts";

const outputs = 4;

describe("the attention of HANConv", () => {
  const layer = new HANConv(typedWidths, outputs, {
    random: new Random(1),
    engine: reference,
    metadata,
    heads: 2,
    dropout: 0.5,
  });

  it("sums to 1 over the edges of each relation into a node, and over relations", () => {
    const { attention, semantic } = layer.detailed(typedFeatures(), library);
    for (const [key, total] of totalsByReceiver(attention, ({ type, target }) => `${type} ${target}`)) {
      expect(total, key).toBeCloseTo(1, 12);
    }
    expect(semantic.map(({ type, relations: arriving }) => [type, arriving.map((each) => each.type)])).toEqual([
      ["author", ["writes"]],
      ["paper", ["edits", "writes", "cites", "prints"]],
    ]);
    for (const { weights } of semantic) {
      const values = Array.from(weights.dataSync());
      expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
  });

  it("mixes what the relations show by their weights", () => {
    const { output, semantic } = layer.detailed(typedFeatures(), library);
    const [share] = semantic.find(({ type }) => type === "author")!.weights.dataSync();
    expect(share).toBe(1);
    expect(output["author"]!.dataSync().some((value) => value > 0)).toBe(true);
    expect(output["author"]!.dataSync().every((value) => value >= 0)).toBe(true);
  });

  it("drops weights while training only", () => {
    const at = (seed: number) =>
      valuesOf(layer.forward(typedFeatures(), library, { training: { random: new Random(seed) } }));
    const evaluated = valuesOf(layer.forward(typedFeatures(), library));
    expect(at(1)).toEqual(at(1));
    expect(at(1)).not.toEqual(at(2));
    expect(at(1)).not.toEqual(evaluated);
    expect(valuesOf(layer.detailed(typedFeatures(), library).output)["paper"]![0]).toBeCloseTo(
      evaluated["paper"]![0]!,
      10,
    );
  });

  it.each([
    ["a slope that is no number", { negativeSlope: Number.NaN }],
    ["to drop every weight", { dropout: 1 }],
  ])("refuses %s", (_what, bad) => {
    expect(() => new HANConv(3, outputs, { random: new Random(1), metadata, ...bad })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
    );
  });
});
