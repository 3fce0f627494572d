import { FileError } from "../errors.ts";
import { compareStrings, compareWithText, endOfString, JsonCharacters, utf8Of } from "./json-characters.ts";
import { JsonCursor } from "./json-cursor.ts";
import { shown, shownShape } from "./shown.ts";
import { sortInPlace } from "./sort-in-place.ts";
import { bytesOf, type Dtype, dtypes, isDtype } from "./stored-tensor.ts";

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

/** Types by the numbers that stand for them. */
const numbered: readonly Dtype[] = dtypes.filter(isDtype);

/** Where the fields of an entry begin, while it is read. */
interface Fields {
  dtype: number;
  shape: number;
  begin: number;
  end: number;
  offsets: number;
}

/**
 * What a header says, as numbers beside its bytes: where each tensor's name and shape stand, its type, and where its numbers lie. An entry takes 29 bytes,
 * and at least 49 in the header, so that all of it is smaller than the header is. Texts and lists are made when they are asked for, one at a time.
 */
export class SafetensorsHeader {
  /** Count of tensors. */
  readonly count: number;
  /** Count of its bytes. */
  readonly bytes: number;
  /** The first byte of each tensor among those after the header. */
  readonly begins: Float64Array;
  /** The byte after the last of each tensor. */
  readonly ends: Float64Array;
  readonly #bytes: Uint8Array;
  readonly #names: Uint32Array;
  readonly #shapes: Uint32Array;
  readonly #dtypes: Uint8Array;
  /** Tensors by their names' code points, after their layout was checked. */
  readonly #order: Uint32Array;
  /** Where the metadata begin; undefined where there are none. */
  readonly #metadata: number | undefined;
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
  constructor(bytes: Uint8Array, dataBytes: number) {
    this.bytes = bytes.length;
    this.#bytes = bytes;
    this.#one = new JsonCharacters(bytes);
    this.#other = new JsonCharacters(bytes);
    let [count, metadata]: [number, number | undefined] = [0, undefined];
    this.#read(
      () => count++,
      (start) => {
        metadata = start;
      },
    );
    this.count = count;
    this.#metadata = metadata;
    this.begins = new Float64Array(count);
    this.ends = new Float64Array(count);
    this.#names = new Uint32Array(count);
    this.#shapes = new Uint32Array(count);
    this.#dtypes = new Uint8Array(count);
    this.#order = new Uint32Array(count);
    let k = 0;
    this.#read((name, { dtype, shape, begin, end }) => {
      this.#names[k] = name;
      this.#dtypes[k] = dtype;
      this.#shapes[k] = shape;
      this.begins[k] = begin;
      this.ends[k] = end;
      this.#order[k] = k;
      k++;
    });
    sortInPlace(this.#order, (a, b) => this.#compareNames(a, b));
    this.#checkNames();
    this.#checkLayout(dataBytes);
    sortInPlace(this.#order, (a, b) => this.#compareNames(a, b));
  }

  /** The name of a tensor. */
  name(k: number): string {
    return this.#textAt(this.#names[k]!);
  }

  /** The type of a tensor. */
  dtype(k: number): Dtype {
    return numbered[this.#dtypes[k]!]!;
  }

  /** The shape of a tensor. */
  shape(k: number): number[] {
    const shape: number[] = [];
    const cursor = this.#cursorAt(this.#shapes[k]!);
    cursor.array(() => shape.push(cursor.count()));
    return shape;
  }

  /** The tensor that is at a place of the order of names. */
  inOrder(place: number): number {
    return this.#order[place]!;
  }

  /** The place in the order of names of the first that is not before this text. */
  placeOf(text: string): number {
    let [from, to] = [0, this.count];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (compareWithText(this.#one, this.#names[this.#order[middle]!]!, text) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Whether the tensor of a place of the order of names has this name. */
  isNamed(place: number, text: string): boolean {
    return place < this.count && compareWithText(this.#one, this.#names[this.#order[place]!]!, text) === 0;
  }

  /** The metadata as texts by name, without a prototype. They take up to twice their bytes. */
  metadata(): Record<string, string> {
    const metadata: Record<string, string> = Object.create(null);
    this.#eachMetadata((name, cursor) => {
      metadata[this.#textAt(name)] = cursor.string();
    });
    return metadata;
  }

  /** One of the metadata, in UTF-8; undefined where there is none of this name. */
  metadatum(name: string): Uint8Array<ArrayBuffer> | undefined {
    let found: Uint8Array<ArrayBuffer> | undefined;
    this.#eachMetadata((start, cursor) => {
      const value = cursor.skipString();
      if (compareWithText(this.#one, start, name) === 0) found = utf8Of(this.#bytes, value);
    });
    return found;
  }

  #eachMetadata(readValue: (name: number, cursor: JsonCursor) => void): void {
    if (this.#metadata === undefined) return;
    const cursor = this.#cursorAt(this.#metadata);
    let name = 0;
    cursor.object(
      () => {
        name = cursor.skipString();
      },
      () => readValue(name, cursor),
    );
  }

  #read(onEntry: (name: number, fields: Fields) => void, onMetadata?: (start: number) => void): void {
    const cursor = new JsonCursor(where, this.#bytes);
    const fields: Fields = { dtype: 0, shape: 0, begin: 0, end: 0, offsets: 0 };
    let [name, metadata]: [number, number | undefined] = [0, undefined];
    cursor.object(
      () => {
        name = cursor.skipString();
      },
      () => {
        if (compareWithText(this.#one, name, metadataName) !== 0) {
          this.#readEntry(cursor, name, fields);
          onEntry(name, fields);
          return;
        }
        if (metadata !== undefined) throw repeated(metadataName);
        cursor.peek();
        metadata = cursor.at;
        if (onMetadata === undefined) skipMetadata(cursor);
        else this.#checkMetadata(cursor);
        onMetadata?.(metadata);
      },
    );
    cursor.end();
  }

  /** The dtype's number, where the shape stands, and the offsets. */
  #readEntry(cursor: JsonCursor, name: number, fields: Fields): void {
    let [hasDtype, hasShape, hasOffsets] = [false, false, false];
    let field = "";
    const readName = (): void => {
      field = this.#beginning(cursor.skipString());
    };
    cursor.object(readName, () => {
      if (field === "dtype" && !hasDtype) {
        hasDtype = true;
        fields.dtype = this.#readDtype(cursor, name);
      } else if (field === "shape" && !hasShape) {
        hasShape = true;
        cursor.peek();
        fields.shape = cursor.at;
        this.#skipShape(cursor, name);
      } else if (field === "data_offsets" && !hasOffsets) {
        hasOffsets = true;
        readOffsets(cursor, fields);
      } else if (["dtype", "shape", "data_offsets"].includes(field)) throw repeated(field);
      else throw this.#invalid(name, `the field ${shown(field)}`);
    });
    if (!hasDtype || !hasShape || !hasOffsets || fields.offsets !== 2) throw this.#invalid(name, "an incomplete entry");
  }

  #readDtype(cursor: JsonCursor, name: number): number {
    const dtype = this.#beginning(cursor.skipString());
    if (isDtype(dtype)) return numbered.indexOf(dtype);
    throw new FileError(
      "unknown-dtype",
      `${where}: got the type ${shown(dtype)} for ${shown(this.#beginning(name))}; expected one of ${dtypes.join(", ")}.`,
    );
  }

  #skipShape(cursor: JsonCursor, name: number): void {
    let dimensions = 0;
    cursor.array(() => {
      cursor.count();
      if (++dimensions <= mostDimensions) return;
      throw new FileError(
        "invalid-shape",
        `${where}: got more than ${mostDimensions} dimensions for ${shown(this.#beginning(name))}; expected at most so many.`,
      );
    });
  }

  #checkMetadata(cursor: JsonCursor): void {
    let count = 0;
    const readName = (): void => {
      cursor.skipString();
      if (++count <= mostMetadata) return;
      throw new FileError(
        "too-large",
        `${where}: got metadata of more than ${mostMetadata} names; expected at most so many.`,
      );
    };
    const again = this.#cursorAt(cursor.at);
    cursor.object(readName, () => cursor.skipString());
    const names = new Uint32Array(count);
    let k = 0;
    again.object(
      () => {
        names[k++] = again.skipString();
      },
      () => again.skipString(),
    );
    sortInPlace(names, (a, b) => compareStrings(this.#one, this.#other, a, b));
    for (let place = 1; place < count; place++) {
      const name = names[place]!;
      if (compareStrings(this.#one, this.#other, names[place - 1]!, name) === 0) throw repeated(this.#beginning(name));
    }
  }

  #compareNames(a: number, b: number): number {
    return compareStrings(this.#one, this.#other, this.#names[a]!, this.#names[b]!);
  }

  /** @throws FileError `duplicate-name`. Names are in order. */
  #checkNames(): void {
    for (let place = 1; place < this.count; place++) {
      const [before, k] = [this.#order[place - 1]!, this.#order[place]!];
      if (this.#compareNames(before, k) === 0) throw repeated(this.#beginning(this.#names[k]!));
    }
  }

  #checkLayout(dataBytes: number): void {
    sortInPlace(this.#order, (a, b) => this.begins[a]! - this.begins[b]! || this.ends[a]! - this.ends[b]! || a - b);
    let covered = 0;
    for (const k of this.#order) {
      const [begin, end] = [this.begins[k]!, this.ends[k]!];
      if (begin !== covered || end < begin) {
        throw new FileError(
          "invalid-offsets",
          `readSafetensors: got the bytes ${begin} to ${end} for ${shown(this.#beginning(this.#names[k]!))}; expected them to begin at ${covered}, without a gap or overlap.`,
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
    const dtype = this.dtype(k);
    let bytes = bytesOf(dtype);
    const cursor = this.#cursorAt(this.#shapes[k]!);
    // Checked in each step, as the format's own library does: what has overflowed may come back to look right.
    cursor.array(() => {
      const length = cursor.count();
      if (Number.isSafeInteger(bytes)) bytes *= length;
    });
    const stored = this.ends[k]! - this.begins[k]!;
    if (bytes === stored) return;
    throw new FileError(
      "invalid-shape",
      `readSafetensors: got ${stored} bytes for ${shown(this.#beginning(this.#names[k]!))} of shape ${shownShape(this.shape(k))} and type ${dtype}; expected ${bytes}.`,
    );
  }

  #invalid(name: number, what: string): FileError {
    return new FileError("invalid-header", `${where}: got ${what} of ${shown(this.#beginning(name))}; ${expected}`);
  }

  #cursorAt(at: number): JsonCursor {
    return new JsonCursor(where, this.#bytes, at);
  }

  #textAt(start: number): string {
    return this.#cursorAt(start).string();
  }

  /** The beginning of a text, for messages and to compare with short ones: nothing as long as a name may be is made of it. */
  #beginning(start: number): string {
    const characters = this.#one;
    characters.at = start + 1;
    let text = "";
    for (let point = characters.next(); point !== endOfString && text.length <= longestShown; ) {
      text += String.fromCodePoint(point);
      point = characters.next();
    }
    return text;
  }
}

/** Goes past metadata that have been checked. */
function skipMetadata(cursor: JsonCursor): void {
  cursor.object(
    () => cursor.skipString(),
    () => cursor.skipString(),
  );
}

function readOffsets(cursor: JsonCursor, fields: Fields): void {
  fields.offsets = 0;
  cursor.array(() => {
    const count = cursor.count();
    if (fields.offsets === 0) fields.begin = count;
    else fields.end = count;
    fields.offsets++;
  });
}

function repeated(name: string): FileError {
  return new FileError("duplicate-name", `${where}: got the name ${shown(name)} twice; expected each name once.`);
}
