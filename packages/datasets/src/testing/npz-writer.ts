import { zipSync } from "fflate";

/** An array to be written as NumPy writes it. */
export interface NpyContent {
  /** A NumPy type such as `"<f4"`. */
  readonly type: string;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView;
  readonly fortranOrder?: boolean;
}

/** The bytes of a `.npy` file, format version 1.0. */
export function npy({ type, shape, data, fortranOrder = false }: NpyContent): Uint8Array {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const order = fortranOrder ? "True" : "False";
  const text = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${sides}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const head = Buffer.alloc(10);
  head.write("\x93NUMPY\x01\x00", "latin1");
  head.writeUInt16LE(length, 8);
  const body = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(Buffer.concat([head, Buffer.from(`${text.padEnd(length - 1)}\n`, "latin1"), body]));
}

/** The bytes of a `.npz` file, compressed. */
export function npz(arrays: Readonly<Record<string, NpyContent>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(arrays).map(([name, content]) => [`${name}.npy`, npy(content)])));
}

/** 64-bit integers, which NumPy makes of numbers unless told otherwise. */
export function int64(values: ArrayLike<number>): BigInt64Array {
  return BigInt64Array.from(Array.from(values), BigInt);
}
