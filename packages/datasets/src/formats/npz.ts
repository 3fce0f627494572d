import { DataError } from "@vicinal/core";
import { decodeNumbers, type NumericArray } from "./numbers.ts";
import { asSingleObject, readPickle } from "./pickle.ts";
import { openZip } from "./zip.ts";

/** The arrays of a `.npz` file, by name. They are unpacked when they are asked for. */
export interface Npz {
  has(name: string): boolean;
  /** @throws DataError `missing-member`, `malformed-npy`, `unsupported-type` or `truncated-file`. */
  numbers(name: string): NumericArray;
  /** The one object in an array of objects: a pickle, read as `readPickle` does. */
  object(name: string): unknown;
}

/**
 * Opens the zip of arrays that `numpy.savez` writes.
 *
 * @throws DataError `malformed-zip`.
 */
export function openNpz(where: string, bytes: Uint8Array): Npz {
  const members = openZip(where, bytes);
  const array = (name: string) => parseHeader(`${where}: ${name}`, members.bytes(`${name}.npy`));
  return {
    has: (name) => members.has(`${name}.npy`),
    numbers(name) {
      const { type, shape, fortranOrder, data } = array(name);
      return decodeNumbers(`${where}: ${name}`, type, shape, fortranOrder, data);
    },
    object(name) {
      const { type, data } = array(name);
      if (!type.endsWith("O")) {
        throw new DataError("unsupported-type", `${where}: ${name} holds the type "${type}"; expected an object.`);
      }
      return asSingleObject(`${where}: ${name}`, readPickle(`${where}: ${name}`, data));
    },
  };
}

interface NpyFile {
  readonly type: string;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  readonly data: Uint8Array;
}

/**
 * The header of a `.npy` file: a magic word, a version, a length and a Python dictionary
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 */
function parseHeader(where: string, bytes: Uint8Array): NpyFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 12 && view.getUint32(0) === 0x934e554d && view.getUint16(4) === 0x5059) {
    const start = bytes[6] === 1 ? 10 : 12;
    const end = start + (bytes[6] === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
    const header = Buffer.from(bytes.subarray(start, end)).toString("latin1");
    const type = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
    const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
    const sides = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(header)?.[1];
    if (end <= bytes.length && type !== undefined && order !== undefined && sides !== undefined) {
      const shape = sides.split(",").flatMap((side) => (side.trim() === "" ? [] : [Number(side)]));
      return { type, shape, fortranOrder: order === "True", data: bytes.subarray(end) };
    }
  }
  throw new DataError(
    "malformed-npy",
    `${where}: got ${bytes.length} bytes that do not begin with the header of a .npy file. The file is damaged.`,
  );
}
