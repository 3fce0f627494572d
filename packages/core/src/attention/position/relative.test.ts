import { describe, expect, it } from "vitest";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { tensor, zeros } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { clippedBuckets, logarithmicBuckets } from "./distance-buckets.ts";
import { gridPositions } from "./grid-positions.ts";
import { RelativeBias } from "./relative-bias.ts";
import { RelativeBias2d } from "./relative-bias-2d.ts";
import { RelativePosition2d } from "./relative-position-2d.ts";

const engine = createReferenceEngine();
const random = new Random(1);

function deviationOf(x: Tensor): number {
  const values = Array.from(x.dataSync());
  return Math.sqrt(values.reduce((total, value) => total + value ** 2, 0) / values.length);
}

describe("a relative bias", () => {
  const relative = new RelativeBias(3, logarithmicBuckets(), { random, engine });

  it("has a learned table, at first normally distributed with deviation 0.02", () => {
    expect([...relative.namedParameters().keys()]).toEqual(["weight"]);
    expect(relative.weight.shape).toEqual([32, 3]);
    const { weight } = new RelativeBias(50, clippedBuckets(100), { random: new Random(2), engine });
    expect(Math.abs(deviationOf(weight) / 0.02 - 1)).toBeLessThan(4 / Math.sqrt(2 * weight.size));
  });

  it("is one value for element numbers, so that the buckets of a neighborhood are kept", () => {
    expect(relative.bias()).toBe(relative.bias({}));
    expect(relative.bias({ senders: [0, 1] })).not.toBe(relative.bias());
  });

  it("measures from the receiver to the sender, each side by its own positions", () => {
    const { bucketOf } = new RelativeBias(1, clippedBuckets(9), { random, engine }).bias({
      receivers: [4],
      senders: [3, 4, 7],
    });
    expect([bucketOf(0, 0), bucketOf(0, 1), bucketOf(0, 2)]).toEqual([8, 9, 12]);
  });

  it("does not follow changes of the positions", () => {
    const receivers = [4];
    const { bucketOf } = new RelativeBias(1, clippedBuckets(9), { random, engine }).bias({ receivers });
    receivers[0] = 0;
    expect(bucketOf(0, 4)).toBe(9);
  });

  const refused: readonly (readonly [what: string, call: () => unknown, name: string, code: string])[] = [
    ["no heads", () => new RelativeBias(0, clippedBuckets(1), { random, engine }), "OptionError", "out-of-range"],
    [
      "a misspelt option",
      () => new RelativeBias(1, clippedBuckets(1), { random, ...{ seed: 1 } }),
      "OptionError",
      "unknown-option",
    ],
    ["half a position", () => relative.bias({ receivers: [0.5] }), "DataError", "not-a-position"],
    [
      "a side that is none",
      () => relative.bias({ senders: [1], ...{ queries: [1] } }),
      "OptionError",
      "unknown-option",
    ],
    [
      "an element without a position",
      () => relative.bias({ senders: [1] }).bucketOf(0, 1),
      "DataError",
      "wrong-length",
    ],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }
});

describe("a 2-D relative bias", () => {
  const relative = new RelativeBias2d(4, { rows: 2, columns: 2, random, engine });

  it("has the layout of Swin's table, here for windows of 2 x 2", () => {
    expect(relative.weight.shape).toEqual([9, 4]);
    expect([...relative.namedParameters().keys()]).toEqual(["weight"]);
    const { bucketOf } = relative.bias();
    const window = [0, 1, 2, 3];
    // `relative_position_index` of the authors' WindowAttention for window_size (2, 2).
    expect(window.map((i) => window.map((j) => bucketOf(i, j)))).toEqual([
      [4, 3, 1, 0],
      [5, 4, 2, 1],
      [7, 6, 4, 3],
      [8, 7, 5, 4],
    ]);
  });

  it("takes windows one after the other, or windows within an image", () => {
    const { bucketOf } = relative.bias();
    expect(bucketOf(8, 11)).toBe(0);
    const place = gridPositions(4, 6);
    const inImage = relative.bias({ receivers: place, senders: place });
    expect(inImage.bucketOf(2 * 6 + 4, 3 * 6 + 5)).toBe(0);
    expect(() => inImage.bucketOf(0, 2)).toThrow(expect.objectContaining({ code: "out-of-range" }));
    expect(() => bucketOf(3, 4)).toThrow(expect.objectContaining({ code: "out-of-range" }));
    expect(relative.bias()).toBe(relative.bias());
  });

  it("refuses impossible sizes and misspelt options", () => {
    for (const size of [
      { rows: 0, columns: 2 },
      { rows: 2, columns: 1.5 },
    ]) {
      expect(() => new RelativeBias2d(1, { ...size, random, engine })).toThrow(
        expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
      );
    }
    expect(() => new RelativeBias2d(0, { rows: 1, columns: 1, random, engine })).toThrow(
      expect.objectContaining({ code: "out-of-range" }),
    );
    expect(() => new RelativeBias2d(1, { rows: 1, columns: 1, random, ...{ cols: 1 } })).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
    expect(() => relative.bias({ senders: gridPositions(1, 1), ...{ receiver: gridPositions(1, 1) } })).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
  });
});

describe("relative positions in a grid", () => {
  const relative = new RelativePosition2d(4, { rows: 2, columns: 3, random, engine });

  it("have a learned vector for each offset, at first normally distributed with deviation 1 / sqrt(channels)", () => {
    expect([relative.height.shape, relative.width.shape]).toEqual([
      [3, 4],
      [5, 4],
    ]);
    expect([...relative.namedParameters().keys()]).toEqual(["height", "width"]);
    const { width } = new RelativePosition2d(64, { rows: 1, columns: 50, random: new Random(2), engine });
    expect(Math.abs(deviationOf(width) * 8 - 1)).toBeLessThan(4 / Math.sqrt(2 * width.size));
  });

  it("have a term for rows and one for columns, products with the query times a scale", () => {
    const own = new RelativePosition2d(2, { rows: 2, columns: 1, scale: 10, random, engine });
    own.height.set([1, 2, 3, 4, 5, 6]);
    const [height, width] = own.biases();
    expect([height.buckets, width.buckets]).toEqual([3, 1]);
    expect([height.bucketOf(0, 1), height.bucketOf(0, 0), height.bucketOf(1, 0)]).toEqual([2, 1, 0]);
    const query = tensor([1, 0, 0, 1], [1, 2, 2], { engine });
    const table = height.table(query);
    expect(table.shape).toEqual([1, 3, 2]);
    expect(Array.from(table.dataSync())).toEqual([10, 20, 30, 40, 50, 60]);
    expect(own.biases()).toBe(own.biases({}));
  });

  it("refuse queries of other channels, pairs out of reach, impossible sizes and misspelt options", () => {
    const [height] = relative.biases();
    for (const shape of [
      [2, 1, 3],
      [2, 4],
    ]) {
      expect(() => height.table(zeros(shape, { engine }))).toThrow(
        expect.objectContaining({ name: "ShapeError", code: "shapes-differ" }),
      );
    }
    expect(() => height.bucketOf(0, 6)).toThrow(expect.objectContaining({ code: "out-of-range" }));
    expect(() => new RelativePosition2d(0, { rows: 2, columns: 3, random, engine })).toThrow(
      expect.objectContaining({ code: "out-of-range" }),
    );
    expect(() => new RelativePosition2d(2, { rows: 2, columns: 3, random, ...{ heads: 2 } })).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
    expect(() => relative.biases({ receivers: gridPositions(1, 1), ...{ sender: gridPositions(1, 1) } })).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
  });
});
