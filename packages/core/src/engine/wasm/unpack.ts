import { declareLocals, joined, lengthOf, pushUnsigned, unsigned } from "../../compiler/assembler.ts";

/** A module of kernels as it travels: text, so that no loader or bundler set-up is needed. Written by assembly/pack.mjs, a character for each number. */
export interface PackedModule {
  /** The sections before the code, in bytes. */
  readonly head: string;
  /** How many parameters each function has. */
  readonly parameters: string;
  /** All instructions of all functions, by their places in the list of instructions. */
  readonly instructions: string;
  /** For each use of a local how many others have been used since its last, or {@link FIRST_USE} plus its type. */
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
const FIRST_USE = 10;
const VECTOR = 16;
const CODE_SECTION = 10;

/** What an instruction begins with, and a letter for what follows. */
interface Instruction {
  readonly bytes: readonly number[];
  readonly operand: string;
}

/**
 * The module that was packed, but for the numbers of locals, which follow the order of their first uses. Programs wait for it when they start.
 *
 * @param instructionSet - All instructions, each its bytes in hexadecimal and a letter for what follows: see assembly/pack.mjs.
 */
export function unpack(packed: PackedModule, instructionSet: string): Uint8Array<ArrayBuffer> {
  const code = new CodeReader(packed, instructionSet);
  const bodies = [unsigned(packed.parameters.length)];
  for (const _ of packed.parameters) {
    const [declarations, body] = code.next();
    bodies.push(unsigned(declarations.length + body.length), declarations, body);
  }
  return joined([bytesOf(packed.head), [CODE_SECTION, ...unsigned(lengthOf(bodies))], ...bodies, bytesOf(packed.tail)]);
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

  /** What the locals of the next function are, and its instructions. */
  next(): [declarations: number[], body: number[]] {
    const parameters = this.#parameters.next();
    const recent = Array.from({ length: parameters }, (_, k) => k);
    const types: number[] = [];
    const body: number[] = [];
    for (let operand = ""; operand !== "z"; ) {
      const instruction = this.#set[this.#instructions.next()]!;
      for (const byte of instruction.bytes) body.push(byte);
      operand = instruction.operand;
      if (operand === "l") pushUnsigned(body, this.#local(recent, types, parameters));
      else if (operand === "n") this.#copyNumber(body);
      else if (operand === "v") for (let byte = 0; byte < VECTOR; byte++) body.push(this.#vectors.next());
    }
    return [declareLocals(types), body];
  }

  /** The local that is used next, which becomes the first of `recent`. */
  #local(recent: number[], types: number[], parameters: number): number {
    const use = this.#locals.next();
    const type = TYPES[use - FIRST_USE];
    if (type !== undefined) {
      recent.unshift(parameters + types.length);
      types.push(type);
    } else {
      const age = use < FIRST_USE ? use : use - TYPES.length;
      const local = recent[age]!;
      recent.copyWithin(1, 0, age);
      recent[0] = local;
    }
    return recent[0]!;
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
    return { bytes, operand };
  });
}

/** The bytes in which the codes of a text's characters end. */
function bytesOf(text: string): Uint8Array {
  // An array of bytes keeps the last eight bits.
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
