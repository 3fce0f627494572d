import { PluginError } from "../errors.ts";
import { Module } from "../nn/module.ts";
import { madeBy } from "./architecture.ts";
import { checkPlugin, isRecord, pluginKinds, shownValue } from "./check-plugin.ts";
import { knownNames } from "./named.ts";
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
  return registryOf<Plugins[number]>(plugins);
}

type Factories = Map<string, { readonly plugin: PluginIdentity; readonly make: Factory<object, object> }>;

function registryOf<Of extends Plugin>(given: readonly Plugin[]): TypedRegistry<Of> {
  for (const plugin of given) checkPlugin("createRegistry", plugin);
  const plugins = byName(given);
  const identities = Object.freeze(given.map(identityOf));
  const factories = factoriesOf(given, identities);
  checkNeeds(plugins);
  const ofKind = (kind: PluginKind): Factories => factories.get(kind) ?? new Map();

  /** The types of what is made follow from those of the plug-ins, which factories are checked against where these are defined. */
  function maker<Kind extends PluginKind>(
    kind: Kind,
  ): <Name extends NameOf<Of, Kind>>(name: Name, ...options: ArgumentsOf<Of, Kind, Name>) => MadeBy<Of, Kind, Name>;
  function maker(kind: PluginKind): (...given: never) => unknown {
    return (name: string, options?: object) => registry.make(kind, name, options);
  }

  const registry: TypedRegistry<Of> = Object.freeze({
    plugins: identities,
    score: maker("scores"),
    normalizer: maker("normalizers"),
    encoding: maker("encodings"),
    layer: maker("layers"),
    readout: maker("readouts"),
    initializer: maker("initializers"),
    engine: maker("engines"),
    model: maker("models"),
    has: (kind: PluginKind, name: string) => ofKind(kind).has(name),
    names: (kind: PluginKind) => [...ofKind(kind).keys()].sort(),
    pluginOf: (kind: PluginKind, name: string) => ofKind(kind).get(name)?.plugin,
    make<Kind extends PluginKind>(kind: Kind, name: string, options: object = {}): PluginKinds[Kind] {
      const found = ofKind(kind).get(name);
      if (found === undefined) {
        throw new PluginError(
          "unknown-name",
          `registry: got the name ${shownValue(name)} among ${kind}; expected ${knownNames(registry, kind)}. ` +
            "Correct the name, or make the registry with the plug-in that has it.",
        );
      }
      const { plugin, make } = found;
      const made = madeBy(plugin, kind, name, options, () => make(options, registry));
      if (isOfKind(kind, made)) return made;
      throw new PluginError(
        "wrong-result",
        `registry: the plug-in "${plugin.name}" has ${kind}["${name}"], which did not make ${results[kind].words}. Correct the plug-in.`,
      );
    },
    checkSavedWith({ name, version, install }: PluginIdentity) {
      const found = plugins.get(name);
      if (found === undefined) {
        throw new PluginError(
          "missing-plugin",
          `registry: the plug-in "${name}" ${version} is needed and is not among those of the registry. Get it (${install}) and add it: ` +
            "createRegistry([…, itsPlugin]).",
        );
      }
      const { reads } = found;
      if (reads === undefined ? isInRange(found.version, `^${version}`) : isInRange(version, reads)) return;
      throw new PluginError(
        "version-out-of-range",
        `registry: the plug-in "${name}" ${version} is needed, and the registry has ${found.version}, which reads ` +
          `${reads ?? "its own versions, as a caret allows"}. Get a version that reads it (${install}).`,
      );
    },
  });
  return registry;
}

function identityOf({ name, version, install = `npm install ${name}` }: Plugin): PluginIdentity {
  return Object.freeze({ name, version, install });
}

/** A copy of each plug-in as it is now. @throws PluginError `duplicate-plugin`. */
function byName(plugins: readonly Plugin[]): ReadonlyMap<string, Plugin> {
  const found = new Map<string, Plugin>();
  for (const plugin of plugins) {
    const { name } = plugin;
    if (found.has(name)) {
      throw new PluginError("duplicate-plugin", `createRegistry: got the plug-in "${name}" twice; expected each once.`);
    }
    found.set(name, { ...plugin });
  }
  return found;
}

/** @throws PluginError `name-clash`. */
function factoriesOf(
  plugins: readonly Plugin[],
  identities: readonly PluginIdentity[],
): ReadonlyMap<PluginKind, Factories> {
  const found = new Map(pluginKinds.map((kind): [PluginKind, Factories] => [kind, new Map()]));
  for (const [k, plugin] of identities.entries()) {
    for (const [kind, factories] of found) {
      for (const [name, make] of Object.entries<Factory<object, object>>(plugins[k]?.[kind] ?? {})) {
        const owner = factories.get(name)?.plugin;
        if (owner !== undefined) {
          throw new PluginError(
            "name-clash",
            `createRegistry: the plug-ins "${owner.name}" and "${plugin.name}" both have ${kind}["${name}"]; expected one of them. Make two registries, or rename an entry: ` +
              "{ ...plugin, name, [field]: { other: plugin[field][entry] } }.",
          );
        }
        factories.set(name, { plugin, make });
      }
    }
  }
  return found;
}

/** @throws PluginError `missing-plugin`, `version-out-of-range`, `cyclic-needs`. */
function checkNeeds(plugins: ReadonlyMap<string, Plugin>): void {
  const done = new Set<string>();
  const visit = (plugin: Plugin, path: readonly string[]): void => {
    if (path.includes(plugin.name)) {
      const cycle = [...path.slice(path.indexOf(plugin.name)), plugin.name].map((name) => `"${name}"`).join(" needs ");
      throw new PluginError("cyclic-needs", `createRegistry: ${cycle}; expected plug-ins that need no such circle.`);
    }
    if (done.has(plugin.name)) return;
    for (const [name, range] of Object.entries(plugin.needs ?? {})) {
      const needed = plugins.get(name);
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
  for (const plugin of plugins.values()) visit(plugin, []);
}

/** What the entries of a kind are to make: in words, and how it is told. */
interface Result {
  readonly words: string;
  readonly isMade: (made: unknown) => boolean;
}

const layer: Result = {
  words: "a module with forward and outputs",
  isMade: (made) => made instanceof Module && "forward" in made && "outputs" in made,
};

const results: Readonly<Record<PluginKind, Result>> = {
  scores: named("a score, such as by defineScore", ["expression"]),
  normalizers: named("a normalizer: a name, options and normalize", ["normalize"]),
  encodings: { words: "an object or a function", isMade: (made) => typeof made === "function" || isRecord(made) },
  layers: layer,
  readouts: layer,
  initializers: {
    words: "a function of random, shape, fanIn and fanOut",
    isMade: (made) => typeof made === "function",
  },
  engines: named("an engine: a name, a precision, run and the other methods of Engine", [
    "allocate",
    "run",
    "readSync",
  ]),
  models: { words: "a module", isMade: (made) => made instanceof Module },
};

/** Told by a name and methods. */
function named(words: string, methods: readonly string[]): Result {
  const isMade = (made: unknown): boolean =>
    isRecord(made) && typeof made["name"] === "string" && methods.every((method) => typeof made[method] === "function");
  return { words, isMade };
}

function isOfKind<Kind extends PluginKind>(kind: Kind, made: unknown): made is PluginKinds[Kind] {
  return results[kind].isMade(made);
}
