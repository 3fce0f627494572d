import { declareLocals, joined, lengthOf, pushUnsigned, unsigned } from "../../compiler/assembler.ts";

/** A module of kernels as it travels: text, so that no loader or bundler set-up is needed. Written by assembly/pack.mjs, a character for each number. */
export interface PackedModule {
  /** The sections before the code, in bytes. */
  readonly head: string;
  /** The types of the parameters of each function, by their places in {@link TYPES}; what is no place there ends a function's. */
  readonly parameters: string;
  /** All instructions of all functions, by their places in the list of instructions. */
  readonly instructions: string;
  /** For locals that the instructions do not tell: 0 for one that is used first, else how many others of its type have been used since, less one. */
  readonly locals: string;
  /** Other numbers in the code, in LEB128. */
  readonly numbers: string;
  /** Vectors in the code, in bytes. */
  readonly vectors: string;
  /** The sections behind the code, in bytes. */
  readonly tail: string;
  /** Where in the module the products of dense products are: see relaxed-products.ts. */
  readonly productSites: readonly number[];
}

/** What stands for the smallest numbers. The others have the codes from {@link OTHERS} on. */
const CHARACTERS = "etnr,ias().o=lu:dhcf{}pgm;w[]0vb2y1>x3#&?k*+_-4!SMRA/UEq|8PO6<jzGT75CWDI9NLFB@VHKZJQXY^%'~";
const OTHERS = 160;
/** i32, v128, f32 and f64. */
const TYPES = [0x7f, 0x7b, 0x7d, 0x7c] as const;
const VECTOR = 16;
const CODE_SECTION = 10;

/** Letters of instructions on a local, {@link AGES} for each type: the one of it that was used last, the one before it, and any other. */
const LOCALS = "ghijklmnopqr";
const AGES = 3;

/** What an instruction begins with, and what follows. */
interface Instruction {
  readonly bytes: readonly number[];
  /** `t` for a number, `v` for a vector, `z` at the end of a function. */
  readonly operand: string;
  /** The place of the operand in {@link LOCALS}, or -1. */
  readonly local: number;
}

/**
 * The module that was packed, but for the numbers of locals, which follow the order of their first uses. Programs wait for it when they start.
 *
 * @param instructionSet - All instructions, each its bytes in hexadecimal and a letter for what follows: see assembly/pack.mjs.
 */
export function unpack(packed: PackedModule, instructionSet: string): Uint8Array<ArrayBuffer> {
  const reader = new CodeReader(packed, instructionSet);
  const bodies: number[][] = [];
  while (!reader.isAtEnd) {
    const [declarations, body] = reader.next();
    bodies.push(unsigned(declarations.length + body.length), declarations, body);
  }
  const count = unsigned(bodies.length / 3);
  return joined([
    bytesOf(packed.head),
    [CODE_SECTION, ...unsigned(count.length + lengthOf(bodies)), ...count],
    ...bodies,
    bytesOf(packed.tail),
  ]);
}

/** Reads the functions of a module, one after the other. */
class CodeReader {
  readonly #set: readonly Instruction[];
  readonly #parameters: Numbers;
  readonly #instructions: Numbers;
  readonly #locals: Numbers;
  readonly #numbers: Numbers;
  readonly #vectors: Numbers;

  constructor({ parameters, instructions, locals, numbers, vectors }: PackedModule, instructionSet: string) {
    const numberOf = numbersByCode();
    this.#set = instructionsOf(instructionSet);
    this.#parameters = new Numbers(parameters, numberOf);
    this.#instructions = new Numbers(instructions, numberOf);
    this.#locals = new Numbers(locals, numberOf);
    this.#numbers = new Numbers(numbers, numberOf);
    this.#vectors = new Numbers(vectors, numberOf);
  }

  get isAtEnd(): boolean {
    return this.#instructions.isAtEnd;
  }

  /** What the locals of the next function are, and its instructions. */
  next(): [declarations: number[], body: number[]] {
    const used = new UsedLocals();
    for (let type = this.#parameters.next(); type < TYPES.length; type = this.#parameters.next()) used.declare(type);
    const parameters = used.types.length;
    const body: number[] = [];
    for (let operand = ""; operand !== "z"; ) {
      const instruction = this.#set[this.#instructions.next()]!;
      for (const byte of instruction.bytes) body.push(byte);
      operand = instruction.operand;
      if (instruction.local >= 0) pushUnsigned(body, this.#local(instruction.local, used));
      else if (operand === "t") this.#copyNumber(body);
      else if (operand === "v") for (let byte = 0; byte < VECTOR; byte++) body.push(this.#vectors.next());
    }
    return [declareLocals(used.types.slice(parameters)), body];
  }

  #local(place: number, used: UsedLocals): number {
    const type = Math.floor(place / AGES);
    const age = place % AGES;
    if (age < AGES - 1) return used.use(type, age);
    const others = this.#locals.next();
    return used.use(type, others === 0 ? used.declare(type) : others + 1);
  }

  /** A number in LEB128. */
  #copyNumber(body: number[]): void {
    let byte: number;
    do {
      byte = this.#numbers.next();
      body.push(byte);
    } while (byte >= 0x80);
  }
}

/** The locals of a function, parameters included. */
class UsedLocals {
  readonly types: number[] = [];
  /** Of each type the one that was used last is the first. */
  readonly #recent: readonly number[][] = TYPES.map(() => []);

  /** Adds a local, as the one of its type that was not used for the longest time. Returns how many others are before it. */
  declare(type: number): number {
    return this.#recent[type]!.push(this.types.push(TYPES[type]!) - 1) - 1;
  }

  /** The local of a type since whose last use `age` others have been used. */
  use(type: number, age: number): number {
    const recent = this.#recent[type]!;
    const local = recent[age]!;
    recent.copyWithin(1, 0, age);
    recent[0] = local;
    return local;
  }
}

/** Reads the numbers that a text stands for, one after the other. */
class Numbers {
  readonly #text: string;
  readonly #numberOf: Uint8Array;
  #at = 0;

  constructor(text: string, numberOf: Uint8Array) {
    this.#text = text;
    this.#numberOf = numberOf;
  }

  next(): number {
    return this.#numberOf[this.#text.charCodeAt(this.#at++)]!;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }
}

/** The number that each character stands for, by the character's code. */
function numbersByCode(): Uint8Array {
  const numbers = new Uint8Array(OTHERS + 256);
  for (let number = 0; number < 256; number++) {
    numbers[number < CHARACTERS.length ? CHARACTERS.charCodeAt(number) : OTHERS + number - CHARACTERS.length] = number;
  }
  return numbers;
}

function instructionsOf(set: string): readonly Instruction[] {
  return Array.from(set.matchAll(/([\da-f]*)(\w)/g), ([, hex = "", operand = ""]) => {
    const bytes: number[] = [];
    for (let at = 0; at < hex.length; at += 2) bytes.push(Number.parseInt(hex.slice(at, at + 2), 16));
    return { bytes, operand, local: LOCALS.indexOf(operand) };
  });
}

/** The bytes in which the codes of a text's characters end. */
function bytesOf(text: string): Uint8Array {
  // An array of bytes keeps the last eight bits.
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
