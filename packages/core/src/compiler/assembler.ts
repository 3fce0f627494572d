/**
 * A small WebAssembly assembler: functions of structured code over one imported memory. It knows the instructions that attention
 * kernels are made of, keeps their text beside their bytes, and checks nothing: the engine validates the module.
 */

export type ValueType = "i32" | "f32" | "v128";

const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/** Instructions without immediates. SIMD ones are two bytes: the prefix and the number here. */
const plain = {
  "i32.eqz": 0x45,
  "i32.lt_u": 0x49,
  "i32.ge_u": 0x4f,
  "i32.add": 0x6a,
  "i32.sub": 0x6b,
  "i32.mul": 0x6c,
  "i32.and": 0x71,
  "i32.shl": 0x74,
  "i32.shr_s": 0x75,
  "f32.add": 0x92,
  "f32.sub": 0x93,
  "f32.mul": 0x94,
  "f32.div": 0x95,
  "f32.lt": 0x5d,
  "f32.max": 0x97,
  "f32.convert_i32_s": 0xb2,
  "i32.reinterpret_f32": 0xbc,
  "f32.reinterpret_i32": 0xbe,
  select: 0x1b,
  end: 0x0b,
} as const;

const simd = {
  "i32x4.splat": 17,
  "f32x4.splat": 19,
  "i32x4.lt_s": 57,
  "i32x4.ge_u": 64,
  "f32x4.lt": 67,
  "f32x4.gt": 68,
  "f32x4.ge": 70,
  "v128.and": 78,
  "v128.xor": 81,
  "v128.bitselect": 82,
  "i32x4.shl": 171,
  "i32x4.shr_s": 172,
  "i32x4.shr_u": 173,
  "i32x4.add": 174,
  "i32x4.sub": 177,
  "i32x4.mul": 181,
  "f32x4.abs": 224,
  "f32x4.neg": 225,
  "f32x4.sqrt": 227,
  "f32x4.add": 228,
  "f32x4.sub": 229,
  "f32x4.mul": 230,
  "f32x4.div": 231,
  "f32x4.min": 232,
  "f32x4.max": 233,
  "f32x4.pmin": 234,
  "f32x4.pmax": 235,
  "f32x4.convert_i32x4_s": 250,
} as const;

/** Loads and stores: opcode, and whether it is a SIMD one. All are marked as aligned to 4 bytes. */
const memory = {
  "i32.load": [0x28, false],
  "f32.load": [0x2a, false],
  "i32.store": [0x36, false],
  "f32.store": [0x38, false],
  "v128.load": [0, true],
  "v128.load32_splat": [9, true],
  "v128.store": [11, true],
} as const;

const laneMemory = { "v128.load32_lane": 86, "v128.store32_lane": 90, "v128.store64_lane": 91 } as const;

export type PlainInstruction = keyof typeof plain | keyof typeof simd;

/** What precedes the number of a SIMD instruction. */
const SIMD = 0xfd;
export type MemoryInstruction = keyof typeof memory;

/** A parameter or local of a function. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** A vector constant, which stands in a local from the start of the function on. */
interface Constant {
  readonly local: Local;
  readonly lanes: readonly number[];
}

/** A function's code, in two parts. */
type Code = readonly [head: readonly number[], body: readonly number[]];

/**
 * Builds one function, instruction by instruction. Of its text only the words and numbers are kept, and put together when somebody wants to read them:
 * modules are made while somebody waits.
 */
export class FunctionBuilder {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly #locals: ValueType[] = [];
  /** By the integer that all lanes are, or by all of them. */
  readonly #constants = new Map<number | string, Constant>();
  readonly #bytes: number[] = [];
  /** Each instruction's name, then the numbers that belong to it. */
  readonly #words: (string | number)[] = [];

  constructor(name: string, parameters: readonly ValueType[], results: readonly ValueType[] = []) {
    this.name = name;
    this.parameters = parameters;
    this.results = results;
  }

  parameter(index: number): Local {
    return { index, type: this.parameters[index]! };
  }

