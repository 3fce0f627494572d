import { describe, expect, it } from "vitest";
import { denseAttentionModule, gatesModule, instructionSet, kernelsModule, selectionModule } from "./packed-modules.ts";
import { type PackedModule, unpack } from "./unpack.ts";

const characters = (...codes: number[]): string => String.fromCharCode(...codes);
/** Small numbers have the characters from the space on; codes above 255 count without what is above. */
const head = (...bytes: number[]): string =>
  characters(...bytes.map((byte) => (byte < 32 ? byte + 32 : byte < 64 ? byte + 256 : byte)));

/** `f(a, b)`, which is a + 300 b: it keeps 300 b in a local of its own, and makes a vector that it drops. */
const instructions = "20h41t6cs21i6as0bz1asfd0cv20i20g";
const packed: PackedModule = {
  head: [
    head(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
    // A type, a function of it, and its name, which is f and a quote.
    head(1, 7, 1, 0x60, 2, 0x7f, 0x7f, 1, 0x7f),
    head(3, 2, 1, 0),
    head(7, 6, 1, 2, 0x66, 34, 0, 0),
  ].join(""),
  // The characters of 0 to 9 are e t n r , i a s ( and ). Two parameters of the type 0, which is i32, and the end of them.
  parameters: "ee,",
  // local.get b (h: the second last), i32.const 300, i32.mul, local.set c, local.get a (i: told below), local.get c (h), i32.add, v128.const, drop, end
  instructions: "etnr(e,sai",
  // c is new; two others have been used since a, counting a as used last at the beginning.
  locals: "en",
  // One function. 300 in LEB128 is 0xac and 2; from 90 on numbers have the characters from 160 on.
  numbers: `t${characters(160 + 0xac - 90)}n`,
  vectors: "e".repeat(16),
  tail: "",
  productSites: [],
};

describe("unpacking a module", () => {
  it("puts instructions, locals, numbers and vectors in their places", () => {
    const { 'f"': f } = new WebAssembly.Instance(new WebAssembly.Module(unpack(packed, instructions))).exports;
    if (typeof f !== "function") throw new Error("f is not a function");
    expect(f(7, 5)).toBe(1507);
    expect(f(-1, 0)).toBe(-1);
  });

  it("ends with the sections behind the code", () => {
    // A section of its own kind, which is named x and holds one byte.
    const bytes = unpack({ ...packed, tail: btoa(characters(0, 3, 1, 0x78, 9)) }, instructions);
    const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "x");
    expect(Array.from(new Uint8Array(section!))).toEqual([9]);
  });

  it.each([
    { name: "kernels", module: kernelsModule, kernel: "unary" },
    { name: "gates", module: gatesModule, kernel: "gruGates" },
    { name: "selection", module: selectionModule, kernel: "segmentEntmax" },
    { name: "dense attention", module: denseAttentionModule, kernel: "denseAttention" },
  ])("gives the module of $name, which imports nothing but memory", ({ module, kernel }) => {
    const compiled = new WebAssembly.Module(unpack(module, instructionSet));
    expect(WebAssembly.Module.imports(compiled)).toEqual([{ module: "env", name: "memory", kind: "memory" }]);
    expect(WebAssembly.Module.exports(compiled).map(({ name }) => name)).toContain(kernel);
  });
});
