import { describe, expect, it } from "vitest";
import { fromBrainFloat, fromHalfFloat } from "./half-float.ts";

const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);

/** The float32 with these bits. */
function single(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return view.getFloat32(0);
}

describe("half floats", () => {
  it("are the float32 with the same sign, the exponent shifted and the fraction filled up", () => {
    const values = fromHalfFloat(all);
    for (const bits of all) {
      const [sign, exponent, fraction] = [bits >>> 15, (bits >>> 10) & 31, bits & 1023];
      if (exponent === 0 || exponent === 31) continue;
      const expected = single(((sign << 31) | ((exponent + 112) << 23) | (fraction << 13)) >>> 0);
      if (!Object.is(values[bits], expected)) expect([bits, values[bits]]).toEqual([bits, expected]);
    }
  });

  it("are multiples of 2^-24 below the smallest normal one, with a zero of each sign", () => {
    const values = fromHalfFloat(all);
    expect([values[0], values[0x8000], values[1], values[0x8001], values[0x3ff]]).toEqual([
      0,
      -0,
      2 ** -24,
      -(2 ** -24),
      1023 * 2 ** -24,
    ]);
  });

  it("are infinite or not a number at the largest exponent", () => {
    const values = fromHalfFloat(Uint16Array.of(0x7c00, 0xfc00, 0x7c01, 0xffff, 0x7bff));
    expect([...values]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, Number.NaN, 65504]);
  });

  it("of the brain kind are the upper half of a float32", () => {
    const values = fromBrainFloat(all);
    for (const bits of all) {
      const expected = single((bits << 16) >>> 0);
      if (!Object.is(values[bits], expected)) expect([bits, values[bits]]).toEqual([bits, expected]);
    }
  });
});
