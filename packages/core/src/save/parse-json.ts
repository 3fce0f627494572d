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

/** Options of {@link parseJson}. */
export interface JsonLimits {
  /** How deep arrays and objects may lie in each other. Default 32. */
  readonly depth?: number;
  /** How many values there may be in all. Default 200,000. */
  readonly values?: number;
}

/**
 * Reads a JSON text from a stranger, such as the metadata of a model file. Other than `JSON.parse` it refuses a name that an object has twice,
 * numbers that a double does not hold, halves of surrogate pairs, and texts that are deep or have many values; `__proto__` is a name as any other.
 *
 * @param where What the text is, for messages.
 * @throws FileError `invalid-json`, `duplicate-name`, `too-deep`, `too-large`; OptionError `unknown-option`.
 */
export function parseJson(where: string, text: string, limits: JsonLimits = {}): JsonValue {
  checkOptionNames("parseJson", limits, ["depth", "values"]);
  const { depth = 32, values = 200_000 } = limits;
  const cursor = new JsonCursor(where, text);
  let count = 0;

  const read = (level: number): JsonValue => {
    if (++count > values) {
      throw new FileError("too-large", `${where}: got more than ${values} values; expected at most so many.`);
    }
    switch (cursor.peek()) {
      case "{":
        return readObject(deeper(level));
      case "[":
        return readArray(deeper(level));
      case '"':
        return cursor.string();
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
    const object: Record<string, JsonValue> = Object.create(null);
    cursor.object((name) => {
      if (Object.hasOwn(object, name)) {
        throw new FileError("duplicate-name", `${where}: got the name ${shown(name)} twice; expected each name once.`);
      }
      object[name] = read(level);
    });
    return object;
  };
  const readArray = (level: number): JsonValue[] => {
    const items: JsonValue[] = [];
    cursor.array(() => items.push(read(level)));
    return items;
  };

  const value = read(0);
  cursor.end();
  return value;
}
