import { FileError } from "../errors.ts";
import type { Shape } from "../tensor/shapes.ts";
import {
  charactersFrom,
  charactersOf,
  compareStrings,
  endOfString,
  goTo,
  type JsonCharacters,
  nextCharacter,
  utf8Of,
} from "./json-characters.ts";
import { JsonCursor } from "./json-cursor.ts";
import { shown, shownShape } from "./shown.ts";
import { bytesPerNumber, type Dtype, dtypes, isDtype, type StoredTensor } from "./stored-tensor.ts";
import { viewTensor } from "./view-tensor.ts";

/** The name that stands for the metadata, so that no tensor can have it. */
export const metadataName = "__metadata__";

/** As many dimensions as the arrays of NumPy may have. */
const mostDimensions = 64;
/** Names of metadata are few where they are of use; each of them takes more memory than its bytes. */
const mostMetadata = 10_000;
/** Longer than every word of a header, and than what messages show of a name. */
const longestShown = 100;

const where = "readSafetensors: the header";
const expected = "expected dtype, shape and data_offsets, two numbers, and no more.";

/** What a header says of its tensors, as numbers, with room for so many of them: what is written beyond it is lost, and counted all the same. */
interface Entries {
  /** Where each name stands in the header. */
  readonly names: Uint32Array;
  /** Where each shape stands in the header. */
  readonly shapes: Uint32Array;
  /** The place of each type in {@link dtypes}. */
  readonly types: Uint8Array;
  /** The first byte of each tensor among those after the header. */
  readonly begins: Float64Array;
  /** The byte after the last of each tensor. */
  readonly ends: Float64Array;
}

function entriesOf(room: number): Entries {
  return {
    names: new Uint32Array(room),
    shapes: new Uint32Array(room),
    types: new Uint8Array(room),
    begins: new Float64Array(room),
    ends: new Float64Array(room),
  };
}

/**
 * What a header says, as numbers beside its bytes: where each tensor's name and shape stand, its type, and where its numbers lie. An entry takes 29 bytes,
 * and at most 20 more while it is put into order, and at least 49 in the header, so that all of it is smaller than the header is. Texts and lists are made
 * when they are asked for, one at a time.
 */
