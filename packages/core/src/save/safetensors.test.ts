import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safetensorsBytes } from "../testing/safetensors-bytes.ts";
import { readSafetensors } from "./read-safetensors.ts";
import type { WritableTensor } from "./stored-tensor.ts";
import { writeSafetensors } from "./write-safetensors.ts";

const floats = (...values: number[]): WritableTensor => ({
  dtype: "F32",
  shape: [values.length],
  values: Float32Array.from(values),
});

const headerOf = (file: Uint8Array): string =>
  new TextDecoder().decode(file.subarray(8, 8 + new DataView(file.buffer).getUint32(0, true)));

describe("writeSafetensors", () => {
  it("writes the length of the header, the header padded to 8 bytes, and the numbers", () => {
    const values = Float32Array.of(0, 1, 2, 3, 4, 5);
    const file = writeSafetensors({ tensors: new Map([["attn0", { dtype: "F32", shape: [1, 1, 2, 3], values }]]) });
    // The example of the format's own library, written there by hand.
    const header = '{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       ';
    const numbers = [0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64];
    expect([...file]).toEqual([72, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from(header), ...numbers]);
  });

  it("writes metadata first, and no tensors if there are none", () => {
    const tensors = new Map<string, WritableTensor>();
    expect([...writeSafetensors({ tensors })]).toEqual([8, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from("{}      ")]);
    expect(headerOf(writeSafetensors({ tensors, metadata: { framework: "pt" } }))).toBe(
      '{"__metadata__":{"framework":"pt"}}     ',
    );
  });

  it("puts wide numbers first, so that every tensor begins at a multiple of the size of its numbers", () => {
    const tensors = new Map<string, WritableTensor>([
      ["bytes", { dtype: "U8", shape: [3], values: Uint8Array.of(1, 2, 3) }],
      ["singles", floats(1)],
      ["doubles", { dtype: "F64", shape: [1], values: Float64Array.of(1) }],
      ["integers", { dtype: "I32", shape: [1], values: Int32Array.of(-1) }],
    ]);
    const file = writeSafetensors({ tensors });
    expect([...readSafetensors(file).tensors.keys()]).toEqual(["doubles", "singles", "integers", "bytes"]);
    for (const { values } of readSafetensors(file).tensors.values()) expect(values.buffer).toBe(file.buffer);
  });

  it("writes a part of an array, not what lies around it", () => {
    const values = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const file = writeSafetensors({ tensors: new Map([["part", { dtype: "F32", shape: [2], values }]]) });
    expect(readSafetensors(file).tensors.get("part")?.values).toEqual(Float32Array.of(2, 3));
  });

  it.each<[string, string, WritableTensor, string]>([
    [
      "more numbers than the shape has",
      "a",
      { dtype: "F32", shape: [1], values: Float32Array.of(1, 2) },
      "wrong-length",
    ],
    ["a shape that is none", "a", { dtype: "F32", shape: [-1], values: new Float32Array() }, "not-a-shape"],
    ["the name that stands for the metadata", "__metadata__", floats(), "invalid-name"],
    ["a name with half a character", "\ud800", floats(), "invalid-name"],
  ])("refuses %s", (_what, name, tensor, code) => {
    expect(() => writeSafetensors({ tensors: new Map([[name, tensor]]) })).toThrow(expect.objectContaining({ code }));
  });

  it("refuses metadata that are no text", () => {
    const metadata = Object.assign({ a: "1" }, { a: 1 });
    const refusal = expect.objectContaining({ name: "DataError", code: "invalid-metadata" });
    expect(() => writeSafetensors({ tensors: new Map(), metadata: Object(metadata) })).toThrow(refusal);
  });
});

