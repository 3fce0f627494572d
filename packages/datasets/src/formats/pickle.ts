import { DataError } from "@vicinal/core";
import { BufferReader, Parser } from "pickleparser";
import { decodeNumbers, type NumericArray } from "./numbers.ts";
import { checkStoredCsr, type StoredCsr } from "./stored-csr.ts";

/**
 * Reads a Python pickle of numbers, lists, dictionaries, NumPy arrays and scipy CSR matrices, as protocols 2 to 5 write
 * them. A pickle can name any Python function; here the few names below stand for plain values and every other name is an
 * error, so a pickle can build data and do nothing else.
 *
 * Dictionaries become a `Map`, arrays a `PickledArray`, matrices a `PickledMatrix`: see `asNumbers`, `asCsr`, `asMap`.
 *
 * @throws DataError `malformed-pickle` (also for a truncated one) or `forbidden-pickle-name`.
 */
export function readPickle(where: string, bytes: Uint8Array): unknown {
  const parser = new Parser({
    unpicklingTypeOfDictionary: "Map",
    nameResolver: { resolve: (module, name) => resolveName(where, `${module}.${name}`) },
  });
  try {
    return parser.read<unknown>(new StrictReader(bytes));
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(
      "malformed-pickle",
      `${where}: the Python pickle cannot be read: ${String(cause)} The file is truncated or damaged: fetch it again.`,
      { cause },
    );
  }
}

/** @throws DataError `malformed-pickle` unless the value is an array of numbers. */
export function asNumbers(where: string, value: unknown): NumericArray {
  if (value instanceof PickledArray) return value.numbers(where);
  throw unexpected(where, "an array of numbers");
}

/** The single object in an array without axes (`numpy.array(object)`), as `numpy.savez` stores a matrix. */
export function asSingleObject(where: string, value: unknown): unknown {
  if (value instanceof PickledArray) return value.single(where);
  throw unexpected(where, "an array that holds one object");
}

/** @throws DataError `malformed-pickle` unless the value is a scipy CSR matrix. */
export function asCsr(where: string, value: unknown): StoredCsr {
  if (value instanceof PickledMatrix) return value.csr(where);
  throw unexpected(where, "a scipy CSR matrix");
}

/** @throws DataError `malformed-pickle` unless the value is a dictionary. */
export function asMap(where: string, value: unknown): ReadonlyMap<unknown, unknown> {
  if (value instanceof Map) return value;
  throw unexpected(where, "a dictionary");
}

function unexpected(where: string, expected: string): DataError {
  return new DataError("malformed-pickle", `${where}: expected the pickle to hold ${expected}; got something else.`);
}

/** Byte strings of Python 2 become text of one character a byte, and no length can lead backwards. */
class StrictReader extends BufferReader {
  override skip(offset: number): void {
    if (offset < 0) throw new RangeError(`A length of ${offset} bytes was given.`);
    super.skip(offset);
  }

  override uint64(): number {
    const low = this.uint32();
    const number = low + 2 ** 32 * this.uint32();
    if (!Number.isSafeInteger(number)) throw new RangeError(`A length of ${number} bytes was given.`);
    return number;
  }

  override string(size: number, encoding: "ascii" | "utf-8"): string {
    if (encoding === "utf-8") return super.string(size, encoding);
    return Buffer.from(this.bytes(size)).toString("latin1");
  }
}

class PickledType {
  readonly code: string;
  order = "|";

  constructor(code: unknown) {
    this.code = String(code);
  }

  __setstate__(state: unknown): void {
    if (Array.isArray(state) && typeof state[1] === "string") this.order = state[1];
  }
}

/** What `numpy.ndarray.__setstate__` receives: version, shape, type, Fortran order, and the bytes or the list of objects. */
class PickledArray {
  #state: readonly unknown[] = [];

  __setstate__(state: unknown): void {
    if (Array.isArray(state)) this.#state = state;
  }

  numbers(where: string): NumericArray {
    const [, shape, type, fortranOrder, data] = this.#state;
    if (!(type instanceof PickledType) || !isShape(shape)) throw unexpected(where, "an array of numbers");
    const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data;
    if (!(bytes instanceof Uint8Array)) throw unexpected(where, "an array of numbers");
    return decodeNumbers(where, type.order + type.code, shape, fortranOrder === true, bytes);
  }

  single(where: string): unknown {
    const [, shape, , , data] = this.#state;
    if (!isShape(shape) || shape.length > 0 || !Array.isArray(data) || data.length !== 1) {
      throw unexpected(where, "an array that holds one object");
    }
    const [object]: unknown[] = data;
    return object;
  }
}

class PickledMatrix {
  #state: ReadonlyMap<unknown, unknown> = new Map();

  __setstate__(state: unknown): void {
    if (state instanceof Map) this.#state = state;
  }

  csr(where: string): StoredCsr {
    const shape = this.#state.get("_shape");
    if (!isShape(shape) || shape.length !== 2) throw unexpected(where, "a scipy CSR matrix");
    const [rows = 0, columns = 0] = shape;
    const part = (name: string) => asNumbers(`${where}: ${name}`, this.#state.get(name));
    const matrix = { rows, columns, indptr: part("indptr"), indices: part("indices"), data: part("data") };
    checkStoredCsr(where, matrix);
    return matrix;
  }
}

/** How protocol 5 writes an array: its bytes, type, shape, and "C" or "F" for the order. */
function fromBuffer(data: unknown, type: unknown, shape: unknown, order: unknown): PickledArray {
  const array = new PickledArray();
  array.__setstate__([1, shape, type, order === "F", data]);
  return array;
}

/** NumPy's own limit. It comes first, because a pickle can claim a length of billions for a list that holds nothing. */
const MOST_AXES = 64;

function isShape(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.length <= MOST_AXES && value.every((side) => Number.isInteger(side) && side >= 0)
  );
}

type Named = (new (...args: unknown[]) => unknown) | ((...args: unknown[]) => unknown);

/**
 * The names that Planetoid's pickles and NumPy's object arrays use; modules moved between versions of NumPy and scipy. Frozen below,
 * because a pickle may try to set the state of whatever it names.
 */
const names: readonly (readonly [name: string, standIn: Named])[] = [
  ["numpy.core.multiarray._reconstruct", () => new PickledArray()],
  ["numpy._core.multiarray._reconstruct", () => new PickledArray()],
  ["numpy.core.numeric._frombuffer", fromBuffer],
  ["numpy._core.numeric._frombuffer", fromBuffer],
  ["numpy.ndarray", PickledArray],
  ["numpy.dtype", (code) => new PickledType(code)],
  ["scipy.sparse.csr.csr_matrix", PickledMatrix],
  ["scipy.sparse._csr.csr_matrix", PickledMatrix],
  ["collections.defaultdict", () => new Map()],
  ["__builtin__.list", () => []],
  ["builtins.list", () => []],
  ["_codecs.encode", (text) => Buffer.from(String(text), "latin1")],
];

const standIns: ReadonlyMap<string, Named> = new Map(names.map(([name, standIn]) => [name, Object.freeze(standIn)]));

function resolveName(where: string, name: string): Named {
  const found = standIns.get(name);
  if (found !== undefined) return found;
  throw new DataError(
    "forbidden-pickle-name",
    `${where}: the pickle names "${name}"; expected only lists, dictionaries, NumPy arrays and scipy CSR matrices. ` +
      "Nothing was run. Do not open this file with Python.",
  );
}
