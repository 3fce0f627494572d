import { describe, expect, it } from "vitest";
import { accuracy } from "./accuracy.ts";

describe("accuracy", () => {
  it("is the share of right answers", () => {
    expect(accuracy(Int32Array.of(0, 1, 2, 1), Int32Array.of(0, 1, 1, 1))).toBe(0.75);
  });

  it("looks only at the nodes that it is given, where others may have no label", () => {
    expect(accuracy([0, -1, 2, 1], [0, 0, 1, 1], Uint32Array.of(2, 3))).toBe(0.5);
  });

  it.each([
    ["no-nodes", [], [], undefined],
    ["no-nodes", [1], [1], []],
    ["wrong-length", [1, 0], [1], undefined],
    ["index-out-of-range", [1], [1], [1]],
    ["index-out-of-range", [1], [1], [-1]],
    ["unlabeled-node", [1, -1], [1, 0], undefined],
  ])("refuses with %s: labels %j, predictions %j, nodes %j", (code, actual, predicted, nodes) => {
    expect(() => accuracy(actual, predicted, nodes)).toThrow(expect.objectContaining({ name: "DataError", code }));
  });
});
