import { PluginError } from "../errors.ts";
import type { Plugin } from "./plugin.ts";
import type { PluginKind } from "./plugin-kinds.ts";
import { isRange, isVersion } from "./version-range.ts";

/** The fields that hold entries. */
export const pluginKinds = [
  "scores",
  "normalizers",
  "encodings",
  "layers",
  "readouts",
  "initializers",
  "engines",
  "models",
] as const satisfies readonly PluginKind[];

const fields: readonly string[] = ["name", "version", "install", "needs", "reads", ...pluginKinds];

/** Names of npm packages, and of what has no package. */
const pluginName = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** Names of entries. */
const entryName = /^[A-Za-z][A-Za-z0-9._-]*$/;

/**
 * Looks at every field of a plug-in that a program without types may have given.
 *
 * @throws PluginError `wrong-field` or `unknown-field`, naming the plug-in and the field.
 */
export function checkPlugin(where: string, plugin: unknown): asserts plugin is Plugin {
  if (!isRecord(plugin)) {
    throw new PluginError("wrong-field", `${where}: got ${shownValue(plugin)}; expected a plug-in, a plain object.`);
  }
  const { name, version, install, needs, reads } = plugin;
  if (typeof name !== "string" || name.length > 214 || !pluginName.test(name)) {
    throw wrong(where, "a plug-in", "name", name, 'the name of its package, such as "vicinal-distance"');
  }
  const what = `the plug-in "${name}"`;
  for (const field of Object.keys(plugin)) {
    if (fields.includes(field)) continue;
    throw new PluginError(
      "unknown-field",
      `${where}: ${what} has the unknown field "${field}"; expected some of ${fields.join(", ")}. Correct its name or leave it out.`,
    );
  }
  if (!isVersion(version)) throw wrong(where, what, "version", version, 'a version, such as "1.2.0"');
  if (install !== undefined && typeof install !== "string") throw wrong(where, what, "install", install, "text");
  if (reads !== undefined && !isRange(reads)) throw wrong(where, what, "reads", reads, rangeWords);
  if (needs !== undefined) {
    if (!isRecord(needs)) throw wrong(where, what, "needs", needs, "ranges of versions by the names of plug-ins");
    for (const [needed, range] of Object.entries(needs)) {
      if (!isRange(range)) throw wrong(where, what, `needs["${needed}"]`, range, rangeWords);
    }
  }
  for (const kind of pluginKinds) checkEntries(where, what, kind, plugin[kind]);
}

const rangeWords = 'a range of versions, such as "^1.2.0", ">=1.2.0 <3.0.0" or "*"';

function checkEntries(where: string, what: string, kind: PluginKind, entries: unknown): void {
  if (entries === undefined) return;
  if (!isRecord(entries)) throw wrong(where, what, kind, entries, "functions by name");
  for (const [name, factory] of Object.entries(entries)) {
    const field = `${kind}["${name}"]`;
    if (!entryName.test(name)) {
      throw new PluginError(
        "wrong-field",
        `${where}: ${what} has the entry ${field}; expected a name of letters, digits, dots, dashes and underscores that begins with a letter.`,
      );
    }
    if (typeof factory !== "function") throw wrong(where, what, field, factory, "a function of options");
  }
}

function wrong(where: string, what: string, field: string, got: unknown, expected: string): PluginError {
  return new PluginError("wrong-field", `${where}: ${what} has ${field} ${shownValue(got)}; expected ${expected}.`);
}

/** A value for a message. */
export function shownValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return String(value);
}

/** Whether a value is an object, and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
