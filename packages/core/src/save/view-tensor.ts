import type { Shape } from "../tensor/shapes.ts";
import { fromBrainFloat, fromHalfFloat } from "./half-float.ts";
import type { Dtype, StoredAs, StoredTensor } from "./stored-tensor.ts";

/**
 * A tensor over the bytes of a file from `begin` to `end`, which are as many as its shape says. Nothing is read or copied before `values` is asked
 * for.
 */
export function viewTensor(dtype: Dtype, shape: Shape, file: Uint8Array, begin: number, end: number): StoredTensor {
  switch (dtype) {
    case "F64":
      return new View(dtype, shape, file, begin, end, (bytes) => new Float64Array(...placeOf(bytes, 8)));
    case "F32":
      return new View(dtype, shape, file, begin, end, (bytes) => new Float32Array(...placeOf(bytes, 4)));
    case "F16":
      return new View(dtype, shape, file, begin, end, (bytes) => fromHalfFloat(new Uint16Array(...placeOf(bytes, 2))));
    case "BF16":
      return new View(dtype, shape, file, begin, end, (bytes) => fromBrainFloat(new Uint16Array(...placeOf(bytes, 2))));
    case "I64":
      return new View(dtype, shape, file, begin, end, (bytes) => new BigInt64Array(...placeOf(bytes, 8)));
    case "I32":
      return new View(dtype, shape, file, begin, end, (bytes) => new Int32Array(...placeOf(bytes, 4)));
    case "U32":
      return new View(dtype, shape, file, begin, end, (bytes) => new Uint32Array(...placeOf(bytes, 4)));
    case "U8":
      return new View(dtype, shape, file, begin, end, (bytes) => bytes);
    case "BOOL":
      return new View(dtype, shape, file, begin, end, (bytes) => bytes);
  }
}

/** One small object for each tensor: a header may name as many as it has room for. */
class View<Name extends Dtype, Values> implements StoredAs<Name, Values> {
  readonly dtype: Name;
  readonly shape: Shape;
  readonly #file: Uint8Array;
  readonly #begin: number;
  readonly #end: number;
  readonly #read: (bytes: Uint8Array) => Values;

  constructor(
    dtype: Name,
    shape: Shape,
    file: Uint8Array,
    begin: number,
    end: number,
    read: (bytes: Uint8Array) => Values,
  ) {
    this.dtype = dtype;
    this.shape = shape;
    this.#file = file;
    this.#begin = begin;
    this.#end = end;
    this.#read = read;
  }

  get values(): Values {
    return this.#read(this.#file.subarray(this.#begin, this.#end));
  }
}

/** Where a typed array of numbers of `size` bytes lies: it must begin at a multiple of its size, else the bytes are copied. */
function placeOf(bytes: Uint8Array, size: number): readonly [ArrayBufferLike, number, number] {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return [buffer, byteOffset, byteLength / size];
}
