import { describe, expect, it } from "vitest";
import { inferKind } from "./feature-kind.ts";

const kindOfValues = (...values: unknown[]) =>
  inferKind({ name: "x", nodes: values.map((_, i) => `node ${i}`), values });

describe("inferKind", () => {
  it.each([
    ["number", 1, -2.5],
    ["boolean", true, false],
    ["category", "red", ""],
    ["vector", [1, 2], [0.5, 3]],
    ["vector", new Float32Array(2), [1, 2]],
    ["vector", [], [1, 2]],
    ["set", ["a", "b"], []],
    ["set", new Set(["a"]), ["b"]],
    ["set", new Set([3]), new Set()],
    ["set", [], []],
  ])("takes for a %s: %j and %j", (kind, a, b) => {
    expect(kindOfValues(a, b)).toBe(kind);
    expect(kindOfValues(undefined, b, a)).toBe(kind);
  });

  it.each([
    [1, "1"],
    [true, 1],
    [[1], ["a"]],
    ["a", ["a"]],
    [[1], 1],
  ])("refuses %j beside %j, naming both nodes", (a, b) => {
    expect(() => kindOfValues(a, b)).toThrow(
      expect.objectContaining({ code: "mixed-types", message: expect.stringMatching(/"node 1".*"node 0"/) }),
    );
  });

  it.each([
    [{}],
    [1n],
    [new Date(0)],
    [[1, "a"]],
    [[null]],
    [[[1]]],
    [new BigInt64Array(1)],
    [new DataView(new ArrayBuffer(4))],
  ])("refuses a value of no kind: %o", (value) => {
    expect(() => kindOfValues(value)).toThrow(expect.objectContaining({ code: "wrong-type" }));
  });
});
