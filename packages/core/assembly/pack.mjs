// Modules as text that compresses well: gzip makes two thirds of it of what it makes of their bytes. In bytes, an instruction, the number of a local and
// part of a constant follow each other, and gzip cannot tell one from another. Here each kind is a text of its own, the more frequent ones have the
// characters that programs have most, and a local is told by how many others of its type have been used since. src/engine/wasm/unpack.ts reads it.

/** Characters of one byte that stand in a string as they are, in the order of how often minified programs have them. Known to unpack.ts too. */
const CHARACTERS = "etnr,ias().o=lu:dhcf{}pgm;w[]0vb2y1>x3#&?k*+_-4!SMRA/UEq|8PO6<jzGT75CWDI9NLFB@VHKZJQXY^%'~";
const SPACE = 32;
/** Other numbers have the characters from here on. */
const OTHERS = 160;
/** Types that locals have, by how often: i32, v128, f32, f64. Known to unpack.ts too. */
const TYPES = [0x7f, 0x7b, 0x7d, 0x7c];
/** For locals of each type a letter for the one of that type that was used last, for the one before it, and for all others. Known to unpack.ts too. */
const LOCAL_LETTERS = ["ghi", "jkl", "mno", "pqr"];

/** Where constants must end. Known to linked-wasm-engine.ts too. */
const HEAP_BASE = 5120;

/** How many times an instruction has a number that counts as a part of it. */
const FREQUENT = 40;

const VECTOR = 16;
const SECTIONS = { types: 1, functions: 3, code: 10, data: 11 };
const MAGIC_AND_VERSION = 8;

/**
 * Packs modules, which share a list of instructions.
 *
 * @param {readonly Uint8Array[]} modules
 * @returns What unpack.ts has as `PackedModule`, of each, and the list. An instruction in it is its bytes in hexadecimal, then a letter for what follows
 * them: a local (see {@link LOCAL_LETTERS}), `t` for a number in LEB128, `v` for a vector, `s` for nothing, `z` for the function's end.
 */
export function pack(modules) {
  const read = modules.map(readModule);
  const instructions = read.flatMap(({ functions }) => functions.flatMap((f) => f.instructions));
  foldFrequentNumbers(instructions);
  const tails = constantSections(read);
  const order = [...countsOf(instructions.map(({ key }) => key))]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([key]) => key);
  const numbers = new Map(order.map((key, k) => [key, k]));
  return {
    instructionSet: order.join(""),
    packed: read.map(({ head, functions }, k) => {
      const all = functions.flatMap(({ instructions }) => instructions);
      const operands = (kind) => all.flatMap(({ key, operand }) => (key.endsWith(kind) ? operand : []));
      return {
        head: asReadable(head),
        // The last number ends a list.
        parameters: asText(functions.flatMap(({ parameters }) => [...parameters.map(numberOfType), TYPES.length])),
        instructions: asText(all.map(({ key }) => numbers.get(key))),
        locals: asText(functions.flatMap(({ locals }) => locals)),
        numbers: asText([functions.length, ...operands("t")]),
        vectors: asText(operands("v")),
        tail: Buffer.from(tails[k]).toString("base64"),
      };
    }),
  };
}

/** Makes numbers that an instruction has often a part of it: with each of them it is another one of the list of instructions. */
function foldFrequentNumbers(instructions) {
  const withNumbers = instructions.filter(({ key }) => key.endsWith("t"));
  const folded = ({ key, operand }) => `${key.slice(0, -1)}${hexadecimal(operand)}s`;
  const counts = countsOf(withNumbers.map(folded));
  for (const instruction of withNumbers) {
    const key = folded(instruction);
    if (counts.get(key) >= FREQUENT) Object.assign(instruction, { key, operand: [] });
  }
}

