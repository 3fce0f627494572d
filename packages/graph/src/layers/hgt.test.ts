import { Random, SparseTensor } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { reference, sparseFeatures } from "../testing/layer-examples.ts";
import {
  library,
  metadata,
  totalsByReceiver,
  typedFeatures,
  typedNeighborhood,
  typedWidths,
} from "../testing/typed-graphs.ts";
import { HGTConv } from "./hgt.ts";

const outputs = 4;
const people = { nodeTypes: ["person"], relations: [{ source: "person", type: "knows", target: "person" }] };

describe("the attention of HGTConv", () => {
  it("sums to 1 over the edges of all relations into a node", () => {
    const layer = new HGTConv(typedWidths, outputs, { random: new Random(1), engine: reference, metadata, heads: 2 });
    const { attention } = layer.detailed(typedFeatures(), library);
    const totals = totalsByReceiver(attention, ({ target }) => target);
    // Papers 0, 1 and 2 and authors 0 and 1 have neighbors.
    expect(totals.size).toBe(2 * 5);
    for (const [key, total] of totals) expect(total, key).toBeCloseTo(1, 12);
  });

  it("follows the prior of a relation", () => {
    const layer = new HGTConv(typedWidths, outputs, { random: new Random(1), engine: reference, metadata });
    // Without any relevance all edges into a node weigh the same.
    for (const prior of layer.prior) prior.set([0]);
    const { attention } = layer.detailed(typedFeatures(), library);
    const writes = attention.find(({ relation }) => relation.type === "writes" && relation.target === "author")!;
    expect(Array.from(writes.weights.dataSync())).toEqual([1 / 2, 1 / 2, 1 / 2, 1 / 2]);
  });
});

describe("HGTConv", () => {
  it("adds the input where the widths agree, by the gate of the node's type", () => {
    const make = (author: number) =>
      new HGTConv({ ...typedWidths, author }, outputs, {
        random: new Random(1),
        engine: reference,
        metadata,
        heads: 2,
      });
    const layer = make(outputs);
    const author = layer.nodeTypes.indexOf("author");
    const x = typedFeatures();
    layer.skip[author]!.set([-40]);
    expect(layer.forward(x, library)["author"]!.dataSync()).toEqual(x["author"]!.dataSync());
    // Papers have another width: their gate is not read.
    layer.skip[layer.nodeTypes.indexOf("paper")]!.set([-40]);
    expect(
      layer
        .forward(x, library)
        ["paper"]!.dataSync()
        .some((value) => Math.abs(value) > 1e-3),
    ).toBe(true);
  });

  it("refuses sparse features that would be added to the output, and takes others", () => {
    const layer = new HGTConv(4, outputs, { random: new Random(1), engine: reference, metadata: people });
    const wide = new HGTConv(4, 2, { random: new Random(1), engine: reference, metadata: people });
    const x = SparseTensor.from(sparseFeatures, { engine: reference });
    const graph = typedNeighborhood({ person: 6 }, [{ ...people.relations[0]!, pairs: [[0, 1]] }]);
    expect(() => layer.forward({ person: x }, graph)).toThrow(
      expect.objectContaining({ name: "OptionError", code: "sparse-features" }),
    );
    expect(wide.forward({ person: x }, graph)["person"]!.shape).toEqual([6, 2]);
  });
});
