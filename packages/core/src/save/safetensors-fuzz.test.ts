import { describe, expect, it } from "vitest";
import { FileError } from "../errors.ts";
import { Random } from "../random.ts";
import { mutateBytes } from "../testing/mutate-bytes.ts";
import { safetensorsBytes } from "../testing/safetensors-bytes.ts";
import { readSafetensors, type SafetensorsFile } from "./read-safetensors.ts";
import { writeSafetensors } from "./write-safetensors.ts";

/** Bytes of a number, from the format's documentation. */
const sizes = new Map(Object.entries({ BOOL: 1, U8: 1, F16: 2, BF16: 2, I32: 4, U32: 4, F32: 4, F64: 8, I64: 8 }));
const longest = BigInt(Number.MAX_SAFE_INTEGER);

/** A header as it is mutated: texts, of which each may become anything. */
interface Entry {
  name: string;
  fields: [name: string, value: string][];
}

const shapes = [[3, 2], [4], [], [2, 0, 3], [1], [1, 1, 2], [5], [2, 2]];

function bases(): { readonly file: Uint8Array; readonly entries: readonly Entry[]; readonly data: Uint8Array }[] {
  return [1, 3, 9].map((count) => {
    const entries: Entry[] = [{ name: "__metadata__", fields: [['"format"', '"test"']] }];
    let end = 0;
    for (const [k, [dtype, bytes]] of [...sizes]
      .sort(([, a], [, b]) => b - a)
      .slice(0, count)
      .entries()) {
      const begin = end;
      const shape = shapes[k % shapes.length]!;
      end += bytes * shape.reduce((a, b) => a * b, 1);
      const fields: [string, string][] = [
        ['"dtype"', `"${dtype}"`],
        ['"shape"', `[${shape.join(",")}]`],
        ['"data_offsets"', `[${begin},${end}]`],
      ];
      entries.push({ name: `layers.${k}.weight`, fields });
    }
    const data = Uint8Array.from({ length: end }, (_, k) => (37 * k) % 256);
    return { file: safetensorsBytes(headerText(entries), data), entries, data };
  });
}

function headerText(entries: readonly Entry[]): string {
  const text = entries.map(
    ({ name, fields }) => `${JSON.stringify(name)}:{${fields.map(([field, value]) => `${field}:${value}`).join(",")}}`,
  );
  return `{${text.join(",")}}`;
}

const oddValues = [
  ..."0 1 2 4 8 -1 -0 1.5 1e0 01 4294967296 9007199254740991 9007199254740992 18446744073709551616 1e999".split(" "),
  ...[
    '""',
    '"F32"',
    '"F8_E4M3"',
    '"U64"',
    '"__proto__"',
    "null",
    "true",
    "{}",
    "[]",
    "[1]",
    "[0,0]",
    "[[[[[[[[]]]]]]]]",
  ],
  ...['{"a":{"a":{"a":{}}}}', `${"[".repeat(200)}`, "[4294967296,4294967296]", "[3037000500,3037000500,0]"],
];
const oddNames = [
  "__proto__",
  "constructor",
  "__metadata__",
  "toString",
  "",
  "\u0000",
  "é",
  "😀",
  "layers.0.weight",
  "7",
];

/** A file whose header was changed where its meaning is: a name, a type, a length, an offset, the order, a repetition. */
function mutateHeader({ entries, data }: ReturnType<typeof bases>[number], random: Random): Uint8Array {
  const one = <T>(items: readonly T[]): T => items[random.integer(items.length)]!;
  let changed = entries.map(({ name, fields }) => ({ name, fields: fields.map(([a, b]): [string, string] => [a, b]) }));
  for (let k = random.integer(2); k >= 0; k--) {
    const entry = one(changed);
    const field = one(entry.fields) ?? ["", ""];
    switch (random.integer(12)) {
      case 0:
        field[1] = one(oddValues);
        break;
      case 1: {
        // One number of a list.
        const numbers = field[1].match(/\d+/g) ?? [];
        if (numbers.length > 0) field[1] = field[1].replace(one(numbers), one(oddValues));
        break;
      }
      case 2:
        entry.name = one(oddNames);
        break;
      case 3:
        field[0] = one(['"dtype"', '"shape"', '"data_offsets"', '"d\\u0074ype"', '"offsets"', "x"]);
        break;
      case 4:
        entry.fields = entry.fields.filter((each) => each !== field);
        break;
      case 5:
        entry.fields.push([...field]);
        break;
      case 6:
        changed.push({ name: one([entry.name, ...oddNames]), fields: entry.fields });
        break;
      case 7:
        changed = random.shuffle(changed);
        break;
      case 8:
        changed = changed.filter((each) => each !== entry);
        break;
      case 9: {
        const at = random.integer(data.length + 1);
        const empty = [
          ['"dtype"', '"F32"'],
          ['"shape"', one(["[0]", "[0,7]", "[]"])],
          ['"data_offsets"', `[${at},${at}]`],
        ] as const;
        changed.push({ name: one(oddNames), fields: empty.map(([a, b]): [string, string] => [a, b]) });
        break;
      }
      case 10: {
        // Two tensors change places.
        const [from, to] = [one(changed), one(changed)];
        [from.fields, to.fields] = [to.fields, from.fields];
        break;
      }
      default:
        random.shuffle(entry.fields);
    }
    if (changed.length === 0) break;
  }
  const text = headerText(changed) + " ".repeat(random.integer(9));
  const file = safetensorsBytes(random.integer(8) === 0 ? text.replaceAll(",", " ,\t") : text, data);
  if (random.integer(16) === 0) {
    const length = one([0n, 1n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n, BigInt(file.length), BigInt(file.length - 8)]);
    new DataView(file.buffer).setBigUint64(0, length, true);
  }
  return file;
}

