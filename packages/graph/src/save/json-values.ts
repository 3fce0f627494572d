import type { JsonValue } from "@vicinal/core";

/** Whether a value of a file is true or false. */
export function isFlag(value: JsonValue | undefined): value is boolean {
  return typeof value === "boolean";
}

/** Whether a value of a file is a whole number from 0. */
export function isCount(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Whether a value of a file is a list of texts, each there once. */
export function isNames(value: JsonValue | undefined): value is readonly string[] {
  return isList(value) && value.every((each) => typeof each === "string") && new Set(value).size === value.length;
}

/** Whether a value of a file is a list of numbers. */
export function isNumbers(value: JsonValue | undefined): value is readonly number[] {
  return isList(value) && value.every((each) => typeof each === "number");
}

/** Whether a value of a file is a list. */
export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
