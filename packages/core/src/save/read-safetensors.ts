import { checkCounts } from "../check-options.ts";
import { checkOptionNames, FileError } from "../errors.ts";
import { type SafetensorsHeader, safetensorsHeader } from "./safetensors-header.ts";
import type { StoredTensor } from "./stored-tensor.ts";
import { storedTensors } from "./stored-tensors.ts";

/** What is in a safetensors file. */
export interface SafetensorsFile {
  /** By name, in the order of the header. Each is made when it is asked for. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Text by name; an object without a prototype, which is made when it is asked for. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Options of {@link readSafetensors}. */
export interface SafetensorsLimits {
  /** Bytes that a header may have, up to 100,000,000, the most that the format allows. Default 16 MiB. */
  readonly headerBytes?: number;
}

/** The most bytes that a header may have. */
export const largestHeader = 100_000_000;

/** The most bytes that a header has whose file is read without being asked for more: a hundred thousand tensors, or a million names, fit into it. */
const usualHeader = 2 ** 24;

/**
 * Reads a file in the safetensors format (https://huggingface.co/docs/safetensors): the length of the header in 8 bytes, little-endian, the header
 * in JSON, and the numbers of all tensors one after the other. The whole file is checked before anything is built from it, so that any bytes may be
 * given: the answer is right, or a FileError. Tensors are views of `bytes`: keep it unchanged as long as they are used.
 *
 * The header is checked where it stands, and taken down as numbers that take less memory than its bytes do: no list, no text and no tensor is made before
 * it is asked for, whatever the file says of its size, and a header of more than `headerBytes` is not looked at. A name, a shape or the metadata take up to
 * four times their bytes while they are used; the numbers of a tensor take none, or as many as in the file, see {@link StoredTensor}.
 *
 * @throws FileError `truncated`, `header-too-large`, `not-safetensors`, `invalid-utf8`, `invalid-json`, `invalid-header`, `duplicate-name`,
 * `unknown-dtype`, `invalid-shape` (of more than 64 dimensions, too), `invalid-offsets`, `too-large` for metadata of more than 10,000 names; OptionError
 * `unknown-option`, `out-of-range`.
 */
export function readSafetensors(bytes: Uint8Array, limits: SafetensorsLimits = {}): SafetensorsFile {
  checkOptionNames("readSafetensors", limits, ["headerBytes"]);
  const { headerBytes = usualHeader } = limits;
  checkCounts("readSafetensors", { headerBytes });
  const { tensors, header } = scanSafetensors(bytes, headerBytes);
  return {
    tensors,
    get metadata() {
      return header.metadata();
    },
  };
}

/** {@link readSafetensors}, for who looks for one of the metadata. */
export function scanSafetensors(
  bytes: Uint8Array,
  headerBytes = usualHeader,
): { readonly tensors: ReadonlyMap<string, StoredTensor>; readonly header: SafetensorsHeader } {
  // A Node Buffer is a Uint8Array whose slice does not copy.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + headerLength(file, Math.min(headerBytes, largestHeader));
  const header = safetensorsHeader(file.subarray(8, start), file.subarray(start));
  return { tensors: storedTensors(header), header };
}

function headerLength(bytes: Uint8Array, most: number): number {
  if (bytes.length < 8) {
    throw new FileError(
      "truncated",
      `readSafetensors: got ${bytes.length} bytes; expected at least 8, the length of the header.`,
    );
  }
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > most) {
    throw new FileError(
      "header-too-large",
      `readSafetensors: got a header of ${length} bytes; expected at most ${most}. Most likely this is no safetensors file; if it is one, read it with ` +
        "a larger headerBytes.",
    );
  }
  if (length > bytes.length - 8) {
    throw new FileError(
      "truncated",
      `readSafetensors: got ${bytes.length - 8} bytes after the length of the header; expected a header of ${length}.`,
    );
  }
  if (bytes[8] !== 0x7b || length === 0) {
    throw new FileError(
      "not-safetensors",
      'readSafetensors: got a header that does not begin with "{"; expected a file in the safetensors format.',
    );
  }
  return length;
}