/** What the documentation of the format asks of a file, by JSON.parse, which does not see names that are repeated. */
function conforms(file: Uint8Array): { readonly conforms: boolean; readonly isCanonical: boolean } {
  const no = { conforms: false, isCanonical: false };
  if (file.length < 8) return no;
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (length > 100_000_000n || length > BigInt(file.length - 8)) return no;
  const start = 8 + Number(length);
  let header: unknown;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file.subarray(8, start));
    header = JSON.parse(text);
  } catch {
    return no;
  }
  if (!text.startsWith("{") || typeof header !== "object" || header === null) return no;
  const isCanonical = JSON.stringify(header) === text.trimEnd();
  const ranges: [number, number][] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return no;
    if (name === "__metadata__") {
      if (Object.values(entry).some((value) => typeof value !== "string")) return no;
      continue;
    }
    const { dtype, shape, data_offsets: offsets, ...rest } = entry;
    if (Object.keys(rest).length > 0 || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) return no;
    const size = sizes.get(dtype);
    if (size === undefined) return no;
    let bytes = BigInt(size);
    for (const each of shape) {
      bytes *= BigInt(each);
      if (bytes > longest) return no;
    }
    const [begin, end] = [offsets[0]!, offsets[1]!];
    if (BigInt(end - begin) !== bytes) return no;
    ranges.push([begin, end]);
  }
  ranges.sort(([a, b], [c, d]) => a - c || b - d);
  const last = ranges.reduce((before, [begin, end]) => (begin === before ? end : Number.NaN), 0);
  return { conforms: last === file.length - start, isCanonical };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

function outcome(file: Uint8Array): SafetensorsFile | FileError {
  try {
    return readSafetensors(file);
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
}

describe("100,000 mutated files", () => {
  const random = new Random(20261121);
  const originals = bases();
  const seen = new Map<string, number>();
  const wrong: { readonly why: string; readonly file: string }[] = [];

  it("are read as the format says, or refused with a typed error", () => {
    for (let k = 0; k < 100_000; k++) {
      const [base, other] = [
        originals[random.integer(originals.length)]!,
        originals[random.integer(originals.length)]!,
      ];
      const mutated = random.integer(2) === 0 ? mutateHeader(base, random) : base.file;
      const file =
        mutated === base.file || random.integer(8) === 0 ? mutateBytes(mutated, other.file, random) : mutated;
      const before = file.slice();
      const got = outcome(file);
      const expected = conforms(file);
      const why = got instanceof FileError ? refusedWrongly(got, expected) : acceptedWrongly(got, file, expected);
      if (why !== undefined) wrong.push({ why, file: Buffer.from(file).toString("latin1") });
      if (Buffer.compare(before, file) !== 0) wrong.push({ why: "changed", file: "" });
      const code = got instanceof FileError ? got.code : "accepted";
      seen.set(code, (seen.get(code) ?? 0) + 1);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it("are of every kind", () => {
    const least = Math.min(...seen.values());
    expect(seen.get("accepted")).toBeGreaterThan(10_000);
    expect([...seen.keys()].sort()).toEqual([
      "accepted",
      "duplicate-name",
      "header-too-large",
      "invalid-header",
      "invalid-json",
      "invalid-offsets",
      "invalid-shape",
      "invalid-utf8",
      "not-safetensors",
      "truncated",
      "unknown-dtype",
    ]);
    expect(least).toBeGreaterThan(100);
  });

  function refusedWrongly(got: FileError, expected: ReturnType<typeof conforms>): string | undefined {
    if (got.message.length > 1000) return "long message";
    return expected.conforms && expected.isCanonical ? got.message : undefined;
  }

  function acceptedWrongly(
    { tensors }: SafetensorsFile,
    file: Uint8Array,
    expected: ReturnType<typeof conforms>,
  ): string | undefined {
    if (!expected.conforms) return "accepted";
    let bytes = 0;
    for (const { dtype, shape, values } of tensors.values()) {
      const isHalf = dtype === "F16" || dtype === "BF16";
      bytes += values.byteLength / (isHalf ? 2 : 1);
      if (values.length !== shape.reduce((a, b) => a * b, 1)) return "length";
    }
    return bytes > file.length ? "more numbers than bytes" : undefined;
  }
});

it("writes what it has read", () => {
  const [, , { file } = { file: new Uint8Array() }] = bases();
  const { tensors, metadata } = readSafetensors(file);
  const writable = new Map(
    [...tensors].flatMap(([name, tensor]) =>
      tensor.dtype === "F64" || tensor.dtype === "F32" || tensor.dtype === "I32" ? [[name, tensor] as const] : [],
    ),
  );
  const again = readSafetensors(writeSafetensors({ tensors: writable, metadata }));
  expect(again.metadata).toEqual(metadata);
  expect([...again.tensors].map(([name, { values }]) => [name, values])).toEqual(
    [...writable].map(([name, { values }]) => [name, values]),
  );
});
