import { readFileSync, writeFileSync } from "node:fs";
import { readSafetensors, type WritableTensor, writeSafetensors } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import * as z from "zod";

const file = (name: string): URL => new URL(`fixtures/${name}`, import.meta.url);

const dtype = z.enum(["F64", "F32", "F16", "BF16", "I64", "I32", "U32", "U8", "BOOL"]);
const stored = z.object({ dtype, shape: z.array(z.int()), data: z.array(z.string()) });
const described = z.object({ metadata: z.map(z.string(), z.string()), tensors: z.map(z.string(), stored) });

/** What Python wrote into each file, in Maps: `__proto__` is one of the names. */
const written = z.map(z.string(), described).parse(
  JSON.parse(readFileSync(file("safetensors.json"), "utf8"), (name, value) => {
    const isMap = name === "" || name === "metadata" || name === "tensors";
    return isMap ? new Map(Object.entries(value)) : value;
  }),
);

/** Digits as Python spelled them, of the type that the file has. */
function numbersOf({ dtype, data }: z.infer<typeof stored>): readonly (number | bigint)[] {
  return dtype === "I64" ? data.map(BigInt) : data.map(Number);
}

describe.each([...written])("%s, written by Python's safetensors", (name, { tensors, metadata }) => {
  const read = readSafetensors(readFileSync(file(name)));

  it("has the same tensors here", () => {
    expect([...read.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [key, expected] of tensors) {
      const { dtype, shape, values } = read.tensors.get(key)!;
      expect([key, dtype, shape]).toEqual([key, expected.dtype, expected.shape]);
      expect([key, ...values]).toEqual([key, ...numbersOf(expected)]);
    }
  });

  it("has the same metadata here", () => {
    expect(new Map(Object.entries(read.metadata))).toEqual(metadata);
  });
});

function writable({ dtype, shape, data }: z.infer<typeof stored>): WritableTensor | undefined {
  switch (dtype) {
    case "F64":
      return { dtype, shape, values: Float64Array.from(data, Number) };
    case "F32":
      return { dtype, shape, values: Float32Array.from(data, Number) };
    case "I32":
      return { dtype, shape, values: Int32Array.from(data, Number) };
    case "U32":
      return { dtype, shape, values: Uint32Array.from(data, Number) };
    case "U8":
      return { dtype, shape, values: Uint8Array.from(data, Number) };
    default:
      return undefined;
  }
}

it("what is written here has the bytes that Python's safetensors has opened", () => {
  const { tensors, metadata } = written.get("numpy.safetensors")!;
  const ours = new Map<string, WritableTensor>();
  for (const [name, each] of tensors) {
    const tensor = writable(each);
    if (tensor !== undefined) ours.set(name, tensor);
  }
  const bytes = writeSafetensors({ tensors: ours, metadata: Object.fromEntries(metadata) });
  const path = file("written-here.safetensors");
  if (process.env["VICINAL_WRITE_FIXTURES"]) writeFileSync(path, bytes);
  expect(Buffer.from(bytes)).toEqual(readFileSync(path));
});
