import { describe, expect, it } from "vitest";
import { predictedClasses } from "./predicted-classes.ts";

describe("predictedClasses", () => {
  it("is the class with the highest score, the first of those that are level", () => {
    const scores = Float32Array.of(0, 1, 0, -3, -2, -1, 5, 5, 5);
    expect(predictedClasses(scores, 3)).toEqual(Int32Array.of(1, 2, 0));
    expect(predictedClasses([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], 1)).toEqual(Int32Array.of(0, 0));
  });

  it.each([
    ["wrong-length", [1, 2, 3], 2],
    ["wrong-length", [1, 2, 3], 0],
    ["not-finite", [Number.NaN, 1], 2],
    ["not-finite", [1, Number.NaN], 2],
  ])("refuses with %s: %j of %i classes", (code, scores, classes) => {
    expect(() => predictedClasses(scores, classes)).toThrow(expect.objectContaining({ name: "DataError", code }));
  });
});