function countsOf(keys) {
  const counts = new Map();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** What is before the code, the functions, and the constants. */
function readModule(module) {
  const reader = new Reader(module);
  const head = [...reader.take(MAGIC_AND_VERSION)];
  const types = [];
  let parametersOf = [];
  let functions = [];
  let constants = [];
  while (reader.at < module.length) {
    const start = reader.at;
    const id = reader.byte();
    const section = new Reader(reader.take(reader.unsigned()));
    if (id === SECTIONS.types) types.push(...section.list(readParameters));
    if (id === SECTIONS.functions) parametersOf = section.list(() => types[section.unsigned()]);
    if (id === SECTIONS.code)
      functions = section.list((_, k) => readFunction(new Reader(section.take(section.unsigned())), parametersOf[k]));
    if (id === SECTIONS.data) constants = section.list(readConstant);
    if (id < SECTIONS.code) head.push(...module.subarray(start, reader.at));
  }
  return { head, functions, constants };
}

/** The types of the parameters of a type. */
function readParameters(reader) {
  reader.expect(0x60);
  const parameters = reader.list(() => reader.byte());
  reader.list(() => reader.byte());
  return parameters;
}

/** Bytes that stand at an address from the start. */
function readConstant(reader) {
  reader.expect(0, 0x41);
  const address = reader.unsigned();
  reader.expect(0x0b);
  return { address, bytes: [...reader.take(reader.unsigned())] };
}

function readFunction(reader, parameters) {
  const types = [...parameters];
  reader.list(() => types.push(...new Array(reader.unsigned()).fill(reader.byte())));
  const instructions = [];
  while (reader.at < reader.bytes.length) instructions.push(...readInstruction(reader));
  instructions[instructions.length - 1] = { key: "0bz", operand: [] };
  return { parameters, ...tellLocals({ parameters, types, instructions }) };
}

/**
 * The instructions with locals told by their type and by how many others of it have been used since, parameters counting as used in their order from the last to
 * the first. Which number a local has does not matter then. What the letters do not tell is in `locals`: 0 for a first use, else how many.
 */
function tellLocals({ parameters, types, instructions }) {
  const recent = TYPES.map((type) => [...parameters.keys()].filter((local) => types[local] === type));
  const locals = [];
  const told = instructions.map(({ key, operand: local }) => {
    if (!key.endsWith("l")) return { key, operand: local };
    const type = numberOfType(types[local]);
    const age = recent[type].indexOf(local);
    if (age >= 0) recent[type].splice(age, 1);
    recent[type].unshift(local);
    const letter = age === 0 || age === 1 ? age : 2;
    if (letter === 2) locals.push(Math.max(age, 0));
    return { key: key.replace("l", LOCAL_LETTERS[type][letter]), operand: [] };
  });
  return { instructions: told, locals };
}

function numberOfType(type) {
  const number = TYPES.indexOf(type);
  if (number < 0) throw new Error(`kernels: got a local of the type ${type}; expected a number or a vector.`);
  return number;
}

/**
 * An instruction as it stands in the list of instructions, and what follows it in this place. Where a lane follows too it is told as an instruction of its own, of
 * one byte, so that each has at most one operand.
 */
function readInstruction(reader) {
  const start = reader.at;
  const kind = readCode(reader);
  const code = hexadecimal(reader.bytes.subarray(start, reader.at));
  if (kind === "s") return [{ key: `${code}s`, operand: [] }];
  if (kind === "l") return [{ key: `${code}l`, operand: reader.unsigned() }];
  if (kind === "v") return [{ key: `${code}v`, operand: [...reader.take(VECTOR)] }];
  const instruction = { key: `${code}t`, operand: reader.number() };
  return kind === "t" ? [instruction] : [instruction, { key: `${hexadecimal(reader.take(1))}s`, operand: [] }];
}

function hexadecimal(bytes) {
  return Buffer.from(bytes).toString("hex");
}

/** Goes behind what an instruction always has, and says what follows, as a letter or in words. Rare operands count as a part of the instruction. */
function readCode(reader) {
  const code = reader.byte();
  if (code === 0xfd) {
    const simd = reader.unsigned();
    if (simd <= 11 || simd === 92 || simd === 93) return reader.skip(1, "t");
    if (simd <= 13) return "v";
    if (simd >= 21 && simd <= 34) return "t";
    return simd >= 84 && simd <= 91 ? reader.skip(1, "number and lane") : "s";
  }
  if (code === 0xfc) {
    const bulk = reader.unsigned();
    if (bulk < 8) return "s";
    if (bulk === 10 || bulk === 11) return reader.skip(12 - bulk, "s");
    throw new Error(`kernels: got the instruction fc ${bulk}; expected one that pack.mjs knows.`);
  }
  if (code >= 0x20 && code <= 0x22) return "l";
  if (code >= 0x28 && code <= 0x3e) return reader.skip(1, "t");
  if ([0x0c, 0x0d, 0x10, 0x23, 0x24, 0x41, 0x42].includes(code)) return "t";
  // Blocks with their type, and the size of memory.
  if ([0x02, 0x03, 0x04, 0x3f, 0x40].includes(code)) return reader.skip(1, "s");
  if (code === 0x43) return reader.skip(4, "s");
  if (code === 0x44) return reader.skip(8, "s");
  if (code === 0x0e) {
    reader.list(() => reader.unsigned());
    reader.unsigned();
    return "s";
  }
  if (code === 0x11 || code === 0x1c || code > 0xc4)
    throw new Error(`kernels: got the instruction ${code}; expected one that pack.mjs knows.`);
  return "s";
}

/**
 * A section of the constants of each module that the first module does not have. All modules are in one memory, the first always among them, so that what it has
 * need not be brought again. The constants of two modules must not differ where they meet.
 */
function constantSections(modules) {
  const memory = new Map();
  return modules.map(({ constants }, k) => {
    const runs = [];
    for (const { address, bytes } of constants) {
      bytes.forEach((byte, offset) => {
        const at = address + offset;
        if (at >= HEAP_BASE) throw new Error(`kernels: got a constant at ${at}; expected all below ${HEAP_BASE}.`);
        const found = memory.get(at);
        if (found !== undefined && found.byte !== byte)
          throw new Error(
            `kernels: got two constants at ${at}; expected one. The files of all index files must begin alike.`,
          );
        if (found?.isInFirst) return;
        memory.set(at, { byte, isInFirst: k === 0 });
        const last = runs[runs.length - 1];
        if (last !== undefined && last.start + last.bytes.length === at) last.bytes.push(byte);
        else runs.push({ start: at, bytes: [byte] });
      });
    }
    return runs.length === 0 ? [] : section(SECTIONS.data, [runs.length, ...runs.flatMap(segment)]);
  });
}

/** Bytes that stand at an address from the start. */
function segment({ start, bytes }) {
  return [0, 0x41, ...signed(start), 0x0b, ...unsigned(bytes.length), ...bytes];
}

function section(id, content) {
  return [id, ...unsigned(content.length), ...content];
}

function unsigned(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Of numbers that are not negative. */
function signed(value) {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}

/** Numbers as characters, small ones as those that programs have most. */
function asText(numbers) {
  return numbers
    .map((number) => CHARACTERS[number] ?? String.fromCharCode(OTHERS + number - CHARACTERS.length))
    .join("");
}

/**
 * Bytes as characters: names stay readable, so that they are what a program has already; small numbers have the characters from the space on; of all others the codes end
 * in the byte.
 */
function asReadable(bytes) {
  const codeOf = (byte) =>
    byte < SPACE ? byte + SPACE : /[@-[\]-_a-~]/.test(String.fromCharCode(byte)) ? byte : byte + 256;
  return String.fromCharCode(...bytes.map(codeOf));
}

/** Reads from front to back. */
class Reader {
  at = 0;

  constructor(bytes) {
    this.bytes = bytes;
  }

  byte() {
    return this.bytes[this.at++];
  }

  take(count) {
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** Goes on, and returns what is asked for. */
  skip(count, kind) {
    this.at += count;
    return kind;
  }

  /** The bytes of a number in LEB128. */
  number() {
    const start = this.at;
    while (this.byte() >= 0x80);
    return [...this.bytes.subarray(start, this.at)];
  }

  unsigned() {
    return this.number().reduceRight((value, byte) => value * 0x80 + (byte & 0x7f), 0);
  }

  list(readItem) {
    return Array.from({ length: this.unsigned() }, (_, k) => readItem(this, k));
  }

  expect(...bytes) {
    const got = [...this.take(bytes.length)];
    if (got.join() !== bytes.join()) throw new Error(`kernels: got ${got.join()}; expected ${bytes.join()}.`);
  }
}
