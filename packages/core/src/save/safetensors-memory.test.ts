import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { FileError } from "../errors.ts";
import { safetensorsBytes } from "../testing/safetensors-bytes.ts";
import { readSafetensors, type SafetensorsFile } from "./read-safetensors.ts";

function attempt(file: Uint8Array): SafetensorsFile | FileError {
  try {
    return readSafetensors(file);
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
}

describe("the memory that a hostile header takes", () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const bytes = 2_000_000;
  const many = (one: (k: number) => string): string => {
    const each: string[] = [];
    for (let k = 0, length = 0; length < bytes; k++, length += 1 + each[each.length - 1]!.length) each.push(one(k));
    return each.join(",");
  };
  const empty = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}';

  it.each<[string, () => string]>([
    ["of brackets", () => `{"a":${"[".repeat(bytes)}`],
    ["of objects in objects", () => '{"a":'.repeat(bytes / 5)],
    ["of empty objects", () => `{"a":[${many(() => "{}")}]}`],
    ["of dimensions", () => `{"a":{"dtype":"U8","shape":[${many(() => "1")},0],"data_offsets":[0,0]}}`],
    ["of digits", () => `{"a":{"dtype":"U8","shape":[${"9".repeat(bytes)}]`],
    ["of tensors", () => `{${many((k) => `"${k}":${empty}`)}}`],
    ["of metadata", () => `{"__metadata__":{${many((k) => `"${k.toString(36)}":""`)}}}`],
    ["of one name", () => `{"${"\\u0101".repeat(bytes / 6)}":${empty}}`],
    ["of white space", () => `{${" ".repeat(bytes)}}`],
  ])("%s is a few times its size", (_what, header) => {
    const file = safetensorsBytes(header());
    collectGarbage();
    const before = used();
    const got = attempt(file);
    const after = used();
    collectGarbage();
    const held = used();
    expect(got).toBeDefined();
    expect((after - before) / file.length).toBeLessThan(32);
    expect((held - before) / file.length).toBeLessThan(12);
  });

  it("is none for tensors that say that they are large", () => {
    const header = '{"a":{"dtype":"F64","shape":[1125899906842623],"data_offsets":[0,9007199254740984]}}';
    expect(attempt(safetensorsBytes(header, [0]))).toMatchObject({ code: "truncated" });
  });
});
