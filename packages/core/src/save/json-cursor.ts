import { FileError } from "../errors.ts";

/**
 * Goes through a JSON text (RFC 8259) once, from front to back. It builds nothing but the string or number it is asked for: what a text may hold,
 * and how deep, is decided by whoever calls, before memory is spent on it. Stricter than `JSON.parse`, which has no say in either.
 *
 * Every method throws FileError `invalid-json` where the text has something else.
 */
export class JsonCursor {
  readonly #where: string;
  readonly #text: string;
  #at = 0;

  /** @param where What the text is, for messages, such as `"readSafetensors: the header"`. */
  constructor(where: string, text: string) {
    this.#where = where;
    this.#text = text;
  }

  /** The next character that is no white space; empty at the end. */
  peek(): string {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#text.charAt(this.#at);
  }

  /** An object: `readValue` is called with each name as it comes, repeated ones included, and must read the value. */
  object(readValue: (name: string) => void): void {
    this.#sequence("{", "}", () => {
      const name = this.string();
      this.#expect(":");
      readValue(name);
    });
  }

  /** An array: `readItem` must read one item. */
  array(readItem: () => void): void {
    this.#sequence("[", "]", readItem);
  }

  /** A string whose surrogates are all in pairs: one half stands for no character, and two names could not be told apart in UTF-8. */
  string(): string {
    if (this.peek() !== '"') this.#fail("a string");
    const start = this.#at;
    let end = start + 1;
    for (let code = this.#text.charCodeAt(end); code !== quote; code = this.#text.charCodeAt(end)) {
      if (Number.isNaN(code)) this.#fail("the end of this string");
      end += code === backslash ? 2 : 1;
    }
    const value = this.#parse(end + 1, "a string");
    if (typeof value !== "string" || /\p{Surrogate}/u.test(value)) return this.#fail("a string of whole characters");
    this.#at = end + 1;
    return value;
  }

  /** A number that a double holds as finite. */
  number(): number {
    this.peek();
    let end = this.#at;
    while (/[-+.0-9eE]/.test(this.#text.charAt(end)) && end - this.#at < longestNumber) end++;
    const value = this.#parse(end, "a number");
    if (typeof value !== "number" || !Number.isFinite(value)) return this.#fail("a finite number");
    this.#at = end;
    return value;
  }

  /** A whole number from 0 to 2^53 - 1 in digits alone. */
  count(): number {
    this.peek();
    const start = this.#at;
    let value = 0;
    for (let digit = this.#digit(); digit !== undefined && Number.isSafeInteger(value); digit = this.#digit()) {
      value = value * 10 + digit;
      this.#at++;
    }
    const hasLeadingZero = this.#text.charCodeAt(start) === zero && this.#at > start + 1;
    if (this.#at > start && Number.isSafeInteger(value) && !hasLeadingZero) return value;
    this.#at = start;
    return this.#fail("a whole number from 0 to 2^53 - 1");
  }

  /** `true`, `false` or `null`. */
  literal(): boolean | null {
    this.peek();
    for (const [word, value] of literals) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#fail("a value");
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
        this.#at++;
        readOne();
      }
    }
    this.#expect(close);
  }

  #expect(character: string): void {
    if (this.peek() !== character) this.#fail(`"${character}"`);
    this.#at++;
  }

  #digit(): number | undefined {
    const digit = this.#text.charCodeAt(this.#at) - zero;
    return digit >= 0 && digit <= 9 ? digit : undefined;
  }

  #parse(end: number, expected: string): unknown {
    try {
      return JSON.parse(this.#text.slice(this.#at, end));
    } catch {
      return this.#fail(expected);
    }
  }

  #fail(expected: string): never {
    const got = this.#at < this.#text.length ? JSON.stringify(this.#text.slice(this.#at, this.#at + 20)) : "its end";
    throw new FileError(
      "invalid-json",
      `${this.#where}: got ${got} at character ${this.#at}; expected ${expected}. The file is damaged, or was not written as its format asks.`,
    );
  }
}

const [quote, backslash, zero] = [0x22, 0x5c, 0x30];
/** A double needs 24 characters at most; what is longer is written to be long. */
const longestNumber = 64;
const literals: readonly (readonly [string, boolean | null])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
