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
    ...linesOf(new InstructionReader(bytes), new Map(placed)),
    ")",
  ].join("\n");
}

function linesOf(reader: InstructionReader, constants: ReadonlyMap<number, string>): string[] {
  const lines: string[] = [];
  let depth = 1;
  while (reader.hasMore) {
    const [word, ...immediates] = reader.next();
    if (word === "end") depth--;
    const constant = word === "local.get" ? constants.get(Number(immediates[0])) : undefined;
    const comment = constant === undefined ? [] : [`(; ${constant} ;)`];
    lines.push("  ".repeat(depth) + [word, ...immediates, ...comment].join(" "));
    if (word === "block" || word === "loop" || word === "if") depth++;
  }
  return lines;
}

/** What follows an instruction: whole numbers by LEB128, of them the alignment of an access, which is not shown; a float; bytes. */
type Immediate = "unsigned" | "signed" | "offset" | "type" | "float" | "byte";

interface Known {
  readonly name: string;
  readonly immediates: readonly Immediate[];
}

/** By the number that an instruction has in {@link instructions}. */
const known = new Map<number, Known>([
  ...Object.entries(instructions).map(([name, code]) => [code, { name, immediates: [] }] as const),
  ...Object.entries(memory).map(
    ([name, [code, isVector]]) => [isVector ? SIMD_CODES + code : code, { name, immediates: ["offset"] }] as const,
  ),
  ...Object.entries(laneMemory).map(
    ([name, code]) => [SIMD_CODES + code, { name, immediates: ["offset", "byte"] }] as const,
  ),
  [0x02, { name: "block", immediates: ["type"] }],
  [0x03, { name: "loop", immediates: ["type"] }],
  [0x04, { name: "if", immediates: ["type"] }],
  [0x0d, { name: "br_if", immediates: ["unsigned"] }],
  [0x10, { name: "call", immediates: ["unsigned"] }],
  [0x20, { name: "local.get", immediates: ["unsigned"] }],
  [0x21, { name: "local.set", immediates: ["unsigned"] }],
  [0x22, { name: "local.tee", immediates: ["unsigned"] }],
  [0x41, { name: "i32.const", immediates: ["signed"] }],
  [0x43, { name: "f32.const", immediates: ["float"] }],
  [SIMD_CODES + 13, { name: "i8x16.shuffle", immediates: new Array<Immediate>(16).fill("byte") }],
  [SIMD_CODES + 31, { name: "f32x4.extract_lane", immediates: ["byte"] }],
]);

/** Reads a function's bytes, one instruction after the other. */
class InstructionReader {
  readonly #bytes: readonly number[];
  #at = 0;

  constructor(bytes: readonly number[]) {
    this.#bytes = bytes;
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length;
  }

  /** The instruction's name, and what follows it. */
  next(): string[] {
    const first = this.#byte();
    const code = first === SIMD ? SIMD_CODES + this.#number(false) : first;
    const { name, immediates } = known.get(code)!;
    return [name, ...immediates.flatMap((immediate) => this.#immediate(immediate))];
  }

  #immediate(immediate: Immediate): string[] {
    switch (immediate) {
      case "unsigned":
        return [String(this.#number(false))];
      case "signed":
        return [String(this.#number(true))];
      case "offset":
        this.#byte();
        return [`offset=${this.#number(false)}`];
      case "type":
        this.#byte();
        return [];
      case "float": {
        const bits = Uint8Array.from({ length: 4 }, () => this.#byte());
        return [String(new DataView(bits.buffer).getFloat32(0, true))];
      }
      case "byte":
        return [String(this.#byte())];
    }
  }

  #byte(): number {
    return this.#bytes[this.#at++]!;
  }

  /** LEB128. */
  #number(isSigned: boolean): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#byte();
      result |= (byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      if (isSigned && shift < 25 && (byte & 0x40) !== 0) result |= -1 << (shift + 7);
      return result;
    }
  }
}
