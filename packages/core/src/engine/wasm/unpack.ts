import { codeSection, declareLocals, joined, pushUnsigned, unsigned } from "../../compiler/binary-format.ts";

/** A module of kernels as it travels: text, so that no loader or bundler set-up is needed. Written by assembly/pack.mjs, a character for each number. */
export interface PackedModule {
  /** The sections before the code, in bytes. */
  readonly head: string;
  /** The types of the parameters of each function, by their places in {@link TYPES}; what is no place there ends a function's. */
  readonly parameters: string;
  /** All instructions of all functions, by their places in the list of instructions. */
  readonly instructions: string;
  /** For locals that the instructions do not tell: 0 for one that is used first, else how many others of its type have been used since. */
  readonly locals: string;
  /** How many functions there are, and the numbers in the code, in LEB128. */
  readonly numbers: string;
  /** Vectors in the code, in bytes. */
  readonly vectors: string;
  /** The sections behind the code, in base64. */
  readonly tail: string;
  /** Where in the module the products of dense products are: see relaxed-products.ts. */
  readonly productSites: readonly number[];
}

/** What stands for the smallest numbers. The others have the codes from {@link OTHERS} on. */
const CHARACTERS = "etnr,ias().o=lu:dhcf{}pgm;w[]0vb2y1>x3#&?k*+_-4!SMRA/UEq|8PO6<jzGT75CWDI9NLFB@VHKZJQXY^%'~";
const OTHERS = 160;
const SPACE = 32;
/** i32, v128, f32 and f64. */
const TYPES = [0x7f, 0x7b, 0x7d, 0x7c] as const;
const VECTOR = 16;

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

/** For each text of a module's code what gives the next number of it. */
type Next = Readonly<Record<"parameters" | "instructions" | "locals" | "numbers" | "vectors", () => number>>;

/**
 * The module that was packed, but for the numbers of locals, which follow the order of their first uses. Programs wait for it when they start.
 *
 * @param instructionSet - All instructions, each its bytes in hexadecimal and a letter for what follows: see assembly/pack.mjs.
 */
export function unpack(packed: PackedModule, instructionSet: string): Uint8Array<ArrayBuffer> {
  const set = instructionsOf(instructionSet);
  const numberOf = numbersByCode();
  const next = (text: string): (() => number) => {
    let at = 0;
    return () => numberOf[text.charCodeAt(at++)]!;
  };
  const code: Next = {
    parameters: next(packed.parameters),
    instructions: next(packed.instructions),
    locals: next(packed.locals),
    numbers: next(packed.numbers),
    vectors: next(packed.vectors),
  };
  const functions = Array.from({ length: code.numbers() }, () => nextFunction(set, code));
  return joined([
    headOf(packed.head),
    ...codeSection(functions),
    Uint8Array.from(atob(packed.tail), (byte) => byte.charCodeAt(0)),
  ]);
}

/** The next function: its length, what its locals are, and its instructions. */
function nextFunction(set: readonly Instruction[], next: Next): number[][] {
  const types: number[] = [];
  /** Of each type the local that was used last is the first. */
  const recent = TYPES.map((): number[] => []);
  /** Adds a local as the last, and says how many are before it. */
  const declare = (type: number): number => recent[type]!.push(types.push(TYPES[type]!) - 1) - 1;
  for (let type = next.parameters(); type < TYPES.length; type = next.parameters()) declare(type);
  const parameters = types.length;
  const body: number[] = [];
  let instruction: Instruction;
  do {
    instruction = set[next.instructions()]!;
    const { bytes, operand, local } = instruction;
    // By their numbers: iterating makes the whole take half again as long, for it runs before anything is compiled.
    for (let k = 0; k < bytes.length; k++) body.push(bytes[k]!);
    if (local >= 0) {
      const type = Math.floor(local / AGES);
      const told = local % AGES;
      pushUnsigned(body, moveToFront(recent[type]!, told < AGES - 1 ? told : next.locals() || declare(type)));
    } else if (operand === "t") copyNumber(next.numbers, body);
    else if (operand === "v") for (let byte = 0; byte < VECTOR; byte++) body.push(next.vectors());
  } while (instruction.operand !== "z");
  const declarations = declareLocals(types.slice(parameters));
  return [unsigned(declarations.length + body.length), declarations, body];
}

function moveToFront(locals: number[], place: number): number {
  const local = locals[place]!;
  for (let k = place; k > 0; k--) locals[k] = locals[k - 1]!;
  locals[0] = local;
  return local;
}

/** A number in LEB128. */
function copyNumber(next: () => number, body: number[]): void {
  let byte: number;
  do {
    byte = next();
    body.push(byte);
  } while (byte >= 0x80);
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

/** The bytes of the sections before the code. */
function headOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    // An array of bytes keeps the last eight bits.
    return code < 2 * SPACE ? code - SPACE : code;
  });
}
