import { oneOf, PluginError } from "../errors.ts";
import type { PluginKind } from "./plugin-kinds.ts";
import type { ArgumentsOf, NameOf, Registry, TypedRegistry } from "./registry.ts";

declare const pluginKind: unique symbol;

/**
 * The name of an entry of a registry, a text as {@link nameIn} gives it: other texts are none, so that a misspelt name does not compile where one of these is
 * asked for.
 */
export type PluginName<Kind extends PluginKind> = string & { readonly [pluginKind]: Kind };

/** A {@link Registry} whose names are known at run time only: a program that knows more uses it. */
export type UntypedRegistry = Registry & { readonly [Method in "score" | "layer"]?: undefined };

/**
 * A name that a registry has: what options of models and tasks take for what is not built in.
 *
 * ```ts
 * const model = new GAT(16, 3, { layer: nameIn(registry, "layers", "egat"), registry, random });
 * ```
 *
 * @throws PluginError `unknown-name`.
 */
export function nameIn<Of, Kind extends PluginKind>(
  registry: TypedRegistry<Of>,
  kind: Kind,
  name: NameOf<Of, Kind>,
): PluginName<Kind>;
/** The same of a registry whose names are known at run time only. */
export function nameIn<Kind extends PluginKind>(registry: UntypedRegistry, kind: Kind, name: string): PluginName<Kind>;
export function nameIn<Kind extends PluginKind>(registry: Registry, kind: Kind, name: string): PluginName<Kind> {
  if (isNameIn(registry, kind, name)) return name;
  throw new PluginError(
    "unknown-name",
    `nameIn: got ${JSON.stringify(name)} among ${kind}; expected ${knownNames(registry, kind)}.`,
  );
}

/** The names that a registry has of a kind, for errors. */
export function knownNames(registry: Registry, kind: PluginKind): string {
  const names = registry.names(kind);
  return names.length === 0 ? "none, because no plug-in has any" : oneOf(names);
}

function isNameIn<Kind extends PluginKind>(registry: Registry, kind: Kind, name: string): name is PluginName<Kind> {
  return registry.has(kind, name);
}

/** A score of a registry with its options, as options that take both. */
export interface NamedScore {
  /** The name of a score of the registry. */
  readonly score: PluginName<"scores">;
  /** Its options. */
  readonly scoreOptions?: object | undefined;
}

/**
 * A score by name with its options, both checked by the compiler where the registry is typed.
 *
 * ```ts
 * const layer = registry.layer("score", { ...namedScore(registry, "fading", { rate: 2 }), inputs: 16, outputs: 64, random });
 * ```
 *
 * @throws PluginError `unknown-name`.
 */
export function namedScore<Of, Name extends NameOf<Of, "scores">>(
  registry: TypedRegistry<Of>,
  score: Name,
  ...options: ArgumentsOf<Of, "scores", Name>
): NamedScore {
  return { score: nameIn(registry, "scores", score), scoreOptions: options[0] };
}

/** A normalizer of a registry with its options, as options that take both. */
export interface NamedNormalizer {
  /** The name of a normalizer of the registry. */
  readonly normalizer: PluginName<"normalizers">;
  /** Its options. */
  readonly normalizerOptions?: object | undefined;
}

/** A normalizer by name with its options, as {@link namedScore}. @throws PluginError `unknown-name`. */
export function namedNormalizer<Of, Name extends NameOf<Of, "normalizers">>(
  registry: TypedRegistry<Of>,
  normalizer: Name,
  ...options: ArgumentsOf<Of, "normalizers", Name>
): NamedNormalizer {
  return { normalizer: nameIn(registry, "normalizers", normalizer), normalizerOptions: options[0] };
}
