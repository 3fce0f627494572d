import { FileError } from "../errors.ts";
import type { Shape } from "../tensor/shapes.ts";
import { compareStrings, endOfString, JsonCharacters, utf8Of } from "./json-characters.ts";
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
class Entries {
  /** Where each name stands in the header. */
  readonly names: Uint32Array;
  /** Where each shape stands in the header. */
  readonly shapes: Uint32Array;
  /** The place of each type in {@link dtypes}. */
  readonly dtypes: Uint8Array;
  /** The first byte of each tensor among those after the header. */
  readonly begins: Float64Array;
  /** The byte after the last of each tensor. */
  readonly ends: Float64Array;

  constructor(room: number) {
    this.names = new Uint32Array(room);
    this.shapes = new Uint32Array(room);
    this.dtypes = new Uint8Array(room);
    this.begins = new Float64Array(room);
    this.ends = new Float64Array(room);
  }
}

/**
 * What a header says, as numbers beside its bytes: where each tensor's name and shape stand, its type, and where its numbers lie. An entry takes 29 bytes,
 * and at most 20 more while it is put into order, and at least 49 in the header, so that all of it is smaller than the header is. Texts and lists are made
 * when they are asked for, one at a time.
 */
export class SafetensorsHeader {
  /** Count of tensors. */
  readonly count: number;
  /** Count of its bytes. */
  readonly bytes: number;
  readonly #bytes: Uint8Array;
  /** The bytes after the header. */
  readonly #data: Uint8Array;
  readonly #entries: Entries;
  /** Tensors by their names' code points. */
  readonly #order: Uint32Array;
  /** Where the metadata begin; undefined where there are none. */
  #metadata: number | undefined;
  readonly #one: JsonCharacters;
  readonly #other: JsonCharacters;

  /**
   * Checks a header of the one form that the format has: `{ "__metadata__": { name: text }, name: { "dtype", "shape", "data_offsets" } }`, and that the
   * tensors cover the bytes after it one after the other, each with as many as its shape says. It is read twice: to see how many entries there are, of the
   * right form, and to take them down.
   *
   * @throws FileError `invalid-json`, `invalid-utf8`, `invalid-header`, `duplicate-name`, `unknown-dtype`, `too-large` for metadata of more than 10,000
   * names, `invalid-shape`, `invalid-offsets`, or `truncated` where tensors need more bytes than there are.
   */
  constructor(bytes: Uint8Array, data: Uint8Array) {
    this.bytes = bytes.length;
    this.#bytes = bytes;
    this.#data = data;
    this.#one = new JsonCharacters(bytes);
    this.#other = new JsonCharacters(bytes);
    this.count = this.#read(new Entries(0));
    this.#entries = new Entries(this.count);
    this.#read(this.#entries);
    this.#order = Uint32Array.from({ length: this.count }, (_, k) => k);
    this.#sortByName(this.#order, this.#entries.names);
    this.#checkLayout();
  }

  /** The name of a tensor. */
  name(k: number): string {
    return this.#cursorAt(this.#entries.names[k]!).string();
  }

  /** A tensor. */
  tensor(k: number): StoredTensor {
    const { begins, ends } = this.#entries;
    return viewTensor(this.#dtype(k), this.#shape(k), this.#data.subarray(begins[k], ends[k]));
  }

  /** Count of the numbers of a tensor. */
  numbers(k: number): number {
    return this.#size(k) / bytesPerNumber[this.#dtype(k)];
  }

  /** The tensor of this name; undefined where there is none. */
  find(name: string): number | undefined {
    const sought = JsonCharacters.of(name);
    const k = this.#order[this.#placeOf(sought)];
    return k !== undefined && this.#compare(k, sought) === 0 ? k : undefined;
  }

  /** The tensors whose names begin with a text and a dot, in the order of their names. */
  section(name: string): Uint32Array {
    // Up to the character after the dot.
    return this.#order.subarray(
      this.#placeOf(JsonCharacters.of(`${name}.`)),
      this.#placeOf(JsonCharacters.of(`${name}/`)),
    );
  }

