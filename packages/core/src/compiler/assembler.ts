/**
 * A small WebAssembly assembler: functions of structured code over one imported memory. It knows the instructions that attention
 * kernels are made of, and checks nothing: the engine validates the module.
 */

import {
  type Code,
  codeSection,
  declareLocals,
  joined,
  name,
  pushInteger,
  pushSigned,
  pushUnsigned,
  section,
  unsigned,
  vector,
} from "./binary-format.ts";

export type ValueType = "i32" | "f32" | "v128";

const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/** What is added here to the numbers of SIMD instructions, which are written after a prefix. */
export const SIMD_CODES = 256;

/** Instructions without immediates. */
export const instructions = {
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
  select: 0x1b,
  end: 0x0b,
  "i32x4.splat": SIMD_CODES + 17,
  "f32x4.splat": SIMD_CODES + 19,
  "i32x4.lt_s": SIMD_CODES + 57,
  "i32x4.ge_u": SIMD_CODES + 64,
  "f32x4.lt": SIMD_CODES + 67,
  "f32x4.gt": SIMD_CODES + 68,
  "f32x4.ge": SIMD_CODES + 70,
  "v128.and": SIMD_CODES + 78,
  "v128.xor": SIMD_CODES + 81,
  "v128.bitselect": SIMD_CODES + 82,
  "i32x4.shl": SIMD_CODES + 171,
  "i32x4.shr_s": SIMD_CODES + 172,
  "i32x4.shr_u": SIMD_CODES + 173,
  "i32x4.add": SIMD_CODES + 174,
  "i32x4.sub": SIMD_CODES + 177,
  "i32x4.mul": SIMD_CODES + 181,
  "f32x4.abs": SIMD_CODES + 224,
  "f32x4.neg": SIMD_CODES + 225,
  "f32x4.sqrt": SIMD_CODES + 227,
  "f32x4.add": SIMD_CODES + 228,
  "f32x4.sub": SIMD_CODES + 229,
  "f32x4.mul": SIMD_CODES + 230,
  "f32x4.div": SIMD_CODES + 231,
  "f32x4.min": SIMD_CODES + 232,
  "f32x4.max": SIMD_CODES + 233,
  "f32x4.pmin": SIMD_CODES + 234,
  "f32x4.pmax": SIMD_CODES + 235,
  "f32x4.convert_i32x4_s": SIMD_CODES + 250,
} as const;

/** Loads and stores. All are marked as aligned to 4 bytes. */
export const memory = {
  "i32.load": 0x28,
  "f32.load": 0x2a,
  "i32.store": 0x36,
  "f32.store": 0x38,
  "v128.load": SIMD_CODES,
  "v128.load32_splat": SIMD_CODES + 9,
  "v128.store": SIMD_CODES + 11,
} as const;

/** Loads and stores of some lanes. */
export const laneMemory = {
  "v128.load32_lane": SIMD_CODES + 86,
  "v128.store32_lane": SIMD_CODES + 90,
  "v128.store64_lane": SIMD_CODES + 91,
} as const;

export type PlainInstruction = keyof typeof instructions;

/** What precedes the number of a SIMD instruction. */
export const SIMD = 0xfd;
export type MemoryInstruction = keyof typeof memory;

/** A parameter or local of a function. */
export interface Local {
  readonly index: number;
}

/** A vector constant, which stands in a local from the start of the function on. */
interface Constant {
  readonly local: Local;
  readonly lanes: readonly number[];
}

/**
 * Builds one function, instruction by instruction. Only its bytes are kept, which `printModule` reads when somebody wants its text: modules are made
 * while somebody waits.
 */
export class FunctionBuilder {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly locals: ValueType[] = [];
  /** By their lanes. */
  readonly constants = new Map<string, Constant>();
  /** Its instructions, but for the constants before them and the end. */
  readonly bytes: number[] = [];
  /** Vector locals that were given back. */
  readonly #spare: Local[] = [];

  constructor(name: string, parameters: readonly ValueType[], results: readonly ValueType[] = []) {
    this.name = name;
    this.parameters = parameters;
    this.results = results;
  }

  parameter(index: number): Local {
    return { index };
  }

  local(type: ValueType): Local {
    this.locals.push(type);
    return { index: this.parameters.length + this.locals.length - 1 };
  }

  /** A vector local that is used again once given back: fewer locals, smaller modules. */
  take(): Local {
    return this.#spare.pop() ?? this.local("v128");
  }

  give(...locals: readonly Local[]): void {
    this.#spare.push(...locals);
  }

  get({ index }: Local): this {
    return this.#emit(0x20, index);
  }

  set({ index }: Local): this {
    return this.#emit(0x21, index);
  }

  tee({ index }: Local): this {
    return this.#emit(0x22, index);
  }

  i32(value: number): this {
    this.bytes.push(0x41);
    pushSigned(this.bytes, value | 0);
    return this;
  }

