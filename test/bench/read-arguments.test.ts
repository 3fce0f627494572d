import { describe, expect, it } from "vitest";
import { list, oneOf, shape, wholeNumber } from "./read-arguments.ts";

describe("arguments of the benchmarks", () => {
  it("are whole numbers above 0, also written with an exponent", () => {
    expect(list(wholeNumber)("10000, 1e6")).toEqual([10_000, 1_000_000]);
    for (const text of ["0", "-1", "1.5", "", "many"]) expect(() => wholeNumber(text)).toThrow(/whole number/);
  });

  it("are names out of a list, and an unknown one is told the list", () => {
    expect(list(oneOf(["a", "b"]))("b,a")).toEqual(["b", "a"]);
    expect(() => list(oneOf(["a", "b"]))("a,c")).toThrow(/"c"; expected a, b/);
  });

  it("are heads and channels", () => {
    expect(list(shape)("8x8,4x64")).toEqual([
      { heads: 8, channels: 8 },
      { heads: 4, channels: 64 },
    ]);
    for (const text of ["8", "8x", "0x8", "8x8x8"]) expect(() => shape(text)).toThrow(/heads x channels/);
  });
});
