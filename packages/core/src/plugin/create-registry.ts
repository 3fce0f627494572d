import { PluginError } from "../errors.ts";
import { Module } from "../nn/module.ts";
import { madeBy } from "./architecture.ts";
import { checkPlugin, isRecord, pluginKinds, shownValue } from "./check-plugin.ts";
import type { Factory, Plugin } from "./plugin.ts";
import type { PluginKind, PluginKinds } from "./plugin-kinds.ts";
import type { ArgumentsOf, MadeBy, NameOf, PluginIdentity, TypedRegistry } from "./registry.ts";
import { isInRange } from "./version-range.ts";

/**
 * Makes what several plug-ins have available by name. The registry does not change, whatever becomes of the plug-ins or of the list.
 *
 * ```ts
 * const registry = createRegistry([corePlugin, graphPlugin, distancePlugin]);
 * const layer = registry.layer("gatv2", { inputs: 16, outputs: 64, heads: 8, random });
 * ```
 *
 * @throws PluginError naming the plug-in and the field: `wrong-field`, `unknown-field`; `duplicate-plugin` for two of one name; `name-clash` for two that
 * have an entry of one name; `missing-plugin`, `version-out-of-range` or `cyclic-needs` for what one needs.
 */
export function createRegistry<const Plugins extends readonly Plugin[]>(
  plugins: Plugins,
): TypedRegistry<Plugins[number]> {
  return new PluginRegistry<Plugins[number]>(plugins);
}

type Factories = ReadonlyMap<string, { readonly plugin: PluginIdentity; readonly make: Factory<object, object> }>;

class PluginRegistry<Of extends Plugin> implements TypedRegistry<Of> {
  readonly plugins: readonly PluginIdentity[];
  readonly #factories: ReadonlyMap<PluginKind, Factories>;
  readonly #byName: ReadonlyMap<string, PluginIdentity & { readonly reads: string | undefined }>;

  readonly score: TypedRegistry<Of>["score"] = (name, ...options) => this.#made("scores", name, ...options);
  readonly normalizer: TypedRegistry<Of>["normalizer"] = (name, ...options) =>
    this.#made("normalizers", name, ...options);
  readonly encoding: TypedRegistry<Of>["encoding"] = (name, ...options) => this.#made("encodings", name, ...options);
  readonly layer: TypedRegistry<Of>["layer"] = (name, ...options) => this.#made("layers", name, ...options);
  readonly readout: TypedRegistry<Of>["readout"] = (name, ...options) => this.#made("readouts", name, ...options);
  readonly initializer: TypedRegistry<Of>["initializer"] = (name, ...options) =>
    this.#made("initializers", name, ...options);
  readonly engine: TypedRegistry<Of>["engine"] = (name, ...options) => this.#made("engines", name, ...options);
  readonly model: TypedRegistry<Of>["model"] = (name, ...options) => this.#made("models", name, ...options);

  constructor(plugins: readonly Plugin[]) {
    for (const plugin of plugins) checkPlugin("createRegistry", plugin);
    checkNames(plugins);
    checkNeeds(plugins);
    const identified = plugins.map((plugin) => ({ plugin, identity: identityOf(plugin) }));
    this.plugins = Object.freeze(identified.map(({ identity }) => identity));
    this.#byName = new Map(
      identified.map(({ plugin, identity }) => [plugin.name, { ...identity, reads: plugin.reads }]),
    );
    this.#factories = new Map(
      pluginKinds.map((kind) => {
        const ofKind = identified.flatMap(({ plugin, identity }) =>
          Object.entries<Factory<object, object>>(plugin[kind] ?? {}).map(
            ([name, make]) => [name, { plugin: identity, make }] as const,
          ),
        );
        return [kind, new Map(ofKind)];
      }),
    );
    Object.freeze(this);
  }

  has(kind: PluginKind, name: string): boolean {
    return this.#ofKind(kind).has(name);
  }

  names(kind: PluginKind): readonly string[] {
    return [...this.#ofKind(kind).keys()].sort();
  }

  pluginOf(kind: PluginKind, name: string): PluginIdentity | undefined {
    return this.#ofKind(kind).get(name)?.plugin;
  }

  make<Kind extends PluginKind>(kind: Kind, name: string, options: object = {}): PluginKinds[Kind] {
    const found = this.#ofKind(kind).get(name);
    if (found === undefined) {
      const names = this.names(kind).map((known) => `"${known}"`);
      throw new PluginError(
        "unknown-name",
        `registry: got the name ${shownValue(name)} among ${kind}; expected ${names.length === 0 ? "none, because no plug-in has any" : `one of ${names.join(", ")}`}. ` +
          "Correct the name, or make the registry with the plug-in that has it.",
      );
    }
    const { plugin, make } = found;
    const made = madeBy(plugin, kind, name, options, () => make(options, this));
    if (isOfKind(kind, made)) return made;
    throw new PluginError(
      "wrong-result",
      `registry: the plug-in "${plugin.name}" has ${kind}["${name}"], which did not make ${expectedResults[kind]}. Correct the plug-in.`,
    );
  }

  checkSavedWith({ name, version, install }: PluginIdentity): void {
    const found = this.#byName.get(name);
    if (found === undefined) {
      throw new PluginError(
        "missing-plugin",
        `registry: the plug-in "${name}" ${version} is needed and is not among those of the registry. Get it (${install}) and add it: ` +
          "createRegistry([…, itsPlugin]).",
      );
    }
    const range = found.reads ?? `^${version}`;
    const isRead = found.reads === undefined ? isInRange(found.version, range) : isInRange(version, range);
    if (isRead) return;
    throw new PluginError(
      "version-out-of-range",
      `registry: the plug-in "${name}" ${version} is needed, and the registry has ${found.version}, which reads ` +
        `${found.reads === undefined ? "its own versions, as a caret allows" : found.reads}. Get a version that reads it (${install}).`,
    );
  }

  /** The types of what is made follow from those of the plug-ins, which factories are checked against where these are defined. */
  #made<Kind extends PluginKind, Name extends NameOf<Of, Kind>>(
    kind: Kind,
    name: Name,
    ...options: ArgumentsOf<Of, Kind, Name>
  ): MadeBy<Of, Kind, Name>;
  #made(kind: PluginKind, name: string, options?: object): unknown {
    return this.make(kind, name, options);
  }

  #ofKind(kind: PluginKind): Factories {
    return this.#factories.get(kind) ?? new Map();
  }
}