  f32(value: number): this {
    this.bytes.push(0x43);
    pushInteger(this.bytes, floatBits(value));
    return this;
  }

  /** A vector of one repeated number. */
  splat(value: number): this {
    return this.i32x4(floatBits(value));
  }

  /**
   * A vector constant of four 32-bit integers, by default four times the first. It takes 18 bytes, and so is kept in a local from the start of the
   * function on.
   */
  i32x4(a: number, b = a, c = a, d = a): this {
    const key = `${a} ${b} ${c} ${d}`;
    let constant = this.constants.get(key);
    if (constant === undefined) {
      constant = { local: this.local("v128"), lanes: [a, b, c, d] };
      this.constants.set(key, constant);
    }
    return this.#emit(0x20, constant.local.index);
  }

  op(...names: readonly PlainInstruction[]): this {
    for (const name of names) this.#code(instructions[name]);
    return this;
  }

  /** A load, or a store of what lies on the address; `offset` is added to the address. */
  at(name: MemoryInstruction, offset = 0): this {
    return this.#access(memory[name], offset);
  }

  /** A load or store of one lane (or of two, by `store64_lane`). */
  laneAt(name: keyof typeof laneMemory, lane: number, offset = 0): this {
    this.#access(laneMemory[name], offset).bytes.push(lane);
    return this;
  }

  extractF32(lane: number): this {
    this.bytes.push(SIMD, 31, lane);
    return this;
  }

  /** Pushes four of the eight 32-bit lanes of two vectors. */
  shuffle(x: Local, y: Local, lanes: readonly [number, number, number, number]): this {
    this.get(x).get(y).bytes.push(SIMD, 13);
    for (const lane of lanes) {
      for (let byte = 4 * lane; byte < 4 * lane + 4; byte++) {
        this.bytes.push(byte);
      }
    }
    return this;
  }

  /** Adds so many words to the address on the stack. */
  addWords(count: Local): this {
    return this.get(count).i32(2).op("i32.shl", "i32.add");
  }

  /** Sets `target` to `x + n`. */
  setSum(target: Local, x: Local, n: number): this {
    return this.get(x).i32(n).op("i32.add").set(target);
  }

  call(functionIndex: number): this {
    return this.#emit(0x10, functionIndex);
  }

  /** Runs `body` with `counter` from its present value, in steps, while it is below `limit`. Both count unsigned. */
  countTo(counter: Local, limit: Local | number, step: number, body: () => void): this {
    const pushLimit = (): this => (typeof limit === "number" ? this.i32(limit) : this.get(limit));
    this.#open(0x02);
    this.get(counter);
    pushLimit().op("i32.ge_u").#emit(0x0d, 0);
    this.#open(0x03);
    body();
    this.get(counter).i32(step).op("i32.add").tee(counter);
    return pushLimit().op("i32.lt_u").#emit(0x0d, 0).op("end", "end");
  }

  /** Runs `body` if the number on the stack is not 0. */
  ifNotZero(body: () => void): this {
    this.#open(0x04);
    body();
    return this.op("end");
  }

  /** The function's code in binary, after its length. */
  encode(): Code {
    const head = declareLocals(this.locals.map((type) => typeCodes[type]));
    for (const { local, lanes } of this.constants.values()) {
      head.push(SIMD, 12);
      for (const lane of lanes) pushInteger(head, lane);
      head.push(0x21);
      pushUnsigned(head, local.index);
    }
    // A body ends with an instruction of its own.
    return [[...unsigned(head.length + this.bytes.length + 1), ...head], this.bytes, [instructions.end]];
  }

  /** The number of an instruction. */
  #code(code: number): void {
    if (code < SIMD_CODES) this.bytes.push(code);
    else {
      this.bytes.push(SIMD);
      pushUnsigned(this.bytes, code - SIMD_CODES);
    }
  }

  #access(code: number, offset: number): this {
    this.#code(code);
    this.bytes.push(2);
    pushUnsigned(this.bytes, offset);
    return this;
  }

  /** An instruction of one byte, and one number. */
  #emit(code: number, immediate: number): this {
    this.bytes.push(code);
    pushUnsigned(this.bytes, immediate);
    return this;
  }

  #open(code: number): void {
    this.bytes.push(code, 0x40);
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
  return joined([
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(1, vector(types)),
    section(2, vector([memoryImport])),
    section(3, vector(functions.map((_, k) => unsigned(k)))),
    section(7, vector(functions.map((f, k) => [...name(f.name), 0x00, ...unsigned(k)]))),
    ...codeSection(functions.map((f) => f.encode())),
  ]);
}

const oneFloat = new Float32Array(1);
const itsBits = new Int32Array(oneFloat.buffer);

/** The bits of a number in float32. */
function floatBits(value: number): number {
  oneFloat[0] = value;
  return itsBits[0]!;
}