export interface SafetensorsHeader {
  /** Count of tensors. */
  readonly count: number;
  /** Count of its bytes. */
  readonly bytes: number;
  /** Count of the numbers of all tensors. */
  readonly numbers: number;
  /** The name of a tensor. */
  readonly name: (k: number) => string;
  /** A tensor. */
  readonly tensor: (k: number) => StoredTensor;
  /** The tensor of this name; undefined where there is none. */
  readonly find: (name: string) => number | undefined;
  /** The metadata as texts by name, without a prototype. They take up to twice their bytes. */
  readonly metadata: () => Record<string, string>;
  /** One of the metadata, in UTF-8; undefined where there is none of this name. */
  readonly metadatum: (name: string) => Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Checks a header of the one form that the format has: `{ "__metadata__": { name: text }, name: { "dtype", "shape", "data_offsets" } }`, and that the
 * tensors cover the bytes after it one after the other, each with as many as its shape says. It is read twice: to see how many entries there are, of the
 * right form, and to take them down.
 *
 * @param data The bytes after the header.
 * @throws FileError `invalid-json`, `invalid-utf8`, `invalid-header`, `duplicate-name`, `unknown-dtype`, `too-large` for metadata of more than 10,000
 * names, `invalid-shape`, `invalid-offsets`, or `truncated` where tensors need more bytes than there are.
 */
export function safetensorsHeader(bytes: Uint8Array, data: Uint8Array): SafetensorsHeader {
  const cursor = new JsonCursor(where, bytes);
  const [one, other] = [charactersFrom(bytes, 0), charactersFrom(bytes, 0)];
  /** Where the metadata begin; undefined where there are none. */
  let metadataAt: number | undefined;

  /** The order of the string whose quote is here and another one. */
  const compareAt = (start: number, to: JsonCharacters, toStart = 0): number =>
    compareStrings(goTo(one, start), goTo(to, toStart));

  /** The beginning of a text, for messages and to compare with short ones: nothing as long as a name may be is made of it. */
  const beginning = (start: number): string => {
    const characters = goTo(one, start);
    let text = "";
    for (let point = nextCharacter(characters); point !== endOfString && text.length <= longestShown; ) {
      text += String.fromCodePoint(point);
      point = nextCharacter(characters);
    }
    return text;
  };
  const shownText = (start: number): string => shown(beginning(start));
  const invalid = (name: number, what: string): FileError =>
    new FileError("invalid-header", `${where}: got ${what} of ${shownText(name)}; ${expected}`);

  const readDtype = (name: number): number => {
    const dtype = beginning(cursor.skipString());
    if (isDtype(dtype)) return dtypes.indexOf(dtype);
    throw new FileError(
      "unknown-dtype",
      `${where}: got the type ${shown(dtype)} for ${shownText(name)}; expected one of ${dtypes.join(", ")}.`,
    );
  };

  const readShape = (name: number): Shape => {
    const shape: number[] = [];
    cursor.array(() => {
      if (shape.push(cursor.count()) <= mostDimensions) return;
      throw new FileError(
        "invalid-shape",
        `${where}: got more than ${mostDimensions} dimensions for ${shownText(name)}; expected at most so many.`,
      );
    });
    return shape;
  };

  const readEntry = (name: number, { names, shapes, types, begins, ends }: Entries, k: number): void => {
    const found = new Set<string>();
    let offsets = 0;
    names[k] = name;
    const readField = (field: string): void => {
      if (found.has(field)) throw repeated(field);
      found.add(field);
      switch (field) {
        case "dtype":
          types[k] = readDtype(name);
          break;
        case "shape":
          shapes[k] = cursor.at;
          readShape(name);
          break;
        case "data_offsets":
          cursor.array(() => {
            const offset = cursor.count();
            (offsets++ === 0 ? begins : ends)[k] = offset;
          });
          break;
        default:
          throw invalid(name, `the field ${shown(field)}`);
      }
    };
    cursor.object(() => beginning(cursor.skipString()), readField);
    if (found.size < 3 || offsets !== 2) throw invalid(name, "an incomplete entry");
  };

  /** Puts numbers of names into the order of their code points. @throws FileError `duplicate-name`. */
  const byName = (names: ArrayLike<number>): Uint32Array => {
    const compare = (a: number, b: number): number => compareAt(names[a]!, other, names[b]);
    const numbers = Uint32Array.from(names, (_, k) => k).sort(compare);
    for (let place = 1; place < numbers.length; place++) {
      const k = numbers[place]!;
      if (compare(numbers[place - 1]!, k) === 0) throw repeated(beginning(names[k]!));
    }
    return numbers;
  };

  const checkMetadata = (): void => {
    const names: number[] = [];
    const readName = (): void => {
      names.push(cursor.skipString());
      if (names.length <= mostMetadata) return;
      throw new FileError(
        "too-large",
        `${where}: got metadata of more than ${mostMetadata} names; expected at most so many.`,
      );
    };
    cursor.object(readName, () => cursor.skipString());
    byName(names);
  };

  /** Takes down the entries, and where the metadata are. @returns How many entries there are. */
  const read = (entries: Entries): number => {
    const metadata = charactersOf(metadataName);
    let count = 0;
    metadataAt = undefined;
    cursor.at = 0;
    cursor.object(
      () => cursor.skipString(),
      (name) => {
        if (compareAt(name, metadata) !== 0) readEntry(name, entries, count++);
        else if (metadataAt === undefined) {
          metadataAt = cursor.at;
          checkMetadata();
        } else throw repeated(metadataName);
      },
    );
    cursor.end();
    return count;
  };

  const count = read(entriesOf(0));
  const entries = entriesOf(count);
  read(entries);
  const { names, shapes, types, begins, ends } = entries;
  /** Tensors by their names' code points. */
  const order = byName(names);

  const dtypeOf = (k: number): Dtype => dtypes[types[k]!]!;
  const shapeOf = (k: number): Shape => {
    cursor.at = shapes[k]!;
    return readShape(names[k]!);
  };
  /** Count of the bytes of a tensor. */
  const sizeOf = (k: number): number => ends[k]! - begins[k]!;

  const checkSize = (k: number): void => {
    const [dtype, shape, stored] = [dtypeOf(k), shapeOf(k), sizeOf(k)];
    // Checked in each step, as the format's own library does: what has overflowed may come back to look right.
    const needed = shape.reduce(
      (size, length) => (Number.isSafeInteger(size) ? size * length : size),
      bytesPerNumber[dtype],
    );
    if (needed === stored) return;
    throw new FileError(
      "invalid-shape",
      `readSafetensors: got ${stored} bytes for ${shownText(names[k]!)} of shape ${shownShape(shape)} and type ${dtype}; expected ${needed}.`,
    );
  };

  let [covered, numbers] = [0, 0];
  for (const k of order.slice().sort((a, b) => begins[a]! - begins[b]! || ends[a]! - ends[b]! || a - b)) {
    const [begin, end] = [begins[k]!, ends[k]!];
    if (begin !== covered || end < begin) {
      throw new FileError(
        "invalid-offsets",
        `readSafetensors: got the bytes ${begin} to ${end} for ${shownText(names[k]!)}; expected them to begin at ${covered}, without a gap or overlap.`,
      );
    }
    checkSize(k);
    covered = end;
    numbers += sizeOf(k) / bytesPerNumber[dtypeOf(k)];
  }
  if (covered > data.length) {
    throw new FileError(
      "truncated",
      `readSafetensors: got ${data.length} bytes after the header; expected ${covered}. The file has lost its end: copy or download it again.`,
    );
  }
  if (covered < data.length) {
    throw new FileError(
      "invalid-offsets",
      `readSafetensors: got ${data.length} bytes after the header, of which tensors have ${covered}; expected them to have all.`,
    );
  }

  const eachMetadatum = <Name>(readName: () => Name, readValue: (name: Name) => void): void => {
    if (metadataAt === undefined) return;
    cursor.at = metadataAt;
    cursor.object(readName, readValue);
  };

  return {
    count,
    bytes: bytes.length,
    numbers,
    name: (k) => {
      cursor.at = names[k]!;
      return cursor.string();
    },
    tensor: (k) => viewTensor(dtypeOf(k), shapeOf(k), data.subarray(begins[k], ends[k])),
    find: (name) => {
      const sought = charactersOf(name);
      let [from, to] = [0, count];
      while (from < to) {
        const middle = (from + to) >> 1;
        if (compareAt(names[order[middle]!]!, sought) < 0) from = middle + 1;
        else to = middle;
      }
      const k = order[from];
      return k !== undefined && compareAt(names[k]!, sought) === 0 ? k : undefined;
    },
    metadata: () => {
      const metadata: Record<string, string> = Object.create(null);
      eachMetadatum(
        () => cursor.string(),
        (name) => {
          metadata[name] = cursor.string();
        },
      );
      return metadata;
    },
    metadatum: (name) => {
      const sought = charactersOf(name);
      let found: Uint8Array<ArrayBuffer> | undefined;
      eachMetadatum(
        () => cursor.skipString(),
        (start) => {
          const value = cursor.skipString();
          if (compareAt(start, sought) === 0) found = utf8Of(bytes, value, cursor.at);
        },
      );
      return found;
    },
  };
}

function repeated(name: string): FileError {
  return new FileError("duplicate-name", `${where}: got the name ${shown(name)} twice; expected each name once.`);
}
