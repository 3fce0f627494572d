import { DataError, FileError, ShapeError } from "../errors.ts";
import { checkShape, sizeOf } from "../tensor/shapes.ts";
import { largestHeader } from "./read-safetensors.ts";
import { metadataName } from "./safetensors-header.ts";
import { shown, shownShape } from "./shown.ts";
import { bytesPerNumber, type WritableTensor } from "./stored-tensor.ts";

/** What {@link writeSafetensors} writes. */
export interface SafetensorsContent {
  /** By name. What {@link moduleState} gives can be written. */
  readonly tensors: ReadonlyMap<string, WritableTensor>;
  /** Text by name. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A file in the safetensors format (https://huggingface.co/docs/safetensors), which Python's `safetensors` opens as {@link readSafetensors} does.
 * Numbers of 8 bytes come first, then those of 4 and of 1, in the order given otherwise, so that all of them lie where processors read them fastest.
 * The same content gives the same bytes.
 *
 * @throws ShapeError `wrong-length`, `not-a-shape`; DataError `invalid-name` for a tensor that is called `__metadata__`, or for text with half a
 * character, `invalid-metadata` for what is no text; FileError `header-too-large`.
 */
export function writeSafetensors({ tensors, metadata }: SafetensorsContent): Uint8Array<ArrayBuffer> {
  for (const [name, tensor] of tensors) checkTensor(name, tensor);
  const ordered = [...tensors].sort(([, a], [, b]) => bytesPerNumber[b.dtype] - bytesPerNumber[a.dtype]);
  const fields: string[] = [];
  if (metadata !== undefined) fields.push(`${quoted(metadataName)}:{${metadataFields(metadata).join(",")}}`);
  let end = 0;
  for (const [name, { dtype, shape, values }] of ordered) {
    const begin = end;
    end += values.byteLength;
    fields.push(`${quoted(name)}:{"dtype":"${dtype}","shape":[${shape.join(",")}],"data_offsets":[${begin},${end}]}`);
  }
  const header = new TextEncoder().encode(`{${fields.join(",")}}`);
  const start = 8 + Math.ceil(header.length / 8) * 8;
  if (start - 8 > largestHeader) {
    throw new FileError(
      "header-too-large",
      `writeSafetensors: got names and metadata of ${header.length} bytes; expected at most ${largestHeader}.`,
    );
  }
  const file = new Uint8Array(start + end);
  new DataView(file.buffer).setUint32(0, start - 8, true);
  file.fill(space, 8, start).set(header, 8);
  let at = start;
  for (const [, { values }] of ordered) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return file;
}

const space = 0x20;

function checkTensor(name: string, { shape, values }: WritableTensor): void {
  if (name === metadataName) {
    throw new DataError(
      "invalid-name",
      `writeSafetensors: got a tensor with the name ${shown(name)}; expected another, because this one stands for the metadata.`,
    );
  }
  checkShape("writeSafetensors", shape);
  if (values.length === sizeOf(shape)) return;
  throw new ShapeError(
    "wrong-length",
    `writeSafetensors: got ${values.length} numbers for ${shown(name)} of shape ${shownShape(shape)}; expected ${sizeOf(shape)}.`,
  );
}

function metadataFields(metadata: Readonly<Record<string, string>>): string[] {
  return Object.entries(metadata).map(([name, text]) => {
    if (typeof text === "string") return `${quoted(name)}:${quoted(text)}`;
    throw new DataError(
      "invalid-metadata",
      `writeSafetensors: got ${typeof text} for the metadata ${shown(name)}; expected text. Write other values as JSON.`,
    );
  });
}

function quoted(text: string): string {
  if (!/\p{Surrogate}/u.test(text)) return JSON.stringify(text);
  throw new DataError(
    "invalid-name",
    `writeSafetensors: got ${shown(text)} with half a character; expected whole ones.`,
  );
}
