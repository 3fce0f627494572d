import { describe, expect, it } from "vitest";
import { positionsOf } from "./positions.ts";

describe("positionsOf", () => {
  it("numbers the elements of each packed sequence from 0", () => {
    expect(positionsOf([3, 1, 0, 2])).toEqual(Uint32Array.of(0, 1, 2, 0, 0, 1));
    expect(positionsOf(Uint8Array.of(2, 2))).toEqual(Uint32Array.of(0, 1, 0, 1));
  });

  it("gives nothing for no sequences", () => {
    expect(positionsOf([])).toEqual(new Uint32Array(0));
    expect(positionsOf([0, 0])).toEqual(new Uint32Array(0));
  });

  for (const length of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`refuses the length ${length}, naming the sequence`, () => {
      expect(() => positionsOf([2, length])).toThrow(
        expect.objectContaining({
          name: "DataError",
          code: "out-of-range",
          message: expect.stringContaining(`length ${length} for sequence 1`),
        }),
      );
    });
  }
});
