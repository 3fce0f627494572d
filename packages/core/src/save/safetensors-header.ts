import { FileError } from "../errors.ts";
import type { Shape } from "../tensor/shapes.ts";
import { JsonCursor } from "./json-cursor.ts";
import { shown, shownShape } from "./shown.ts";
import { bytesOf, type Dtype, dtypes, isDtype } from "./stored-tensor.ts";

/** Where a tensor lies among the bytes after the header. */
export interface TensorEntry {
  readonly dtype: Dtype;
  readonly shape: Shape;
  /** Its first byte. */
  readonly begin: number;
  /** The byte after its last. */
  readonly end: number;
}

/** What a header says. */
export interface SafetensorsHeader {
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Without a prototype. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The name that stands for the metadata, so that no tensor can have it. */
export const metadataName = "__metadata__";

const where = "readSafetensors: the header";

/**
 * Reads a header of the one form that the format has: `{ "__metadata__": { name: text }, name: { "dtype", "shape", "data_offsets" } }`. What is
 * not of this form is refused where it begins, so that nothing is built for it.
 *
 * @throws FileError `invalid-json`, `invalid-header`, `duplicate-name`, `unknown-dtype`.
 */
export function parseHeader(text: string): SafetensorsHeader {
  const cursor = new JsonCursor(where, text);
  const tensors = new Map<string, TensorEntry>();
  const metadata: Record<string, string> = Object.create(null);
  let hasMetadata = false;
  cursor.object((name) => {
    if (tensors.has(name) || (name === metadataName && hasMetadata)) throw repeated(name);
    if (name === metadataName) {
      hasMetadata = true;
      readMetadata(cursor, metadata);
    } else tensors.set(name, readEntry(cursor, name));
  });
  cursor.end();
  return { tensors, metadata };
}

/**
 * Checks that the tensors cover the bytes after the header one after the other, and that each has as many as its shape says.
 *
 * @throws FileError `invalid-shape`, `invalid-offsets`, or `truncated` where they need more bytes than there are.
 */
export function checkLayout(tensors: ReadonlyMap<string, TensorEntry>, dataBytes: number): void {
  const ordered = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const [name, entry] of ordered) {
    const { begin, end } = entry;
    if (begin !== covered || end < begin) {
      throw new FileError(
        "invalid-offsets",
        `readSafetensors: got the bytes ${begin} to ${end} for ${shown(name)}; expected them to begin at ${covered}, without a gap or overlap.`,
      );
    }
    checkSize(name, entry);
    covered = end;
  }
  if (covered > dataBytes) {
    throw new FileError(
      "truncated",
      `readSafetensors: got ${dataBytes} bytes after the header; expected ${covered}. The file has lost its end: copy or download it again.`,
    );
  }
  if (covered < dataBytes) {
    throw new FileError(
      "invalid-offsets",
      `readSafetensors: got ${dataBytes} bytes after the header, of which tensors have ${covered}; expected them to have all.`,
    );
  }
}

function checkSize(name: string, { dtype, shape, begin, end }: TensorEntry): void {
  let bytes = bytesOf(dtype);
  for (const length of shape) {
    bytes *= length;
    // Checked in each step, as the format's own library does: what has overflowed may come back to look right.
    if (!Number.isSafeInteger(bytes)) break;
  }
  if (bytes === end - begin) return;
  throw new FileError(
    "invalid-shape",
    `readSafetensors: got ${end - begin} bytes for ${shown(name)} of shape ${shownShape(shape)} and type ${dtype}; expected ${bytes}.`,
  );
}

function readMetadata(cursor: JsonCursor, metadata: Record<string, string>): void {
  cursor.object((name) => {
    if (Object.hasOwn(metadata, name)) throw repeated(name);
    metadata[name] = cursor.string();
  });
}

function readEntry(cursor: JsonCursor, tensor: string): TensorEntry {
  let dtype: Dtype | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  cursor.object((field) => {
    if (field === "dtype" && dtype === undefined) dtype = readDtype(cursor, tensor);
    else if (field === "shape" && shape === undefined) shape = readCounts(cursor);
    else if (field === "data_offsets" && offsets === undefined) offsets = readCounts(cursor);
    else if (["dtype", "shape", "data_offsets"].includes(field)) throw repeated(field);
    else
      throw new FileError("invalid-header", `${where}: got the field ${shown(field)} of ${shown(tensor)}; ${expected}`);
  });
  const [begin, end] = offsets ?? [];
  if (dtype === undefined || shape === undefined || begin === undefined || end === undefined || offsets?.length !== 2) {
    throw new FileError("invalid-header", `${where}: got an incomplete entry for ${shown(tensor)}; ${expected}`);
  }
  return { dtype, shape, begin, end };
}

const expected = "expected dtype, shape and data_offsets, two numbers, and no more.";

function readDtype(cursor: JsonCursor, tensor: string): Dtype {
  const name = cursor.string();
  if (isDtype(name)) return name;
  throw new FileError(
    "unknown-dtype",
    `${where}: got the type ${shown(name)} for ${shown(tensor)}; expected one of ${dtypes.join(", ")}.`,
  );
}

function readCounts(cursor: JsonCursor): number[] {
  const counts: number[] = [];
  cursor.array(() => counts.push(cursor.count()));
  return counts;
}

function repeated(name: string): FileError {
  return new FileError("duplicate-name", `${where}: got the name ${shown(name)} twice; expected each name once.`);
}
