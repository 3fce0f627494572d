import { checkOptionNames, FileError, isJsonObject, type JsonObject, type JsonValue, OptionError } from "@vicinal/core";
import { booleanColumns } from "./columns/booleans.ts";
import { categoryColumns } from "./columns/categories.ts";
import type { ColumnEncoder } from "./columns/column-encoder.ts";
import { numberColumns } from "./columns/numbers.ts";
import { setColumns } from "./columns/sets.ts";
import {
  type EncodableFeature,
  encodableFeatures,
  encoderOf,
  type FeatureEncoder,
  type FittedColumns,
  type FittedFeature,
} from "./encodable-features.ts";
import { type ComputedFeature, LARGEST_SIZE } from "./feature-source.ts";

/** Options of {@link encoderFromJSON}. */
export interface EncoderFromJSONOptions {
  /** How features that were read by a getter are read, by their names: functions are not part of JSON. Default: none. */
  readonly getters?: Readonly<Record<string, ComputedFeature["get"]>> | undefined;
  /** The count of columns that there must be, such as the width of the model that reads them. Default: any up to 2^20. */
  readonly columns?: number | undefined;
  /** The most columns that there may be. Default: 2^20. */
  readonly mostColumns?: number | undefined;
}

const where = "encoderFromJSON";

/**
 * An encoder of features from what another one's `fitted` is as JSON: it encodes graphs with the same bits. The JSON may come from a stranger: it is
 * checked as a whole before anything is made of it.
 *
 * ```ts
 * const text = JSON.stringify(featureEncoder(graph, ["age", "country"]).fitted);
 * const encoder = encoderFromJSON(JSON.parse(text));
 * ```
 *
 * @throws FileError `invalid-configuration` naming the feature and the field; OptionError `missing-getter` for a feature that was read by a getter that is
 * not given, `unused-getter` for one that no feature needs, `unknown-option`.
 */
export function encoderFromJSON(json: JsonValue, options: EncoderFromJSONOptions = {}): FeatureEncoder {
  checkOptionNames(where, options, ["getters", "columns", "mostColumns"]);
  const { getters = {}, columns, mostColumns = LARGEST_SIZE } = options;
  const features = readFitted(json);
  const count = features.reduce((total, feature) => total + columnsOf(feature), 0);
  if (count > mostColumns || (columns !== undefined && count !== columns)) {
    throw invalid(
      `got ${count} columns`,
      columns === undefined ? `at most ${mostColumns}` : `${columns}, as the model reads`,
    );
  }
  for (const name of Object.keys(getters)) {
    if (features.some((feature) => feature.name === name && feature.attribute === undefined)) continue;
    throw new OptionError(
      "unused-getter",
      `${where}: got a getter for "${name}"; expected those of features that were read by one alone.`,
    );
  }
  return encoderOf(encodableFeatures(features.map((feature) => encodable(feature, getters))));
}

function encodable(
  { name, attribute, missing, columns }: FittedFeature,
  getters: NonNullable<EncoderFromJSONOptions["getters"]>,
): Omit<EncodableFeature, "offset"> {
  const encoder = encoderOfColumns(name, columns);
  if (attribute !== undefined) {
    return { feature: { name, attribute, read: (_node, attributes) => attributes[attribute] }, missing, encoder };
  }
  const get = Object.hasOwn(getters, name) ? getters[name] : undefined;
  if (typeof get === "function") return { feature: { name, attribute, read: get }, missing, encoder };
  throw new OptionError(
    "missing-getter",
    `${where}: the feature ${JSON.stringify(name)} was read by a function, which is no part of a file; expected it as the getter ${JSON.stringify(name)}.`,
  );
}

function encoderOfColumns(name: string, columns: FittedColumns): ColumnEncoder<FittedColumns> {
  switch (columns.kind) {
    case "number":
    case "vector":
      return numberColumns(name, columns);
    case "boolean":
      return booleanColumns(name);
    case "category":
      return categoryColumns(name, columns);
    case "set":
      return setColumns(name, columns);
  }
}

function columnsOf({ columns, missing }: FittedFeature): number {
  const own = columns.kind === "boolean" ? 1 : columns.kind === "category" ? columns.categories.length : columns.size;
  return own + (missing === "indicator" ? 1 : 0);
}

