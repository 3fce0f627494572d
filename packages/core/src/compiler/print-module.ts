import {
  type FunctionBuilder,
  instructions,
  laneMemory,
  memory,
  SIMD,
  SIMD_CODES,
  type ValueType,
} from "./assembler.ts";

/** A module of functions in WebAssembly's text form. */
export function printModule(functions: readonly FunctionBuilder[]): string {
  return `(module\n(import "env" "memory" (memory 0 65536))\n${functions.map(printFunction).join("\n")}\n)`;
}

function printFunction({ name, parameters, results, locals, constants, bytes }: FunctionBuilder): string {
  const list = (word: string, types: readonly ValueType[]): string =>
    types.length === 0 ? "" : ` (${word} ${types.join(" ")})`;
  const placed = Array.from(
    constants.values(),
    ({ local, lanes }) => [local.index, `v128.const i32x4 ${lanes.join(" ")}`] as const,
  );
  return [
    `(func $${name}${list("param", parameters)}${list("result", results)}`,
    ...(locals.length === 0 ? [] : [` ${list("local", locals)}`]),
    ...placed.flatMap(([index, text]) => [`  ${text}`, `  local.set ${index}`]),
    ...linesOf(bytes, new Map(placed)),
    ")",
  ].join("\n");
}

/** What follows an instruction: whole numbers by LEB128, of them the alignment of an access, which is not shown; a float; bytes. */
type Immediate = "unsigned" | "signed" | "offset" | "type" | "float" | "byte";

type Known = readonly [code: number, name: string, ...immediates: Immediate[]];

function knownOf(codes: Readonly<Record<string, number>>, ...immediates: Immediate[]): Known[] {
  return Object.entries(codes).map(([name, code]) => [code, name, ...immediates]);
}

/** By the number that an instruction has in {@link instructions}. */
const known = new Map<number, Known>(
  [
    ...knownOf(instructions),
    ...knownOf(memory, "offset"),
    ...knownOf(laneMemory, "offset", "byte"),
    ...knownOf({ block: 0x02, loop: 0x03, if: 0x04 }, "type"),
    ...knownOf({ br_if: 0x0d, call: 0x10, "local.get": 0x20, "local.set": 0x21, "local.tee": 0x22 }, "unsigned"),
    ...knownOf({ "i32.const": 0x41 }, "signed"),
    ...knownOf({ "f32.const": 0x43 }, "float"),
    ...knownOf({ "i8x16.shuffle": SIMD_CODES + 13 }, ...new Array<Immediate>(16).fill("byte")),
    ...knownOf({ "f32x4.extract_lane": SIMD_CODES + 31 }, "byte"),
  ].map((one) => [one[0], one]),
);

function linesOf(bytes: readonly number[], constants: ReadonlyMap<number, string>): string[] {
  let at = 0;
  const byte = (): number => bytes[at++]!;

  /** LEB128. */
  const number = (isSigned = false): number => {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const next = byte();
      result |= (next & 0x7f) << shift;
      if (next >= 0x80) continue;
      if (isSigned && shift < 25 && (next & 0x40) !== 0) result |= -1 << (shift + 7);
      return result;
    }
  };

  const read = (immediate: Immediate): string | number | [] => {
    switch (immediate) {
      case "unsigned":
      case "signed":
        return number(immediate === "signed");
      case "offset":
        byte();
        return `offset=${number()}`;
      case "type":
        byte();
        return [];
      case "float":
        return new DataView(Uint8Array.from({ length: 4 }, byte).buffer).getFloat32(0, true);
      case "byte":
        return byte();
    }
  };

  const lines: string[] = [];
  let depth = 1;
  while (at < bytes.length) {
    const first = byte();
    const [, name, ...immediates] = known.get(first === SIMD ? SIMD_CODES + number() : first)!;
    const words = [name, ...immediates.flatMap(read)];
    if (name === "end") depth--;
    const constant = name === "local.get" ? constants.get(Number(words[1])) : undefined;
    if (constant !== undefined) words.push(`(; ${constant} ;)`);
    lines.push("  ".repeat(depth) + words.join(" "));
    if (immediates[0] === "type") depth++;
  }
  return lines;
}