function identityOf({ name, version, install = `npm install ${name}` }: Plugin): PluginIdentity {
  return Object.freeze({ name, version, install });
}

/** @throws PluginError `duplicate-plugin`, `name-clash`. */
function checkNames(plugins: readonly Plugin[]): void {
  const owners = new Map<string, string>();
  for (const [k, { name }] of plugins.entries()) {
    if (plugins.findIndex((other) => other.name === name) === k) continue;
    throw new PluginError("duplicate-plugin", `createRegistry: got the plug-in "${name}" twice; expected each once.`);
  }
  for (const plugin of plugins) {
    for (const kind of pluginKinds) {
      for (const entry of Object.keys(plugin[kind] ?? {})) {
        const field = `${kind}["${entry}"]`;
        const owner = owners.get(field);
        if (owner !== undefined) {
          throw new PluginError(
            "name-clash",
            `createRegistry: the plug-ins "${owner}" and "${plugin.name}" both have ${field}; expected one of them. Make two registries, or rename an entry: ` +
              "{ ...plugin, name, [field]: { other: plugin[field][entry] } }.",
          );
        }
        owners.set(field, plugin.name);
      }
    }
  }
}

/** @throws PluginError `missing-plugin`, `version-out-of-range`, `cyclic-needs`. */
function checkNeeds(plugins: readonly Plugin[]): void {
  const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]));
  const done = new Set<string>();
  const visit = (plugin: Plugin, path: readonly string[]): void => {
    if (path.includes(plugin.name)) {
      const cycle = [...path.slice(path.indexOf(plugin.name)), plugin.name].map((name) => `"${name}"`).join(" needs ");
      throw new PluginError("cyclic-needs", `createRegistry: ${cycle}; expected plug-ins that need no such circle.`);
    }
    if (done.has(plugin.name)) return;
    for (const [name, range] of Object.entries(plugin.needs ?? {})) {
      const needed = byName.get(name);
      const field = `createRegistry: the plug-in "${plugin.name}" has needs["${name}"] "${range}"`;
      if (needed === undefined) {
        throw new PluginError(
          "missing-plugin",
          `${field}, and no such plug-in was given; expected it in the list. Get it, such as by npm install ${name}.`,
        );
      }
      if (!isInRange(needed.version, range)) {
        throw new PluginError(
          "version-out-of-range",
          `${field}, and was given with the version ${needed.version}; expected one in the range.`,
        );
      }
      visit(needed, [...path, plugin.name]);
    }
    done.add(plugin.name);
  };
  for (const plugin of plugins) visit(plugin, []);
}

const expectedResults: Readonly<Record<PluginKind, string>> = {
  scores: "a score, such as by defineScore",
  normalizers: "a normalizer: a name, options and normalize",
  encodings: "an object or a function",
  layers: "a module with forward and outputs",
  readouts: "a module with forward and outputs",
  initializers: "a function of random, shape, fanIn and fanOut",
  engines: "an engine: a name, a precision, run and the other methods of Engine",
  models: "a module",
};

function isOfKind<Kind extends PluginKind>(kind: Kind, made: unknown): made is PluginKinds[Kind] {
  switch (kind) {
    case "scores":
      return isRecord(made) && typeof made["name"] === "string" && typeof made["expression"] === "function";
    case "normalizers":
      return isRecord(made) && typeof made["name"] === "string" && typeof made["normalize"] === "function";
    case "encodings":
      return typeof made === "function" || isRecord(made);
    case "layers":
    case "readouts":
      return made instanceof Module && "forward" in made && "outputs" in made;
    case "initializers":
      return typeof made === "function";
    case "engines":
      return (
        isRecord(made) &&
        typeof made["name"] === "string" &&
        ["allocate", "run", "readSync"].every((name) => typeof made[name] === "function")
      );
    default:
      return made instanceof Module;
  }
}
