import { DataError, FileError } from "../errors.ts";
import { Module } from "../nn/module.ts";
import { type Architecture, architectureOf } from "../plugin/architecture.ts";
import { pluginKinds } from "../plugin/check-plugin.ts";
import type { PluginKind } from "../plugin/plugin-kinds.ts";
import type { PluginIdentity } from "../plugin/registry.ts";
import { checkJsonFields, jsonField } from "./json-fields.ts";
import { isJsonObject, isText, type JsonObject, type JsonValue } from "./parse-json.ts";
import { shown } from "./shown.ts";

/** What makes something again, as a file says it. */
export interface SavedArchitecture {
  /** Where the plug-in has it. */
  readonly kind: PluginKind;
  /** What the plug-in calls it. */
  readonly name: string;
  /** Without `random`, `engine` and `registry`. */
  readonly options: JsonObject;
}

/**
 * How something was made, as JSON can say it.
 *
 * @throws DataError `cannot-save` for what no registry made, or for options that JSON cannot say.
 */
export function architectureJson(where: string, made: object): SavedArchitecture {
  const { kind, name, options } = knownArchitecture(where, made);
  return { kind, name, options: jsonObject(where, `the option`, options) };
}

/** The plug-ins that things were made of, their parts included, each once, by name. */
export function pluginsOf(where: string, made: readonly object[]): readonly PluginIdentity[] {
  const architectures = made.flatMap((each) => [knownArchitecture(where, each), ...architecturesWithin(each)]);
  const plugins = new Map(architectures.flatMap((each) => each.plugins).map((plugin) => [plugin.name, plugin]));
  return [...plugins.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function knownArchitecture(where: string, made: object): Architecture {
  const architecture = architectureOf(made);
  if (architecture !== undefined) return architecture;
  throw new DataError(
    "cannot-save",
    `${where}: got ${made instanceof Module ? `a ${made.constructor.name}` : "something"} that nothing is known of how it was made; expected a model of ` +
      "Vicinal, or what a registry made: put it into a plug-in, and make it by its name.",
  );
}

function architecturesWithin(holder: object): readonly Architecture[] {
  return Object.values(holder).flatMap((value: unknown) => {
    if (!(value instanceof Module) && !Array.isArray(value)) return [];
    const own = architectureOf(value);
    return [...(own === undefined ? [] : [own]), ...architecturesWithin(value)];
  });
}

/**
 * A value as JSON has it: text, finite numbers, booleans, null, lists and plain objects of them. Fields that are undefined are left out.
 *
 * @param what What the value is, for errors.
 * @throws DataError `cannot-save` naming the field.
 */
function jsonValue(where: string, what: string, value: unknown): JsonValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((each: unknown, k) => jsonValue(where, `${what}[${k}]`, each));
  if (typeof value === "object" && isPlain(value)) return jsonObject(where, what, value);
  throw new DataError(
    "cannot-save",
    `${where}: ${what} is ${wordsFor(value)}; expected what JSON can say: text, finite numbers, true, false, null, lists and plain objects. Name what a ` +
      "function makes in a plug-in, and make it by its name.",
  );
}

/** {@link jsonValue} of an object, its fields named `what` in errors. */
export function jsonObject(where: string, what: string, value: object): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => [name, jsonValue(where, `${what} ${shown(name)}`, each)]),
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function wordsFor(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) return `a ${value.constructor.name}`;
  return typeof value === "number" ? String(value) : `of type ${typeof value}`;
}

/**
 * What a file says of how something was made.
 *
 * @throws FileError `invalid-configuration`.
 */
export function readArchitecture(where: string, value: JsonValue | undefined): SavedArchitecture {
  if (!isJsonObject(value)) {
    throw new FileError("invalid-configuration", `${where}: got no object; expected kind, name and options.`);
  }
  checkJsonFields(where, value, ["kind", "name", "options"]);
  const kind = jsonField(where, value, "kind", isKind, `one of ${pluginKinds.join(", ")}`);
  const name = jsonField(where, value, "name", isText, "text");
  const options = jsonField(where, value, "options", isJsonObject, "an object");
  return { kind, name, options };
}

function isKind(value: JsonValue | undefined): value is PluginKind & JsonValue {
  return pluginKinds.some((kind) => kind === value);
}