describe("readSafetensors", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 8 }).filter((text) => text !== "__metadata__");
  const shape = fc.array(fc.nat(3), { maxLength: 4 });
  const size = (lengths: readonly number[]): number => lengths.reduce((a, b) => a * b, 1);
  const exactly = { noDefaultInfinity: false, noNaN: false };
  const written: fc.Arbitrary<WritableTensor> = shape.chain((lengths) => {
    const many = { minLength: size(lengths), maxLength: size(lengths) };
    return fc.oneof(
      fc.float64Array({ ...many, ...exactly }).map((values) => ({ dtype: "F64", shape: lengths, values }) as const),
      fc.float32Array({ ...many, ...exactly }).map((values) => ({ dtype: "F32", shape: lengths, values }) as const),
      fc.int32Array(many).map((values) => ({ dtype: "I32", shape: lengths, values }) as const),
      fc.uint32Array(many).map((values) => ({ dtype: "U32", shape: lengths, values }) as const),
      fc.uint8Array(many).map((values) => ({ dtype: "U8", shape: lengths, values }) as const),
    );
  });

  it("gives back what was written, names of all kinds included", () => {
    const content = fc.record({
      tensors: fc.uniqueArray(fc.tuple(name, written), { selector: ([key]) => key, maxLength: 6 }),
      metadata: fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" })),
    });
    fc.assert(
      fc.property(content, fc.nat(8), ({ tensors, metadata }, shift) => {
        const file = writeSafetensors({ tensors: new Map(tensors), metadata });
        // Where the file lies in its buffer must not matter.
        const moved = new Uint8Array(file.length + shift).subarray(shift);
        moved.set(file);
        const read = readSafetensors(moved);
        expect(new Map(Object.entries(read.metadata))).toEqual(new Map(Object.entries(metadata)));
        expect(read.tensors.size).toBe(tensors.length);
        for (const [key, { dtype, shape, values }] of tensors) {
          const found = read.tensors.get(key)!;
          expect([found.dtype, found.shape]).toEqual([dtype, shape]);
          expect(Object.is(found.values.constructor, values.constructor)).toBe(true);
          expect(Buffer.from(found.values.buffer, found.values.byteOffset, found.values.byteLength)).toEqual(
            Buffer.from(values.buffer, values.byteOffset, values.byteLength),
          );
        }
      }),
    );
  });

  it("reads a Node Buffer wherever it lies", () => {
    const file = writeSafetensors({ tensors: new Map([["a", floats(1, 2)]]) });
    for (let shift = 0; shift < 8; shift++) {
      const moved = Buffer.concat([Buffer.alloc(shift), file]).subarray(shift);
      expect(readSafetensors(moved).tensors.get("a")?.values).toEqual(Float32Array.of(1, 2));
    }
    const bytes = Buffer.from(safetensorsBytes('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', [7]));
    expect(readSafetensors(bytes).tensors.get("a")?.values).toEqual(Uint8Array.of(7));
  });

  it("reads numbers of 2 and 8 bytes, booleans, a single number and none", () => {
    const header = `{
      "half": {"shape": [2], "dtype": "F16", "data_offsets": [8, 12]},
      "long": {"dtype": "I64", "shape": [], "data_offsets": [0, 8]},
      "brain": {"dtype": "BF16", "shape": [1, 1], "data_offsets": [12, 14]},
      "empty": {"dtype": "F64", "shape": [0, 5], "data_offsets": [12, 12]},
      "flags": {"dtype": "BOOL", "shape": [3], "data_offsets": [14, 17]}
    }`;
    const data = [255, 255, 255, 255, 255, 255, 255, 127, 0, 0x3c, 0, 0xc0, 0x80, 0x3f, 1, 0, 1];
    const { tensors } = readSafetensors(safetensorsBytes(header, data));
    expect([...tensors].map(([key, { dtype, shape, values }]) => [key, dtype, shape, values])).toEqual([
      ["half", "F16", [2], Float32Array.of(1, -2)],
      ["long", "I64", [], BigInt64Array.of(2n ** 63n - 1n)],
      ["brain", "BF16", [1, 1], Float32Array.of(1)],
      ["empty", "F64", [0, 5], new Float64Array()],
      ["flags", "BOOL", [3], Uint8Array.of(1, 0, 1)],
    ]);
  });

  it("takes names from prototypes as names", () => {
    const entry = (at: number) => `{"dtype":"U8","shape":[1],"data_offsets":[${at},${at + 1}]}`;
    const header = `{"__metadata__":{"__proto__":"x","constructor":"y"},"__proto__":${entry(0)},"constructor":${entry(1)}}`;
    const { tensors, metadata } = readSafetensors(safetensorsBytes(header, [1, 2]));
    expect(tensors.get("__proto__")?.values).toEqual(Uint8Array.of(1));
    expect(tensors.get("constructor")?.values).toEqual(Uint8Array.of(2));
    expect(Object.entries(metadata)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(metadata["toString"]).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it("finds tensors by name, of thousands in any order, and none that is not there", () => {
    const names = Array.from(
      { length: 3000 },
      (_, k) => ["é", "😀", "\\", '"', "a", "\uffff"][k % 6]! + ((k * 7919) % 3000),
    );
    const file = writeSafetensors({ tensors: new Map(names.map((each, k) => [each, floats(k)])) });
    const { tensors } = readSafetensors(file);
    expect([...tensors.keys()]).toEqual(names);
    for (const [k, each] of names.entries()) expect(tensors.get(each)?.values).toEqual(Float32Array.of(k));
    for (const each of ["", "b", "é", "é0x", "\ud83d", "😀3001"]) {
      expect([tensors.has(each), tensors.get(each)]).toEqual([false, undefined]);
    }
    const seen: unknown[] = [];
    tensors.forEach(({ values }, key, map) => {
      seen.push([key, values[0], map === tensors]);
    });
    expect(seen).toEqual(names.map((each, k) => [each, k, true]));
    expect([...tensors.values()].map(({ values }) => values[0])).toEqual(names.map((_, k) => k));
  });

  it("is asked for options that it knows", () => {
    const file = safetensorsBytes("{}      ");
    expect(readSafetensors(file, { headerBytes: 8 }).tensors.size).toBe(0);
    expect(() => readSafetensors(file, { headerBytes: 7 })).toThrow(
      expect.objectContaining({ code: "header-too-large" }),
    );
    expect(() => readSafetensors(file, { headerBytes: 0 })).toThrow(expect.objectContaining({ code: "out-of-range" }));
    const misspelt = Object.assign({ headerBytes: 8 }, { header: 8 });
    expect(() => readSafetensors(file, misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});

describe("readSafetensors refuses", () => {
  /** One tensor of these fields, on four bytes of data. */
  const one = (fields: string, data = [0, 0, 0, 0]) => safetensorsBytes(`{"a":{${fields}}}`, data);
  const two = (first: string, second: string) =>
    safetensorsBytes(
      `{"a":{"dtype":"U8","shape":[2],"data_offsets":${first}},"b":{"dtype":"U8","shape":[2],"data_offsets":${second}}}`,
      [0, 0, 0, 0],
    );
  const withLength = (length: number[]): Uint8Array => Uint8Array.of(...length, 0x7b, 0x7d);
  const invalidUtf8 = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d);
  const f32 = '"dtype":"F32"';
  const scalar = '"shape":[],"data_offsets":[0,4]';

  it.each<[string, Uint8Array, string]>([
    ["no bytes", new Uint8Array(), "truncated"],
    ["fewer bytes than a length has", new Uint8Array(7), "truncated"],
    ["a header longer than the file", withLength([3, 0, 0, 0, 0, 0, 0, 0]), "truncated"],
    ["a header of 2^32 bytes", withLength([0, 0, 0, 0, 1, 0, 0, 0]), "header-too-large"],
    ["a header of 2^64 - 1 bytes", withLength([255, 255, 255, 255, 255, 255, 255, 255]), "header-too-large"],
    ["a header above 100 MB", withLength([1, 0xe1, 0xf5, 5, 0, 0, 0, 0]), "header-too-large"],
    ["a header of no bytes", withLength([0, 0, 0, 0, 0, 0, 0, 0]), "not-safetensors"],
    ["a header that begins with white space", safetensorsBytes(" {}"), "not-safetensors"],
    ["a header that is a list", safetensorsBytes("[]"), "not-safetensors"],
    ["a byte order mark", safetensorsBytes("\ufeff{}"), "not-safetensors"],
    ["a header that is no UTF-8", safetensorsBytes(invalidUtf8), "invalid-utf8"],
    ["a header that ends early", safetensorsBytes('{"a":{"dtype":"F3'), "invalid-json"],
    ["something after the header's end", safetensorsBytes("{}{}"), "invalid-json"],
    ["zeros after the header's end", safetensorsBytes("{}\0\0"), "invalid-json"],
    ["a trailing comma", safetensorsBytes('{"__metadata__":{},}'), "invalid-json"],
    ["half a surrogate pair", safetensorsBytes('{"\\ud800":{}}'), "invalid-json"],
    ["a control character in a name", safetensorsBytes('{"\n":{}}'), "invalid-json"],
    ["an entry that is no object", safetensorsBytes('{"a":[]}'), "invalid-json"],
    ["deep JSON", safetensorsBytes(`{"a":${"[".repeat(100_000)}`), "invalid-json"],
    ["deep JSON in an entry", one(`${f32},${scalar},"b":${'{"b":'.repeat(100_000)}`), "invalid-header"],
    ["metadata that are no text", safetensorsBytes('{"__metadata__":{"a":1}}'), "invalid-json"],
    ["metadata that are null", safetensorsBytes('{"__metadata__":null}'), "invalid-json"],
    ["metadata twice", safetensorsBytes('{"__metadata__":{},"__metadata__":{}}'), "duplicate-name"],
    ["a name of metadata twice", safetensorsBytes('{"__metadata__":{"a":"1","\\u0061":"2"}}'), "duplicate-name"],
    [
      "a name twice",
      safetensorsBytes(`{"a":{${f32},${scalar}},"a":{${f32},${scalar}}}`, [0, 0, 0, 0]),
      "duplicate-name",
    ],
    [
      "a name twice, once escaped",
      safetensorsBytes(`{"a":{${f32},${scalar}},"\\u0061":{${f32},${scalar}}}`, [0, 0, 0, 0]),
      "duplicate-name",
    ],
    ["a field twice", one(`${f32},${f32},${scalar}`), "duplicate-name"],
    ["a field too many", one(`${f32},${scalar},"stride":1`), "invalid-header"],
    ["no dtype", one(scalar), "invalid-header"],
    ["no shape", one(`${f32},"data_offsets":[0,4]`), "invalid-header"],
    ["no offsets", one(`${f32},"shape":[]`), "invalid-header"],
    ["one offset", one(`${f32},"shape":[],"data_offsets":[0]`), "invalid-header"],
    ["three offsets", one(`${f32},"shape":[],"data_offsets":[0,4,4]`), "invalid-header"],
    ["a dtype that is none", one(`"dtype":"F31",${scalar}`), "unknown-dtype"],
    ["a dtype from a prototype", one(`"dtype":"toString",${scalar}`), "unknown-dtype"],
    ["a dtype that is a number", one(`"dtype":32,${scalar}`), "invalid-json"],
    ["a negative length", one(`${f32},"shape":[-1],"data_offsets":[0,4]`), "invalid-json"],
    ["half a length", one(`${f32},"shape":[1.5],"data_offsets":[0,4]`), "invalid-json"],
    ["a length with an exponent", one(`${f32},"shape":[1e0],"data_offsets":[0,4]`), "invalid-json"],
    ["a length with a leading zero", one(`${f32},"shape":[01],"data_offsets":[0,4]`), "invalid-json"],
    ["a length of text", one(`${f32},"shape":["1"],"data_offsets":[0,4]`), "invalid-json"],
    ["a length of 2^53", one(`${f32},"shape":[9007199254740992,0],"data_offsets":[0,0]`, []), "invalid-json"],
    ["a negative offset", one(`${f32},"shape":[1],"data_offsets":[-4,0]`), "invalid-json"],
    ["lengths whose product is not the bytes", one(`${f32},"shape":[2],"data_offsets":[0,4]`), "invalid-shape"],
    [
      "lengths whose product overflows 2^53",
      one(`${f32},"shape":[9007199254740991,3],"data_offsets":[0,4]`),
      "invalid-shape",
    ],
    [
      "lengths whose product is 0 modulo 2^64",
      one(`${f32},"shape":[4294967296,4294967296],"data_offsets":[0,0]`, []),
      "invalid-shape",
    ],
    [
      "lengths that overflow before a 0",
      one(`${f32},"shape":[4294967296,4294967296,0],"data_offsets":[0,0]`, []),
      "invalid-shape",
    ],
    ["more bytes than the file has", one(`${f32},"shape":[2],"data_offsets":[0,8]`), "truncated"],
    ["fewer bytes than the file has", one(`"dtype":"U8","shape":[3],"data_offsets":[0,3]`), "invalid-offsets"],
    ["bytes without tensors", safetensorsBytes("{}", [0]), "invalid-offsets"],
    ["65 dimensions", one(`${f32},"shape":[${"1,".repeat(64)}1],"data_offsets":[0,4]`), "invalid-shape"],
    [
      "metadata of 10,001 names",
      safetensorsBytes(`{"__metadata__":{${Array.from({ length: 10_001 }, (_, k) => `"${k}":""`).join(",")}}}`),
      "too-large",
    ],
    ["an end before the beginning", one(`${f32},"shape":[0],"data_offsets":[4,0]`), "invalid-offsets"],
    ["a hole at the beginning", two("[1,3]", "[3,5]"), "invalid-offsets"],
    ["a hole", two("[0,2]", "[3,5]"), "invalid-offsets"],
    ["an overlap", two("[0,2]", "[1,3]"), "invalid-offsets"],
    ["the same bytes twice", two("[0,2]", "[0,2]"), "invalid-offsets"],
  ])("%s", (_what, file, code) => {
    expect(() => readSafetensors(file)).toThrow(expect.objectContaining({ name: "FileError", code }));
  });

  it("names of any length in a short sentence", () => {
    const name = "\u0007".repeat(100_000);
    const file = safetensorsBytes(
      `{"${"\\u0007".repeat(name.length)}":{"dtype":"U8","shape":[${"1,".repeat(999)}2],"data_offsets":[0,1]}}`,
      [0],
    );
    expect(() => readSafetensors(file)).toThrow(
      expect.objectContaining({ code: "invalid-shape", message: expect.stringMatching(/^.{100,1000}$/) }),
    );
  });
});
