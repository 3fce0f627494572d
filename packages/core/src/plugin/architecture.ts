import type { PluginKind } from "./plugin-kinds.ts";
import type { PluginIdentity } from "./registry.ts";

/** How something was made: what it takes to make it again. */
export interface Architecture {
  /** Where the plug-in has it. */
  readonly kind: PluginKind;
  /** What the plug-in calls it. */
  readonly name: string;
  /** As they were given; `random`, `engine` and `registry` are not part of them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The plug-ins that it was made of. */
  readonly plugins: readonly PluginIdentity[];
}

const architectures = new WeakMap<object, Architecture>();

/** The plug-ins that were asked for something since what is being made was begun. */
let asked: PluginIdentity[] | undefined;

/** What belongs to the moment of making, and not to what is made. */
const notSaved = ["random", "engine", "registry"];

/** How something was made; undefined for what neither a registry nor a class that records it made. */
export function architectureOf(made: object): Architecture | undefined {
  return architectures.get(made);
}

/**
 * Remembers how a module was made, so that it can be saved: what the constructor of a model calls that can be made without a registry too.
 *
 * @param Class The class itself. What extends it may compute something else: nothing is remembered of that.
 * @param plugin The plug-in whose `models` have it under this name.
 * @param options What makes it again under that name. What was not given may be undefined.
 */
export function recordArchitecture(
  module: object,
  Class: { readonly prototype: object },
  plugin: PluginIdentity,
  name: string,
  options: object,
): void {
  if (Object.getPrototypeOf(module) !== Class.prototype) return;
  architectures.set(module, { kind: "models", name, options: savable(options), plugins: [plugin] });
}

/** Makes an entry of a plug-in, and remembers what it was made of. */
export function madeBy(
  plugin: PluginIdentity,
  kind: PluginKind,
  name: string,
  options: object,
  make: () => unknown,
): unknown {
  const outer = asked;
  const own: PluginIdentity[] = [plugin];
  asked = own;
  try {
    const made = make();
    if ((typeof made === "object" && made !== null) || typeof made === "function") {
      architectures.set(made, { kind, name, options: savable(options), plugins: [...new Set(own)] });
    }
    return made;
  } finally {
    asked = outer;
    outer?.push(...own);
  }
}

function savable(options: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => value !== undefined && !notSaved.includes(name)),
  );
}
