/** What {@link JsonCharacters.next} gives in place of a character. */
export const endOfString = -1;
/** See {@link endOfString}: something that JSON has not in a string, or half a surrogate pair, which stands for no character. */
const invalidCharacter = -2;
/** See {@link endOfString}: bytes that are no UTF-8. */
export const invalidUtf8 = -3;

const [quote, backslash, letterU] = [0x22, 0x5c, 0x75];

/** What a letter after a backslash stands for. */
const escapes: ReadonlyMap<number, number> = new Map([
  [quote, quote],
  [backslash, backslash],
  [0x2f, 0x2f],
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
]);

const encoder = new TextEncoder();

/** Reads the characters of a JSON string where it stands among the bytes of a text in UTF-8, without making a text of it. */
export class JsonCharacters {
  readonly #bytes: Uint8Array;
  /** Where the next character is. After the last one: the byte after the string. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Those of a text, as if it stood somewhere. */
  static of(text: string): JsonCharacters {
    return new JsonCharacters(encoder.encode(JSON.stringify(text)));
  }

  /** Goes to the first character of the string whose quote is here. */
  from(start: number): this {
    this.at = start + 1;
    return this;
  }

  /** The next code point, or one of {@link endOfString}, {@link invalidCharacter} and {@link invalidUtf8}, where `at` stays. */
  next(): number {
    const code = this.#bytes[this.at];
    if (code === undefined || code < 0x20) return invalidCharacter;
    if (code === backslash) return this.#escaped();
    if (code >= 0x80) return this.#encoded(code);
    this.at++;
    return code === quote ? endOfString : code;
  }

  #escaped(): number {
    const letter = this.#bytes[this.at + 1] ?? 0;
    if (letter !== letterU) {
      const stands = escapes.get(letter) ?? invalidCharacter;
      if (stands >= 0) this.at += 2;
      return stands;
    }
    const unit = this.#unit(this.at);
    if (unit < 0xd800 || unit > 0xdfff) {
      if (unit >= 0) this.at += 6;
      return unit;
    }
    const low = unit < 0xdc00 ? this.#unit(this.at + 6) : invalidCharacter;
    if (low < 0xdc00 || low > 0xdfff) return invalidCharacter;
    this.at += 12;
    return 0x10000 + (unit - 0xd800) * 0x400 + (low - 0xdc00);
  }

  /** The number of `\uXXXX`. */
  #unit(at: number): number {
    if (this.#bytes[at] !== backslash || this.#bytes[at + 1] !== letterU) return invalidCharacter;
    let unit = 0;
    for (let k = at + 2; k < at + 6; k++) {
      const digit = Number.parseInt(String.fromCharCode(this.#bytes[k] ?? 0), 16);
      if (Number.isNaN(digit)) return invalidCharacter;
      unit = unit * 16 + digit;
    }
    return unit;
  }

  /** A character of several bytes, each of which is in the range that the first one leaves it (The Unicode Standard, table 3-7). */
  #encoded(first: number): number {
    if (first < 0xc2 || first > 0xf4) return invalidUtf8;
    const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    let point = first & (0x7f >> length);
    for (let k = 1; k < length; k++) {
      const byte = this.#bytes[this.at + k] ?? 0;
      if (byte < 0x80 || byte > 0xbf) return invalidUtf8;
      point = point * 0x40 + (byte & 0x3f);
    }
    const isShortest = point >= (length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000);
    if (!isShortest || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return invalidUtf8;
    this.at += length;
    return point;
  }
}

/** A JSON string that has been checked, from its quote on to `end`, as UTF-8: in memory of as many bytes as it has there. */
export function utf8Of(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> {
  const characters = new JsonCharacters(bytes).from(start);
  const text = new Uint8Array(end - start);
  let length = 0;
  for (let point = characters.next(); point >= 0; point = characters.next()) {
    if (point < 0x80) text[length++] = point;
    else length += encoder.encodeInto(String.fromCodePoint(point), text.subarray(length)).written;
  }
  return text.subarray(0, length);
}

/** The order of two JSON strings, each from where its reader stands, by their code points: below 0, 0 where they are the same text, or above. */
export function compareStrings(a: JsonCharacters, b: JsonCharacters): number {
  for (;;) {
    const point = a.next();
    const difference = point - b.next();
    if (difference !== 0 || point === endOfString) return difference;
  }
}
