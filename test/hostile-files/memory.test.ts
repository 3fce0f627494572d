import { describe, expect, it } from "vitest";
import { safetensorsBytes } from "../../packages/core/src/testing/safetensors-bytes.ts";
import { readInASmallHeap } from "./read-in-a-small-heap.ts";

const mebi = 2 ** 20;
/** Of each header. */
const bytes = 10 * mebi;

/** So many texts that they fill a header, with a comma between two. */
function many(one: (k: number) => string): string {
  const each: string[] = [];
  for (let k = 0, length = 0; length < bytes; k++, length += 1 + each[each.length - 1]!.length) each.push(one(k));
  return each.join(",");
}

/** A file of a model whose details are this text in JSON, and nothing else. */
const modelOf = (details: string): Uint8Array => {
  const configuration = `{"format":1,"purpose":"model","plugins":[],"models":[],"made":{},"details":${details},"training":{}}`;
  return safetensorsBytes(`{"__metadata__":{"vicinal":${JSON.stringify(configuration)}}}`);
};

const empty = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}';

describe("a header of 10 MiB is read or refused in a heap of 12 MiB, of which the program takes most, if it is", () => {
  it.each<[string, () => string, string]>([
    ["of a quarter of a million tensors", () => `{${many((k) => `"${k.toString(36)}":${empty}`)}}`, "read"],
    [
      "of tensors of many dimensions",
      () => `{${many((k) => `"${k}":{"dtype":"U8","shape":[${"1,".repeat(63)}0],"data_offsets":[0,0]}`)}}`,
      "read",
    ],
    ["of one name many times", () => `{${many(() => `"a":${empty}`)}}`, "duplicate-name"],
    ["of metadata", () => `{"__metadata__":{${many((k) => `"${k.toString(36)}":""`)}}}`, "too-large"],
    ["of one text of metadata", () => `{"__metadata__":{"a":"${"é".repeat(bytes / 2)}"}}`, "read"],
    [
      "of one name",
      () => `{"${"\\u0101".repeat(bytes / 6)}":{"dtype":"U8","shape":[1],"data_offsets":[0,0]}}`,
      "invalid-shape",
    ],
    ["of brackets", () => `{"a":${"[".repeat(bytes)}`, "invalid-json"],
    [
      "of dimensions",
      () => `{"a":{"dtype":"U8","shape":[${many(() => "1")},0],"data_offsets":[0,0]}}`,
      "invalid-shape",
    ],
    ["of digits", () => `{"a":{"dtype":"U8","shape":[${"9".repeat(bytes)}]`, "invalid-json"],
    ["of white space", () => `{${" ".repeat(bytes)}}`, "read"],
  ])("%s", async (_what, header, code) => {
    const file = safetensorsBytes(header());
    const outcome = await readInASmallHeap(file, "tensors", 12);
    expect(outcome.code).toBe(code);
    expect(outcome.arrayBytes).toBeLessThan(file.length);
  });
});

describe("a configuration of 10 MiB is refused in a heap of 28 MiB, of which 16 are counted for it, if it is", () => {
  it.each<[string, () => string]>([
    ["of empty objects", () => `[${many(() => "{}")}]`],
    ["of objects", () => `[${many(() => '{"a":{}}')}]`],
    ["of empty lists", () => `[${many(() => "[]")}]`],
    ["of short lists", () => `[${many(() => "[0]")}]`],
    ["of digits", () => `[${many(() => "0")}]`],
    ["of broken numbers", () => `[${many((k) => `0.${k}`)},"a"]`],
    ["of short texts", () => `[${many(() => '"ab"')}]`],
    ["of texts of two bytes a character", () => `[${many((k) => `"ā${k}"`)}]`],
    ["of one object", () => `{${many((k) => `"${k}":0`)}}`],
    ["of objects of other names", () => `[${many((k) => `{"k${k}":0}`)}]`],
    ["of lists in lists", () => `[${many(() => `${"[".repeat(20)}${"]".repeat(20)}`)}]`],
  ])("%s", async (_what, details) => {
    const file = modelOf(details());
    const outcome = await readInASmallHeap(file, "model", 28);
    expect(outcome.code).toBe("too-large");
    expect(outcome.arrayBytes).toBeLessThan(file.length);
  });
});
