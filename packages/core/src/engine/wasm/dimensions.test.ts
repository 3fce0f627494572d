import { describe, expect, it } from "vitest";
import { mergeDimensions } from "./dimensions.ts";

describe("mergeDimensions", () => {
  it("makes one dimension of a contiguous shape", () => {
    expect(mergeDimensions([2, 3, 4], [[12, 4, 1]])).toEqual([{ size: 24, strides: [1] }]);
  });

  it("drops dimensions of size 1, whatever their strides", () => {
    expect(mergeDimensions([2, 1, 4], [[4, 99, 1]])).toEqual([{ size: 8, strides: [1] }]);
    expect(mergeDimensions([1, 1], [[7, 7]])).toEqual([{ size: 1, strides: [1] }]);
    expect(mergeDimensions([], [[]])).toEqual([{ size: 1, strides: [1] }]);
  });

  it("merges only where every operand goes on", () => {
    expect(
      mergeDimensions(
        [2, 3, 4],
        [
          [12, 4, 1],
          [0, 0, 1],
        ],
      ),
    ).toEqual([
      { size: 6, strides: [4, 0] },
      { size: 4, strides: [1, 1] },
    ]);
  });

  it("leaves a transposed shape as it is", () => {
    expect(mergeDimensions([3, 2], [[1, 3]])).toEqual([
      { size: 3, strides: [1] },
      { size: 2, strides: [3] },
    ]);
  });
});
