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
export type MemoryInstruction = keyof typeof memory;

/** A parameter or local of a function. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** Builds one function, instruction by instruction. */
export class FunctionBuilder {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly #locals: ValueType[] = [];
  /** Vector constants, by their text. */
  readonly #constants = new Map<string, { readonly local: Local; readonly bytes: Uint8Array }>();
  readonly #bytes: number[] = [];
  readonly #lines: string[] = [];
  #depth = 1;

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
    return this.#emit(`local.get ${index}`, [0x20, ...unsigned(index)]);
  }

  set({ index }: Local): this {
    return this.#emit(`local.set ${index}`, [0x21, ...unsigned(index)]);
  }

  tee({ index }: Local): this {
    return this.#emit(`local.tee ${index}`, [0x22, ...unsigned(index)]);
  }

  i32(value: number): this {
    return this.#emit(`i32.const ${value | 0}`, [0x41, ...signed(value | 0)]);
  }

  f32(value: number): this {
    return this.#emit(`f32.const ${value}`, [0x43, ...floatBytes(value)]);
  }

  /** A vector constant of four 32-bit integers. It takes 18 bytes, and so is kept in a local from the start of the function on. */
  i32x4(lanes: readonly [number, number, number, number]): this {
    const text = `v128.const i32x4 ${lanes.join(" ")}`;
    let constant = this.#constants.get(text);
    if (constant === undefined) {
      constant = { local: this.local("v128"), bytes: new Uint8Array(Int32Array.from(lanes).buffer) };
      this.#constants.set(text, constant);
    }
    const { index } = constant.local;
    return this.#emit(`local.get ${index} (; ${text} ;)`, [0x20, ...unsigned(index)]);
  }

  op(...names: readonly PlainInstruction[]): this {
    for (const name of names) {
      this.#emit(name, isSimd(name) ? [0xfd, ...unsigned(simd[name])] : [plain[name]]);
    }
    return this;
  }

  /** A load, or a store of what lies on the address; `offset` is added to the address. */
  at(name: MemoryInstruction, offset = 0): this {
    const [code, isVector] = memory[name];
    return this.#emit(`${name} offset=${offset}`, [
      ...(isVector ? [0xfd, ...unsigned(code)] : [code]),
      2,
      ...unsigned(offset),
    ]);
  }

  /** A load or store of one lane (or of two, by `store64_lane`). */
  laneAt(name: keyof typeof laneMemory, lane: number, offset = 0): this {
    return this.#emit(`${name} offset=${offset} ${lane}`, [
      0xfd,
      ...unsigned(laneMemory[name]),
      2,
      ...unsigned(offset),
      lane,
    ]);
  }

  extractF32(lane: number): this {
    return this.#emit(`f32x4.extract_lane ${lane}`, [0xfd, 31, lane]);
  }

  /** Picks four of the eight 32-bit lanes of two vectors. */
  shuffle(lanes: readonly [number, number, number, number]): this {
    const bytes = lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
    return this.#emit(`i8x16.shuffle ${bytes.join(" ")}`, [0xfd, 13, ...bytes]);
  }

  call(functionIndex: number): this {
    return this.#emit(`call ${functionIndex}`, [0x10, ...unsigned(functionIndex)]);
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
    this.op("i32.ge_u").#emit("br_if 0", [0x0d, 0]);
    this.#open("loop", 0x03);
    body();
    this.get(counter).i32(step).op("i32.add").tee(counter);
    pushLimit();
    this.op("i32.lt_u").#emit("br_if 0", [0x0d, 0]);
    return this.#close().#close();
  }

  /** Runs `body` if the number on the stack is not 0. */
  ifNotZero(body: () => void): this {
    this.#open("if", 0x04);
    body();
    return this.#close();
  }

  /** The function's body in binary. */
  encode(): number[] {
    const groups: { count: number; type: ValueType }[] = [];
    for (const type of this.#locals) {
      const last = groups[groups.length - 1];
      if (last?.type === type) last.count++;
      else groups.push({ count: 1, type });
    }
    const locals = groups.flatMap(({ count, type }) => [...unsigned(count), typeCodes[type]]);
    const constants = [...this.#constants.values()].flatMap(({ local, bytes }) => [
      ...[0xfd, 12, ...bytes],
      ...[0x21, ...unsigned(local.index)],
    ]);
    const body = [...unsigned(groups.length), ...locals, ...constants, ...this.#bytes, 0x0b];
    return [...unsigned(body.length), ...body];
  }

  /** The function in WebAssembly's text form. */
  print(): string {
    const list = (word: string, types: readonly ValueType[]): string =>
      types.length === 0 ? "" : ` (${word} ${types.join(" ")})`;
    return [
      `(func $${this.name}${list("param", this.parameters)}${list("result", this.results)}`,
      ...(this.#locals.length === 0 ? [] : [` ${list("local", this.#locals)}`]),
      ...[...this.#constants].flatMap(([text, { local }]) => [`  ${text}`, `  local.set ${local.index}`]),
      ...this.#lines,
      ")",
    ].join("\n");
  }

  #emit(text: string, bytes: readonly number[]): this {
    this.#lines.push(`${"  ".repeat(this.#depth)}${text}`);
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  #open(word: string, code: number): this {
    this.#emit(word, [code, 0x40]);
    this.#depth++;
    return this;
  }

  #close(): this {
    this.#depth--;
    return this.#emit("end", [0x0b]);
  }
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
  const bodies = functions.map((f) => f.encode());
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(2, vector([memoryImport])),
    ...section(3, vector(functions.map((_, k) => unsigned(k)))),
    ...section(7, vector(functions.map((f, k) => [...name(f.name), 0x00, ...unsigned(k)]))),
    ...section(10, vector(bodies)),
  ]);
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
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

function floatBytes(value: number): Uint8Array {
  return new Uint8Array(Float32Array.of(value).buffer);
}
