import type { Shape } from "../tensor/shapes.ts";
import { fromBrainFloat, fromHalfFloat } from "./half-float.ts";
import type { Dtype, StoredAs, StoredTensor } from "./stored-tensor.ts";

/** A tensor over bytes of a file, which are as many as its shape says. Nothing is read or copied before `values` is asked for. */
export function viewTensor(dtype: Dtype, shape: Shape, bytes: Uint8Array): StoredTensor {
  switch (dtype) {
    case "F64":
      return new View(dtype, shape, () => numbersOf(Float64Array, bytes));
    case "F32":
      return new View(dtype, shape, () => numbersOf(Float32Array, bytes));
    case "F16":
      return new View(dtype, shape, () => fromHalfFloat(numbersOf(Uint16Array, bytes)));
    case "BF16":
      return new View(dtype, shape, () => fromBrainFloat(numbersOf(Uint16Array, bytes)));
    case "I64":
      return new View(dtype, shape, () => numbersOf(BigInt64Array, bytes));
    case "I32":
      return new View(dtype, shape, () => numbersOf(Int32Array, bytes));
    case "U32":
      return new View(dtype, shape, () => numbersOf(Uint32Array, bytes));
    case "U8":
      return new View(dtype, shape, () => bytes);
    case "BOOL":
      return new View(dtype, shape, () => bytes);
  }
}

/** One small object for each tensor: a header may name as many as it has room for. */
class View<Name extends Dtype, Values> implements StoredAs<Name, Values> {
  readonly dtype: Name;
  readonly shape: Shape;
  readonly #read: () => Values;

  constructor(dtype: Name, shape: Shape, read: () => Values) {
    this.dtype = dtype;
    this.shape = shape;
    this.#read = read;
  }

  get values(): Values {
    return this.#read();
  }
}

/** A kind of typed array. */
interface Numbers<Values> {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Values;
  readonly BYTES_PER_ELEMENT: number;
}

/** Numbers where they lie: a typed array must begin at a multiple of the size of its numbers, else the bytes are copied. */
function numbersOf<Values>(Type: Numbers<Values>, bytes: Uint8Array): Values {
  const size = Type.BYTES_PER_ELEMENT;
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new Type(buffer, byteOffset, byteLength / size);
}
