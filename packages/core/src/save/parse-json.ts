import { checkOptionNames, FileError } from "../errors.ts";
import { JsonCursor } from "./json-cursor.ts";
import { shown } from "./shown.ts";

/** What {@link parseJson} gives. Objects have no prototype: a name such as `constructor` is there only if the text has it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** See {@link JsonValue}. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** Whether a value is an object, and no list and not null. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is text. */
export function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string";
}

/** Options of {@link parseJson}. */
export interface JsonLimits {
  /** How deep arrays and objects may lie in each other. Default 32. */
  readonly depth?: number;
  /** How many values there may be in all. Default 200,000. */
  readonly values?: number;
  /** How many bytes of memory what is built may take, counted before it is built, and rather too many than too few. Default: as many as the values take. */
  readonly memory?: number;
}

/**
 * Bytes of memory that are counted for what is built, on engines whose pointers have 8 bytes: a list begins with room for 17 items, an object without a
 * prototype is a table of names.
 */
const memoryOf = { value: 16, text: 32, character: 2, list: 184, object: 232, field: 88 } as const;

/**
 * Reads a JSON text from a stranger, such as the metadata of a model file. Other than `JSON.parse` it refuses a name that an object has twice,
 * numbers that a double does not hold, halves of surrogate pairs, and texts that are deep or have many values; `__proto__` is a name as any other.
 *
 * @param where What the text is, for messages.
 * @throws FileError `invalid-json`, `duplicate-name`, `too-deep`, `too-large`; OptionError `unknown-option`.
 */
export function parseJson(where: string, text: string, limits: JsonLimits = {}): JsonValue {
  checkOptionNames("parseJson", limits, ["depth", "values", "memory"]);
  // An encoder would put another character in place of half a one.
  if (/\p{Surrogate}/u.test(text)) {
    throw new FileError("invalid-json", `${where}: got text with half a character; expected whole characters.`);
  }
  return parseJsonBytes(where, new TextEncoder().encode(text), limits);
}

/** {@link parseJson} of a text in UTF-8, which is never made a whole text of. @throws FileError as it; `invalid-utf8`. */
export function parseJsonBytes(where: string, bytes: Uint8Array, limits: JsonLimits): JsonValue {
  const { depth = 32, values = 200_000, memory = Number.POSITIVE_INFINITY } = limits;
  const cursor = new JsonCursor(where, bytes);
  let [count, taken] = [0, 0];

  const take = (more: number): void => {
    taken += more;
    if (taken <= memory) return;
    throw new FileError(
      "too-large",
      `${where}: got values that take more than ${memory} bytes of memory; expected at most so many, which follow from the size of the file.`,
    );
  };
  const readText = (): string => {
    const start = cursor.skipString();
    take(memoryOf.text + memoryOf.character * (cursor.at - start));
    return cursor.text(start);
  };
  const read = (level: number): JsonValue => {
    if (++count > values) {
      throw new FileError("too-large", `${where}: got more than ${values} values; expected at most so many.`);
    }
    take(memoryOf.value);
    switch (cursor.peek()) {
      case "{":
        return readObject(deeper(level));
      case "[":
        return readArray(deeper(level));
      case '"':
        return readText();
      case "t":
      case "f":
      case "n":
        return cursor.literal();
      default:
        return cursor.number();
    }
  };
  const deeper = (level: number): number => {
    if (level < depth) return level + 1;
    throw new FileError("too-deep", `${where}: got values more than ${depth} levels deep; expected at most so many.`);
  };
  const readObject = (level: number): JsonObject => {
    take(memoryOf.object);
    const object: Record<string, JsonValue> = Object.create(null);
    const readName = (): string => {
      take(memoryOf.field);
      const name = readText();
      if (!Object.hasOwn(object, name)) return name;
      throw new FileError("duplicate-name", `${where}: got the name ${shown(name)} twice; expected each name once.`);
    };
    cursor.object(readName, (name) => {
      object[name] = read(level);
    });
    return object;
  };
  const readArray = (level: number): JsonValue[] => {
    take(memoryOf.list);
    const items: JsonValue[] = [];
    cursor.array(() => items.push(read(level)));
    return items;
  };

  const value = read(0);
  cursor.end();
  return value;
}
