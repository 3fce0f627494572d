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

/** Reads the characters of a JSON string where it stands among the bytes of a text in UTF-8, without making a text of it. */
export class JsonCharacters {
  readonly #bytes: Uint8Array;
  /** Where the next character is. After the last one: the byte after the string. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
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

/** A JSON string that has been checked, from its quote on, as UTF-8: as many bytes as its characters take, and no more. */
export function utf8Of(bytes: Uint8Array, start: number): Uint8Array<ArrayBuffer> {
  const characters = new JsonCharacters(bytes);
  let length = 0;
  characters.at = start + 1;
  for (let point = characters.next(); point >= 0; point = characters.next()) length += lengthOf(point);
  const text = new Uint8Array(length);
  let at = 0;
  characters.at = start + 1;
  for (let point = characters.next(); point >= 0; point = characters.next()) at = writePoint(text, at, point);
  return text;
}

function lengthOf(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

function writePoint(text: Uint8Array, at: number, point: number): number {
  const length = lengthOf(point);
  if (length === 1) text[at] = point;
  else {
    for (let k = length - 1; k > 0; k--) text[at + k] = 0x80 | ((point >> (6 * (length - 1 - k))) & 0x3f);
    text[at] = ((0xf00 >> length) & 0xff) | (point >> (6 * (length - 1)));
  }
  return at + length;
}

/** The order of two JSON strings that have been checked, by their code points: below 0, 0 where they are the same text, or above. */
export function compareStrings(a: JsonCharacters, b: JsonCharacters, startA: number, startB: number): number {
  a.at = startA + 1;
  b.at = startB + 1;
  for (;;) {
    const point = a.next();
    const difference = point - b.next();
    if (difference !== 0 || point === endOfString) return difference;
  }
}

/** The order of a JSON string that has been checked and a text, as {@link compareStrings}. */
export function compareWithText(characters: JsonCharacters, start: number, text: string): number {
  characters.at = start + 1;
  for (let k = 0; ; ) {
    const point = characters.next();
    const other = text.codePointAt(k) ?? endOfString;
    if (point !== other || point === endOfString) return point - other;
    k += other > 0xffff ? 2 : 1;
  }
}
