import { DataError } from "@vicinal/core";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { int64, npy, npz } from "../testing/npz-writer.ts";
import { openNpz } from "./npz.ts";

const code = (code: string) => expect.objectContaining({ code });

describe("openNpz", () => {
  it("reads the number types that NumPy writes", () => {
    const file = openNpz(
      "test",
      npz({
        f4: { type: "<f4", shape: [2], data: Float32Array.of(1.5, -2) },
        f8: { type: "<f8", shape: [2], data: Float64Array.of(0.1, 1e300) },
        i4: { type: "<i4", shape: [1, 2], data: Int32Array.of(-1, 2) },
        i8: { type: "<i8", shape: [2, 1], data: int64([-3, 2 ** 40]) },
        b1: { type: "|b1", shape: [3], data: Uint8Array.of(1, 0, 1) },
        scalar: { type: "<i4", shape: [], data: Int32Array.of(9) },
      }),
    );
    expect(file.numbers("f4")).toEqual({ shape: [2], values: Float32Array.of(1.5, -2) });
    expect(file.numbers("f8")).toEqual({ shape: [2], values: Float64Array.of(0.1, 1e300) });
    expect(file.numbers("i4")).toEqual({ shape: [1, 2], values: Int32Array.of(-1, 2) });
    expect(file.numbers("i8")).toEqual({ shape: [2, 1], values: Float64Array.of(-3, 2 ** 40) });
    expect(file.numbers("b1")).toEqual({ shape: [3], values: Uint8Array.of(1, 0, 1) });
    expect(file.numbers("scalar")).toEqual({ shape: [], values: Int32Array.of(9) });
    expect(file.has("f4")).toBe(true);
    expect(file.has("f5")).toBe(false);
  });

  it("turns an array in Fortran order into rows", () => {
    const columns = Int32Array.of(1, 4, 2, 5, 3, 6);
    const file = openNpz("test", npz({ a: { type: "<i4", shape: [2, 3], fortranOrder: true, data: columns } }));
    expect(file.numbers("a")).toEqual({ shape: [2, 3], values: Int32Array.of(1, 2, 3, 4, 5, 6) });
  });

  it("refuses an array whose bytes do not fill its shape", () => {
    const file = openNpz("test", npz({ a: { type: "<i4", shape: [3], data: Int32Array.of(1, 2) } }));
    expect(() => file.numbers("a")).toThrow(code("truncated-file"));
    expect(() => file.numbers("a")).toThrow("got 8 bytes for an array of shape [3]");
  });

  it.each([">i4", "<U3", "<c8", "|O"])("refuses numbers of type %s", (type) => {
    const file = openNpz("test", npz({ a: { type, shape: [1], data: Int32Array.of(1) } }));
    expect(() => file.numbers("a")).toThrow(code("unsupported-type"));
  });

  it("refuses a member without the header of a .npy file, at whatever length it ends", () => {
    const whole = npy({ type: "<i4", shape: [1], data: Int32Array.of(1) });
    for (let length = 0; length < whole.length; length++) {
      const file = openNpz("test", zipSync({ "a.npy": whole.subarray(0, length) }));
      expect(() => file.numbers("a")).toThrow(DataError);
    }
  });

  it("names the arrays that there are when one is missing", () => {
    const file = openNpz("test", npz({ a: { type: "<i4", shape: [1], data: Int32Array.of(1) } }));
    expect(() => file.numbers("b")).toThrow(code("missing-member"));
    expect(() => file.numbers("b")).toThrow("a.npy");
  });

  it("refuses every truncated archive", () => {
    const whole = npz({ a: { type: "<i4", shape: [2], data: Int32Array.of(1, 2) } });
    for (let length = 0; length < whole.length; length++) {
      expect(() => openNpz("test", whole.subarray(0, length)).numbers("a")).toThrow(DataError);
    }
  });

  it("refuses a member that claims more than any data set has, before unpacking it", () => {
    const bytes = npz({ a: { type: "<i4", shape: [2], data: Int32Array.of(1, 2) } });
    const central = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf("PK\x01\x02");
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(central + 24, 0x7fffffff, true);
    expect(() => openNpz("test", bytes).numbers("a")).toThrow("a.npy claims 2147483647 bytes");
  });
});