function readFitted(json: JsonValue): readonly FittedFeature[] {
  if (!isList(json) || json.length === 0) throw invalid("got no list of features", "one of at least one feature");
  const features = json.map(readFeature);
  const names = new Set(features.map(({ name }) => name));
  if (names.size < features.length) throw invalid("got two features of one name", "names that differ");
  return features;
}

function readFeature(json: JsonValue, k: number): FittedFeature {
  const what = `feature ${k}`;
  const feature = readObject(what, json, ["name", "attribute", "missing", "columns"]);
  const { name, attribute = null, missing } = feature;
  if (typeof name !== "string") throw invalid(`${what} has no name`, "text");
  if (attribute !== null && typeof attribute !== "string") throw invalid(`${what} has no attribute`, "text, or null");
  if (missing !== "indicator" && missing !== "zero" && missing !== "error") {
    throw invalid(`${what} has another \`missing\``, '"indicator", "zero" or "error"');
  }
  return { name, attribute: attribute ?? undefined, missing, columns: readColumns(what, feature["columns"]) };
}

function readColumns(what: string, json: JsonValue | undefined): FittedColumns {
  const kind = isJsonObject(json) ? json["kind"] : undefined;
  switch (kind) {
    case "boolean":
      readObject(what, json, ["kind"]);
      return { kind };
    case "category": {
      const { categories } = readObject(what, json, ["kind", "categories"]);
      if (isTexts(categories) && isAscending(categories)) return { kind, categories };
      throw invalid(`${what} has other categories`, "a list of at least one text, sorted, each once");
    }
    case "number":
    case "vector": {
      const { size, scale = null } = readObject(what, json, ["kind", "size", "scale"]);
      if (!isCount(size) || (kind === "number" && size !== 1))
        throw invalid(`${what} has another size`, "a count of columns");
      return { kind, size, scale: scale === null ? undefined : readScale(what, scale, size) };
    }
    case "set": {
      const { size, members = null } = readObject(what, json, ["kind", "size", "members"]);
      if (!isCount(size)) throw invalid(`${what} has another size`, "a count of columns");
      if (members === null) return { kind, size, members: undefined };
      if (
        (isTexts(members) || isNumbers(members)) &&
        members.length === size &&
        isAscending<string | number>(members)
      ) {
        return { kind, size, members };
      }
      throw invalid(`${what} has other members`, "as many texts, or whole numbers, as its size, sorted, each once");
    }
    default:
      throw invalid(`${what} has columns of another kind`, '"number", "vector", "boolean", "category" or "set"');
  }
}

function readScale(
  what: string,
  json: JsonValue,
  size: number,
): { means: readonly number[]; deviations: readonly number[] } {
  const { means, deviations } = readObject(`${what}: its scale`, json, ["means", "deviations"]);
  const isRight = isNumbers(means) && isNumbers(deviations) && means.length === size && deviations.length === size;
  if (isRight && deviations.every((deviation) => deviation > 0)) return { means, deviations };
  throw invalid(`${what} has another scale`, "a mean, and a deviation above 0, for each of its columns");
}

function readObject(what: string, json: JsonValue | undefined, known: readonly string[]): JsonObject {
  if (!isJsonObject(json)) throw invalid(`${what} is no object`, `one with ${known.join(", ")}`);
  const unknown = Object.keys(json).find((field) => !known.includes(field));
  if (unknown === undefined) return json;
  throw invalid(`${what} has the unknown field ${JSON.stringify(unknown.slice(0, 80))}`, `some of ${known.join(", ")}`);
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= LARGEST_SIZE;
}

function isTexts(value: JsonValue | undefined): value is readonly string[] {
  return isList(value) && value.length > 0 && value.every((each) => typeof each === "string");
}

function isNumbers(value: JsonValue | undefined): value is readonly number[] {
  return isList(value) && value.length > 0 && value.every((each) => typeof each === "number" && Number.isFinite(each));
}

/** Sorted as they were when they were fitted, strings by UTF-16 code units, and each once. */
function isAscending<Value extends string | number>(values: readonly Value[]): boolean {
  return values.every((value, k) => k === 0 || values[k - 1]! < value);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function invalid(got: string, expected: string): FileError {
  return new FileError(
    "invalid-configuration",
    `${where}: ${got}; expected ${expected}. The file is damaged, or was not written as its format asks.`,
  );
}