  /** The metadata as texts by name, without a prototype. They take up to twice their bytes. */
  metadata(): Record<string, string> {
    const metadata: Record<string, string> = Object.create(null);
    this.#eachMetadatum((name, cursor) => {
      metadata[this.#cursorAt(name).string()] = cursor.string();
    });
    return metadata;
  }

  /** One of the metadata, in UTF-8; undefined where there is none of this name. */
  metadatum(name: string): Uint8Array<ArrayBuffer> | undefined {
    const sought = JsonCharacters.of(name);
    let found: Uint8Array<ArrayBuffer> | undefined;
    this.#eachMetadatum((start, cursor) => {
      const value = cursor.skipString();
      if (this.#compareAt(start, sought) === 0) found = utf8Of(this.#bytes, value, cursor.at);
    });
    return found;
  }

  #eachMetadatum(readValue: (name: number, cursor: JsonCursor) => void): void {
    if (this.#metadata === undefined) return;
    const cursor = this.#cursorAt(this.#metadata);
    cursor.object(
      () => cursor.skipString(),
      (name) => readValue(name, cursor),
    );
  }

  /** Takes down the entries, and where the metadata are. @returns How many entries there are. */
  #read(entries: Entries): number {
    const cursor = this.#cursorAt(0);
    const metadata = JsonCharacters.of(metadataName);
    let count = 0;
    this.#metadata = undefined;
    cursor.object(
      () => cursor.skipString(),
      (name) => {
        if (this.#compareAt(name, metadata) !== 0) this.#readEntry(cursor, name, entries, count++);
        else if (this.#metadata === undefined) {
          this.#metadata = cursor.at;
          this.#checkMetadata(cursor);
        } else throw repeated(metadataName);
      },
    );
    cursor.end();
    return count;
  }

  #readEntry(cursor: JsonCursor, name: number, { names, shapes, dtypes, begins, ends }: Entries, k: number): void {
    const found = new Set<string>();
    let offsets = 0;
    names[k] = name;
    const readField = (field: string): void => {
      if (found.has(field)) throw repeated(field);
      found.add(field);
      switch (field) {
        case "dtype":
          dtypes[k] = this.#readDtype(cursor, name);
          break;
        case "shape":
          shapes[k] = cursor.at;
          this.#readShape(cursor, name);
          break;
        case "data_offsets":
          cursor.array(() => {
            const offset = cursor.count();
            (offsets++ === 0 ? begins : ends)[k] = offset;
          });
          break;
        default:
          throw this.#invalid(name, `the field ${shown(field)}`);
      }
    };
    cursor.object(() => this.#beginning(cursor.skipString()), readField);
    if (found.size < 3 || offsets !== 2) throw this.#invalid(name, "an incomplete entry");
  }

  #readDtype(cursor: JsonCursor, name: number): number {
    const dtype = this.#beginning(cursor.skipString());
    if (isDtype(dtype)) return dtypes.indexOf(dtype);
    throw new FileError(
      "unknown-dtype",
      `${where}: got the type ${shown(dtype)} for ${this.#shownText(name)}; expected one of ${dtypes.join(", ")}.`,
    );
  }

  #readShape(cursor: JsonCursor, name: number): Shape {
    const shape: number[] = [];
    cursor.array(() => {
      if (shape.push(cursor.count()) <= mostDimensions) return;
      throw new FileError(
        "invalid-shape",
        `${where}: got more than ${mostDimensions} dimensions for ${this.#shownText(name)}; expected at most so many.`,
      );
    });
    return shape;
  }

  #checkMetadata(cursor: JsonCursor): void {
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
    this.#sortByName(
      Uint32Array.from(names, (_, k) => k),
      names,
    );
  }

  /** Puts numbers of names into the order of their code points. @throws FileError `duplicate-name`. */
  #sortByName(numbers: Uint32Array, names: ArrayLike<number>): void {
    const compare = (a: number, b: number): number => this.#compareAt(names[a]!, this.#other, names[b]);
    numbers.sort(compare);
    for (let place = 1; place < numbers.length; place++) {
      const k = numbers[place]!;
      if (compare(numbers[place - 1]!, k) === 0) throw repeated(this.#beginning(names[k]!));
    }
  }

  #checkLayout(): void {
    const { names, begins, ends } = this.#entries;
    const dataBytes = this.#data.length;
    let covered = 0;
    for (const k of this.#order.slice().sort((a, b) => begins[a]! - begins[b]! || ends[a]! - ends[b]! || a - b)) {
      const [begin, end] = [begins[k]!, ends[k]!];
      if (begin !== covered || end < begin) {
        throw new FileError(
          "invalid-offsets",
          `readSafetensors: got the bytes ${begin} to ${end} for ${this.#shownText(names[k]!)}; expected them to begin at ${covered}, without a gap or overlap.`,
        );
      }
      this.#checkSize(k);
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

  #checkSize(k: number): void {
    const [dtype, shape, stored] = [this.#dtype(k), this.#shape(k), this.#size(k)];
    // Checked in each step, as the format's own library does: what has overflowed may come back to look right.
    const bytes = shape.reduce(
      (size, length) => (Number.isSafeInteger(size) ? size * length : size),
      bytesPerNumber[dtype],
    );
    if (bytes === stored) return;
    throw new FileError(
      "invalid-shape",
      `readSafetensors: got ${stored} bytes for ${this.#shownText(this.#entries.names[k]!)} of shape ${shownShape(shape)} and type ${dtype}; expected ${bytes}.`,
    );
  }

  #dtype(k: number): Dtype {
    return dtypes[this.#entries.dtypes[k]!]!;
  }

  #shape(k: number): Shape {
    return this.#readShape(this.#cursorAt(this.#entries.shapes[k]!), this.#entries.names[k]!);
  }

  /** Count of the bytes of a tensor. */
  #size(k: number): number {
    return this.#entries.ends[k]! - this.#entries.begins[k]!;
  }

  /** The place in the order of names of the first that is not before this text. */
  #placeOf(text: JsonCharacters): number {
    let [from, to] = [0, this.count];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#compare(this.#order[middle]!, text) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** The order of the name of a tensor and a text. */
  #compare(k: number, text: JsonCharacters): number {
    return this.#compareAt(this.#entries.names[k]!, text);
  }

  /** The order of the string whose quote is here and another one. */
  #compareAt(start: number, other: JsonCharacters, otherStart = 0): number {
    return compareStrings(this.#one.from(start), other.from(otherStart));
  }

  #invalid(name: number, what: string): FileError {
    return new FileError("invalid-header", `${where}: got ${what} of ${this.#shownText(name)}; ${expected}`);
  }

  #cursorAt(at: number): JsonCursor {
    return new JsonCursor(where, this.#bytes, at);
  }

  #shownText(start: number): string {
    return shown(this.#beginning(start));
  }

  /** The beginning of a text, for messages and to compare with short ones: nothing as long as a name may be is made of it. */
  #beginning(start: number): string {
    const characters = this.#one.from(start);
    let text = "";
    for (let point = characters.next(); point !== endOfString && text.length <= longestShown; ) {
      text += String.fromCodePoint(point);
      point = characters.next();
    }
    return text;
  }
}

function repeated(name: string): FileError {
  return new FileError("duplicate-name", `${where}: got the name ${shown(name)} twice; expected each name once.`);
}
