import type { Shape } from "../tensor/shapes.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A type of numbers in a file, by its name in the safetensors format. */
export type Dtype = "F64" | "F32" | "F16" | "BF16" | "I64" | "I32" | "U32" | "U8" | "BOOL";

/** Bytes of one number. */
export const bytesPerNumber: Readonly<Record<Dtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  U32: 4,
  U8: 1,
  BOOL: 1,
};

/** Every {@link Dtype}. */
export const dtypes: readonly Dtype[] = Object.keys(bytesPerNumber).filter(isDtype);

/** Whether a name is that of a {@link Dtype}. */
export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(bytesPerNumber, name);
}

/** See {@link StoredTensor}. */
export interface StoredAs<Name extends Dtype, Values> {
  /** What the numbers are in the file. */
  readonly dtype: Name;
  /** Sizes of the dimensions, outermost first. */
  readonly shape: Shape;
  /** The numbers, row-major. Of a file: half floats are converted each time, the others are where the file is unless they lie across a boundary. */
  readonly values: Values;
}

/** As many numbers as its shape holds, as a file has them. Half floats (`F16`, `BF16`) come as float32; of `BOOL` 0 is false. */
export type StoredTensor =
  | StoredAs<"F64", Float64Array>
  | StoredAs<"F32", Float32Array>
  | StoredAs<"F16", Float32Array>
  | StoredAs<"BF16", Float32Array>
  | StoredAs<"I64", BigInt64Array>
  | StoredAs<"I32", Int32Array>
  | StoredAs<"U32", Uint32Array>
  | StoredAs<"U8", Uint8Array>
  | StoredAs<"BOOL", Uint8Array>;

/** Those that are written. */
export type WritableTensor = Extract<StoredTensor, { readonly dtype: "F64" | "F32" | "I32" | "U32" | "U8" }>;

/** Those that a tensor can hold: what an engine computes with. */
export type FloatTensor = Extract<StoredTensor, { readonly dtype: "F64" | "F32" | "F16" | "BF16" }>;

/** Whether a tensor can hold these numbers. */
export function isFloatTensor(stored: StoredTensor): stored is FloatTensor {
  const { dtype } = stored;
  return dtype === "F64" || dtype === "F32" || dtype === "F16" || dtype === "BF16";
}

/** What a tensor holds now, as a file holds it: float32 or float64, as its engine computes. */
export async function storedTensor(tensor: Tensor): Promise<Extract<WritableTensor, FloatTensor>> {
  const values = await tensor.data();
  const { shape } = tensor;
  return values instanceof Float64Array ? { dtype: "F64", shape, values } : { dtype: "F32", shape, values };
}
