/** What {@link nextCharacter} gives in place of a character. */
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

/** Where a JSON string is read that stands among the bytes of a text in UTF-8: no text is made of it. */
export interface JsonCharacters {
  readonly bytes: Uint8Array;
  /** Where the next character is. After the last one: the byte after the string. */
  at: number;
}

/** The characters of the string whose quote is here. */
export function charactersFrom(bytes: Uint8Array, start: number): JsonCharacters {
  return goTo({ bytes, at: 0 }, start);
}

/** Goes to the first character of the string whose quote is here. */
export function goTo(characters: JsonCharacters, start: number): JsonCharacters {
  characters.at = start + 1;
  return characters;
}

/** Those of a text, as if it stood somewhere. */
export function charactersOf(text: string): JsonCharacters {
  return charactersFrom(encoder.encode(JSON.stringify(text)), 0);
}

/** The next code point, or one of {@link endOfString}, {@link invalidCharacter} and {@link invalidUtf8}, where `at` stays. */
export function nextCharacter(characters: JsonCharacters): number {
  const code = characters.bytes[characters.at];
  if (code === undefined || code < 0x20) return invalidCharacter;
  if (code === backslash) return escaped(characters);
  if (code >= 0x80) return encoded(characters, code);
  characters.at++;
  return code === quote ? endOfString : code;
}

function escaped(characters: JsonCharacters): number {
  const { bytes, at } = characters;
  const letter = bytes[at + 1] ?? 0;
  if (letter !== letterU) {
    const stands = escapes.get(letter) ?? invalidCharacter;
    if (stands >= 0) characters.at += 2;
    return stands;
  }
  const unit = unitAt(bytes, at);
  if (unit < 0xd800 || unit > 0xdfff) {
    if (unit >= 0) characters.at += 6;
    return unit;
  }
  const low = unit < 0xdc00 ? unitAt(bytes, at + 6) : invalidCharacter;
  if (low < 0xdc00 || low > 0xdfff) return invalidCharacter;
  characters.at += 12;
  return 0x10000 + (unit - 0xd800) * 0x400 + (low - 0xdc00);
}

/** The number of `\uXXXX`. */
function unitAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== backslash || bytes[at + 1] !== letterU) return invalidCharacter;
  let unit = 0;
  for (let k = at + 2; k < at + 6; k++) {
    const digit = Number.parseInt(String.fromCharCode(bytes[k] ?? 0), 16);
    if (Number.isNaN(digit)) return invalidCharacter;
    unit = unit * 16 + digit;
  }
  return unit;
}

/** A character of several bytes, each of which is in the range that the first one leaves it (The Unicode Standard, table 3-7). */
function encoded(characters: JsonCharacters, first: number): number {
  if (first < 0xc2 || first > 0xf4) return invalidUtf8;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  let point = first & (0x7f >> length);
  for (let k = 1; k < length; k++) {
    const byte = characters.bytes[characters.at + k] ?? 0;
    if (byte < 0x80 || byte > 0xbf) return invalidUtf8;
    point = point * 0x40 + (byte & 0x3f);
  }
  const isShortest = point >= (length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000);
  if (!isShortest || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return invalidUtf8;
  characters.at += length;
  return point;
}

/** A JSON string that has been checked, from its quote on to `end`, as UTF-8: in memory of as many bytes as it has there. */
export function utf8Of(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> {
  const characters = charactersFrom(bytes, start);
  const text = new Uint8Array(end - start);
  let length = 0;
  for (let point = nextCharacter(characters); point >= 0; point = nextCharacter(characters)) {
    if (point < 0x80) text[length++] = point;
    else length += encoder.encodeInto(String.fromCodePoint(point), text.subarray(length)).written;
  }
  return text.subarray(0, length);
}

/** The order of two JSON strings, each from where its reader stands, by their code points: below 0, 0 where they are the same text, or above. */
export function compareStrings(a: JsonCharacters, b: JsonCharacters): number {
  for (;;) {
    const point = nextCharacter(a);
    const difference = point - nextCharacter(b);
    if (difference !== 0 || point === endOfString) return difference;
  }
}
