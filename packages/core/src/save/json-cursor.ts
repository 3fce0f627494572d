import { FileError } from "../errors.ts";
import {
  charactersFrom,
  endOfString,
  goTo,
  invalidUtf8,
  type JsonCharacters,
  nextCharacter,
} from "./json-characters.ts";

/**
 * Goes through a JSON text (RFC 8259) in UTF-8 once, from front to back. It builds nothing but the string or number it is asked for: what a text may hold,
 * and how deep, is decided by whoever calls, before memory is spent on it. Stricter than `JSON.parse`, which has no say in either.
 *
 * Every method throws FileError `invalid-json` where the text has something else, and `invalid-utf8` in strings that are no UTF-8.
 */
export class JsonCursor {
  readonly #where: string;
  readonly #bytes: Uint8Array;
  readonly #characters: JsonCharacters;
  /** Where it is: the byte that is read next. */
  at = 0;

  /** @param where What the text is, for messages, such as `"readSafetensors: the header"`. */
  constructor(where: string, bytes: Uint8Array) {
    this.#where = where;
    this.#bytes = bytes;
    this.#characters = charactersFrom(bytes, 0);
  }

  /** The next character that is no white space; empty at the end. */
  peek(): string {
    while (isSpace(this.#bytes[this.at])) this.at++;
    const byte = this.#bytes[this.at];
    return byte === undefined ? "" : String.fromCharCode(byte);
  }

  /** An object: `readName` is to read each name as it comes, repeated ones included, and `readValue` its value. */
  object<Name>(readName: () => Name, readValue: (name: Name) => void): void {
    this.#sequence("{", "}", () => {
      const name = readName();
      this.#expect(":");
      readValue(name);
    });
  }

  /** An array: `readItem` must read one item. */
  array(readItem: () => void): void {
    this.#sequence("[", "]", readItem);
  }

  /**
   * Goes past a string whose surrogates are all in pairs: one half stands for no character, and two names could not be told apart in UTF-8.
   *
   * @returns Where its quote is, for {@link text}.
   */
  skipString(): number {
    if (this.peek() !== '"') this.#fail("a string");
    const start = this.at;
    const characters = goTo(this.#characters, start);
    let point = nextCharacter(characters);
    while (point >= 0) point = nextCharacter(characters);
    if (point === endOfString) {
      this.at = characters.at;
      return start;
    }
    if (point === invalidUtf8) {
      throw new FileError(
        "invalid-utf8",
        `${this.#where}: got bytes at ${characters.at} that are no UTF-8; expected text.`,
      );
    }
    return this.#fail(characters.at < this.#bytes.length ? "a string of whole characters" : "the end of this string");
  }

  /** The text of the string that was skipped last, whose quote is here. */
  text(start: number): string {
    const within = this.#bytes.subarray(start + 1, this.at - 1);
    if (!within.includes(backslash)) return decoder.decode(within);
    const value: unknown = JSON.parse(decoder.decode(this.#bytes.subarray(start, this.at)));
    return typeof value === "string" ? value : this.#fail("a string");
  }

  /** {@link skipString} and its {@link text}. */
  string(): string {
    return this.text(this.skipString());
  }

  /** A number that a double holds as finite. */
  number(): number {
    this.peek();
    let end = this.at;
    while (inNumbers.has(this.#bytes[end] ?? 0) && end - this.at < longestNumber) end++;
    let value: unknown;
    try {
      value = JSON.parse(decoder.decode(this.#bytes.subarray(this.at, end)));
    } catch {
      return this.#fail("a number");
    }
    if (typeof value !== "number" || !Number.isFinite(value)) return this.#fail("a finite number");
    this.at = end;
    return value;
  }

  /** A whole number from 0 to 2^53 - 1 in digits alone. */
  count(): number {
    this.peek();
    let [end, value] = [this.at, 0];
    for (let digit = this.#digit(end); digit !== undefined && Number.isSafeInteger(value); digit = this.#digit(++end)) {
      value = value * 10 + digit;
    }
    const hasLeadingZero = this.#bytes[this.at] === zero && end > this.at + 1;
    if (end === this.at || !Number.isSafeInteger(value) || hasLeadingZero) {
      return this.#fail("a whole number from 0 to 2^53 - 1");
    }
    this.at = end;
    return value;
  }

  /** `true`, `false` or `null`. */
  literal(): boolean | null {
    this.peek();
    const text = decoder.decode(this.#bytes.subarray(this.at, this.at + 5));
    const [word, value] = literals.find(([each]) => text.startsWith(each)) ?? this.#fail("a value");
    this.at += word.length;
    return value;
  }

  /** The end of the text, after white space. */
  end(): void {
    if (this.peek() !== "") this.#fail("nothing more");
  }

  #sequence(open: string, close: string, readOne: () => void): void {
    this.#expect(open);
    if (this.peek() !== close) {
      readOne();
      while (this.peek() === ",") {
        this.at++;
        readOne();
      }
    }
    this.#expect(close);
  }

  #expect(character: string): void {
    if (this.peek() !== character) this.#fail(`"${character}"`);
    this.at++;
  }

  #digit(at: number): number | undefined {
    const digit = (this.#bytes[at] ?? 0) - zero;
    return digit >= 0 && digit <= 9 ? digit : undefined;
  }

  #fail(expected: string): never {
    const isOver = this.at >= this.#bytes.length;
    const got = isOver ? "its end" : JSON.stringify(decoder.decode(this.#bytes.subarray(this.at, this.at + 20)));
    throw new FileError(
      "invalid-json",
      `${this.#where}: got ${got} at byte ${this.at}; expected ${expected}. The file is damaged, or was not written as its format asks.`,
    );
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const [backslash, zero] = [0x5c, 0x30];
const inNumbers: ReadonlySet<number> = new Set([..."-+.0123456789eE"].map((each) => each.charCodeAt(0)));
/** A double needs 24 characters at most; what is longer is written to be long. */
const longestNumber = 64;
const literals: readonly (readonly [string, boolean | null])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

function isSpace(code: number | undefined): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
