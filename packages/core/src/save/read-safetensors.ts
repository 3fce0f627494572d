import { checkCounts } from "../check-options.ts";
import { checkOptionNames, FileError } from "../errors.ts";
import { checkLayout, parseHeader } from "./safetensors-header.ts";
import { type StoredTensor, viewTensor } from "./stored-tensor.ts";

/** What is in a safetensors file. */
export interface SafetensorsFile {
  /** By name, in the order of the header. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Text by name; an object without a prototype. */
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
export const usualHeader = 2 ** 24;

/**
 * Reads a file in the safetensors format (https://huggingface.co/docs/safetensors): the length of the header in 8 bytes, little-endian, the header
 * in JSON, and the numbers of all tensors one after the other. The whole file is checked before anything is built from it, so that any bytes may be
 * given: the answer is right, or a FileError. Tensors are views of `bytes`: keep it unchanged as long as they are used.
 *
 * No memory is taken for numbers before `values` of a tensor is asked for. What the header says takes at most about twelve times the header's own size,
 * and a header of more than `headerBytes` is refused before any of it is read: beyond its own bytes a file takes at most 200 MB, by default.
 *
 * @throws FileError `truncated`, `header-too-large`, `not-safetensors`, `invalid-utf8`, `invalid-json`, `invalid-header`, `duplicate-name`,
 * `unknown-dtype`, `invalid-shape`, `invalid-offsets`; OptionError `unknown-option`, `out-of-range`.
 */
export function readSafetensors(bytes: Uint8Array, limits: SafetensorsLimits = {}): SafetensorsFile {
  checkOptionNames("readSafetensors", limits, ["headerBytes"]);
  const { headerBytes = usualHeader } = limits;
  checkCounts("readSafetensors", { headerBytes });
  // A Node Buffer is a Uint8Array whose slice does not copy.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + headerLength(file, Math.min(headerBytes, largestHeader));
  const { tensors, metadata } = parseHeader(decode(file.subarray(8, start)));
  checkLayout(tensors, file.length - start);
  const views = new Map<string, StoredTensor>();
  for (const [name, { dtype, shape, begin, end }] of tensors) {
    views.set(name, viewTensor(dtype, shape, file, start + begin, start + end));
  }
  return { tensors: views, metadata };
}

function headerLength(bytes: Uint8Array, most: number): number {
  if (bytes.length < 8) {
    throw new FileError(
      "truncated",
      `readSafetensors: got ${bytes.length} bytes; expected at least 8, the length of the header.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
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

function decode(header: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(header);
  } catch {
    throw new FileError("invalid-utf8", "readSafetensors: got a header that is no UTF-8; expected JSON in UTF-8.");
  }
}