  local(type: ValueType): Local {
    this.#locals.push(type);
    return { index: this.parameters.length + this.#locals.length - 1, type };
  }

  get({ index }: Local): this {
    return this.#emit("local.get", 0x20, index);
  }

  set({ index }: Local): this {
    return this.#emit("local.set", 0x21, index);
  }

  tee({ index }: Local): this {
    return this.#emit("local.tee", 0x22, index);
  }

  i32(value: number): this {
    this.#words.push("i32.const", value | 0);
    this.#bytes.push(0x41);
    pushSigned(this.#bytes, value | 0);
    return this;
  }

  f32(value: number): this {
    this.#words.push("f32.const", value);
    this.#bytes.push(0x43);
    pushInteger(this.#bytes, floatBits(value));
    return this;
  }

  /** A vector constant of four 32-bit integers. It takes 18 bytes, and so is kept in a local from the start of the function on. */
  i32x4(lanes: readonly [number, number, number, number]): this {
    const [a, b, c, d] = lanes;
    const key = a === b && b === c && c === d ? a : lanes.join(" ");
    let constant = this.#constants.get(key);
    if (constant === undefined) {
      constant = { local: this.local("v128"), lanes };
      this.#constants.set(key, constant);
    }
    return this.#emit(CONSTANT, 0x20, constant.local.index);
  }

  op(...names: readonly PlainInstruction[]): this {
    for (const name of names) {
      this.#words.push(name);
      if (isSimd(name)) {
        this.#bytes.push(SIMD);
        pushUnsigned(this.#bytes, simd[name]);
      } else this.#bytes.push(plain[name]);
    }
    return this;
  }

  /** A load, or a store of what lies on the address; `offset` is added to the address. */
  at(name: MemoryInstruction, offset = 0): this {
    const [code, isVector] = memory[name];
    this.#words.push(name, offset);
    // The SIMD ones here have numbers below 128.
    if (isVector) this.#bytes.push(SIMD);
    this.#bytes.push(code, 2);
    pushUnsigned(this.#bytes, offset);
    return this;
  }

  /** A load or store of one lane (or of two, by `store64_lane`). */
  laneAt(name: keyof typeof laneMemory, lane: number, offset = 0): this {
    this.#words.push(name, offset, lane);
    this.#bytes.push(SIMD, laneMemory[name], 2);
    pushUnsigned(this.#bytes, offset);
    this.#bytes.push(lane);
    return this;
  }

  extractF32(lane: number): this {
    this.#words.push("f32x4.extract_lane", lane);
    this.#bytes.push(SIMD, 31, lane);
    return this;
  }

  /** Picks four of the eight 32-bit lanes of two vectors. */
  shuffle(lanes: readonly [number, number, number, number]): this {
    this.#words.push("i8x16.shuffle");
    this.#bytes.push(SIMD, 13);
    for (const lane of lanes) {
      for (let byte = 4 * lane; byte < 4 * lane + 4; byte++) {
        this.#words.push(byte);
        this.#bytes.push(byte);
      }
    }
    return this;
  }

  call(functionIndex: number): this {
    return this.#emit("call", 0x10, functionIndex);
  }

  /** Runs `body` with `counter` from its present value, in steps, while it is below `limit`. Both count unsigned. */
  countTo(counter: Local, limit: Local | number, step: number, body: () => void): this {
    const pushLimit = (): void => {
      if (typeof limit === "number") this.i32(limit);
      else this.get(limit);
    };
    this.#open("block", 0x02);
    this.get(counter);
    pushLimit();
    this.op("i32.ge_u").#emit("br_if", 0x0d, 0);
    this.#open("loop", 0x03);
    body();
    this.get(counter).i32(step).op("i32.add").tee(counter);
    pushLimit();
    return this.op("i32.lt_u").#emit("br_if", 0x0d, 0).op("end", "end");
  }

  /** Runs `body` if the number on the stack is not 0. */
  ifNotZero(body: () => void): this {
    this.#open("if", 0x04);
    body();
    return this.op("end");
  }

  /** The function's code in binary, after its length. */
  encode(): Code {
    const groups: { count: number; type: ValueType }[] = [];
    for (const type of this.#locals) {
      const last = groups[groups.length - 1];
      if (last?.type === type) last.count++;
      else groups.push({ count: 1, type });
    }
    const head = unsigned(groups.length);
    for (const { count, type } of groups) {
      pushUnsigned(head, count);
      head.push(typeCodes[type]);
    }
    for (const { local, lanes } of this.#constants.values()) {
      head.push(SIMD, 12);
      for (const lane of lanes) pushInteger(head, lane);
      head.push(0x21);
      pushUnsigned(head, local.index);
    }
    return [[...unsigned(head.length + this.#bytes.length + 1), ...head], this.#bytes];
  }

  /** The function in WebAssembly's text form. */
  print(): string {
    const list = (word: string, types: readonly ValueType[]): string =>
      types.length === 0 ? "" : ` (${word} ${types.join(" ")})`;
    const constants = [...this.#constants.values()].map(
      ({ local, lanes }) => [local.index, `v128.const i32x4 ${lanes.join(" ")}`] as const,
    );
    return [
      `(func $${this.name}${list("param", this.parameters)}${list("result", this.results)}`,
      ...(this.#locals.length === 0 ? [] : [` ${list("local", this.#locals)}`]),
      ...constants.flatMap(([index, text]) => [`  ${text}`, `  local.set ${index}`]),
      ...this.#lines(new Map(constants)),
      ")",
    ].join("\n");
  }

  #lines(constants: ReadonlyMap<number, string>): string[] {
    const lines: string[] = [];
    let depth = 1;
    for (let at = 0; at < this.#words.length; ) {
      const word = String(this.#words[at++]);
      const numbers: number[] = [];
      for (let next = this.#words[at]; typeof next === "number"; next = this.#words[++at]) numbers.push(next);
      if (word === "end") depth--;
      lines.push("  ".repeat(depth) + lineOf(word, numbers, constants));
      if (word === "block" || word === "loop" || word === "if") depth++;
    }
    return lines;
  }

  /** An instruction of one byte, and one number. */
  #emit(name: string, code: number, immediate: number): this {
    this.#words.push(name, immediate);
    this.#bytes.push(code);
    pushUnsigned(this.#bytes, immediate);
    return this;
  }

  #open(word: string, code: number): void {
    this.#words.push(word);
    this.#bytes.push(code, 0x40);
  }
}

/** Stands in a function's words for pushing a constant from its local. */
const CONSTANT = "constant";

function lineOf(word: string, numbers: readonly number[], constants: ReadonlyMap<number, string>): string {
  const [first = 0, ...rest] = numbers;
  if (word === CONSTANT) return `local.get ${first} (; ${constants.get(first)} ;)`;
  const immediates = word in memory || word in laneMemory ? [`offset=${first}`, ...rest] : numbers;
  return [word, ...immediates].join(" ");
}

/** What 32-bit addresses reach: 4 GiB. */
const MAXIMUM_PAGES = 0x1_0000;

/** A module of functions, all exported by name, over the memory that it imports as `env.memory`. */
export function encodeModule(functions: readonly FunctionBuilder[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, results }) => [
    0x60,
    ...vector(parameters.map((type) => [typeCodes[type]])),
    ...vector(results.map((type) => [typeCodes[type]])),
  ]);
  // A maximum, so that one bit makes it a shared memory.
  const memoryImport = [...name("env"), ...name("memory"), 0x02, 0x01, 0x00, ...unsigned(MAXIMUM_PAGES)];
  const codes = functions.flatMap((f) => f.encode());
  const count = unsigned(functions.length);
  const parts = [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(1, vector(types)),
    section(2, vector([memoryImport])),
    section(3, vector(functions.map((_, k) => unsigned(k)))),
    section(7, vector(functions.map((f, k) => [...name(f.name), 0x00, ...unsigned(k)]))),
    [10, ...unsigned(codes.reduce((sum, { length }) => sum + length, count.length + functions.length)), ...count],
    // A body ends with an instruction of its own.
    ...codes.flatMap((code, k) => (k % 2 === 0 ? [code] : [code, [plain.end]])),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function name(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [...unsigned(bytes.length), ...bytes];
}

function isSimd(instruction: PlainInstruction): instruction is keyof typeof simd {
  return instruction in simd;
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  pushUnsigned(bytes, value);
  return bytes;
}

function pushUnsigned(bytes: number[], value: number): void {
  let rest = value >>> 0;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
}

/** Signed LEB128. */
function pushSigned(bytes: number[], value: number): void {
  let rest = value;
  while (rest < -0x40 || rest > 0x3f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  bytes.push(rest & 0x7f);
}

function pushInteger(bytes: number[], value: number): void {
  bytes.push(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff);
}

const oneFloat = new Float32Array(1);
const itsBits = new Int32Array(oneFloat.buffer);

/** The bits of a number in float32. */
export function floatBits(value: number): number {
  oneFloat[0] = value;
  return itsBits[0]!;
}
