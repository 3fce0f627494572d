import { FileError } from "../errors.ts";
import type { JsonObject, JsonValue } from "./parse-json.ts";
import { shown } from "./shown.ts";

/**
 * The value of a field of a configuration from a file.
 *
 * @param isRight Tells whether it is of the right kind.
 * @param expected What is, in words.
 * @throws FileError `invalid-configuration` naming the field.
 */
export function jsonField<Value extends JsonValue | undefined>(
  where: string,
  object: JsonObject,
  field: string,
  isRight: (value: JsonValue | undefined) => value is Value,
  expected: string,
): Value {
  const value = Object.hasOwn(object, field) ? object[field] : undefined;
  if (isRight(value)) return value;
  const got = value === undefined ? "nothing" : shown(JSON.stringify(value).slice(0, 80));
  throw new FileError(
    "invalid-configuration",
    `${where}: got ${got} for ${shown(field)}; expected ${expected}. The file is damaged, or was not written as its format asks.`,
  );
}

/** @throws FileError `invalid-configuration` for a field that nobody reads. */
export function checkJsonFields(where: string, object: JsonObject, known: readonly string[]): void {
  for (const field of Object.keys(object)) {
    if (known.includes(field)) continue;
    throw new FileError(
      "invalid-configuration",
      `${where}: got the unknown field ${shown(field)}; expected some of ${known.join(", ")}. The file is damaged, or was not written as its format asks.`,
    );
  }
}
