import { DataError } from "@vicinal/core";

/** The numbers of a NumPy array, in the order in which they are stored. 64-bit integers are read as float64. */
type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** An array of numbers with its shape, row after row. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly values: NumberArray;
}

/**
 * Reads little-endian numbers of a NumPy type such as `"<i4"`, `"|b1"` or `"<f8"`.
 *
 * @throws DataError `unsupported-type`, or `truncated-file` when the bytes are not exactly those of the shape.
 */
export function decodeNumbers(
  where: string,
  type: string,
  shape: readonly number[],
  fortranOrder: boolean,
  bytes: Uint8Array,
): NumericArray {
  const [, order, code = ""] = /^([<|=>]?)([biuf]\d)$/.exec(type) ?? [];
  const width = Number(code.slice(1));
  if (order === undefined || (order === ">" && width > 1)) {
    throw new DataError("unsupported-type", `${where}: got numbers of type "${type}"; expected little-endian ones.`);
  }
  const length = shape.reduce((product, side) => product * side, 1);
  if (bytes.byteLength !== length * width) {
    throw new DataError(
      "truncated-file",
      `${where}: got ${bytes.byteLength} bytes for an array of shape [${shape.join(", ")}] and type "${type}"; ` +
        `expected ${length * width}.`,
    );
  }
  // A copy, because a typed array must begin at a multiple of its width.
  const buffer = new Uint8Array(bytes).buffer;
  const values = numbersOf(where, code, buffer);
  return { shape, values: fortranOrder ? rowAfterRow(where, shape, values) : values };
}

function numbersOf(where: string, code: string, buffer: ArrayBuffer): NumberArray {
  switch (code) {
    case "b1":
    case "u1":
      return new Uint8Array(buffer);
    case "i1":
      return new Int8Array(buffer);
    case "i2":
      return new Int16Array(buffer);
    case "u2":
      return new Uint16Array(buffer);
    case "i4":
      return new Int32Array(buffer);
    case "u4":
      return new Uint32Array(buffer);
    case "f4":
      return new Float32Array(buffer);
    case "f8":
      return new Float64Array(buffer);
    case "i8":
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case "u8":
      return Float64Array.from(new BigUint64Array(buffer), Number);
    default:
      throw new DataError("unsupported-type", `${where}: cannot read numbers of the NumPy type "${code}".`);
  }
}

function rowAfterRow(where: string, shape: readonly number[], values: NumberArray): NumberArray {
  if (shape.length < 2) return values;
  const [rows, columns] = shape;
  if (shape.length > 2 || rows === undefined || columns === undefined) {
    throw new DataError(
      "unsupported-type",
      `${where}: got Fortran order for ${shape.length} axes; expected two at most.`,
    );
  }
  const turned = values.slice();
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) turned[r * columns + c] = values[c * rows + r]!;
  }
  return turned;
}

/**
 * Node numbers, which must be whole and fit 32 bits.
 *
 * @throws DataError `index-out-of-range`.
 */
export function asIndices(where: string, values: ArrayLike<number>): Uint32Array {
  const indices = Uint32Array.from(values);
  for (let p = 0; p < indices.length; p++) {
    if (indices[p] === values[p]) continue;
    throw new DataError(
      "index-out-of-range",
      `${where}: got the node number ${values[p]}; expected a whole number from 0.`,
    );
  }
  return indices;
}
