import type { PluginKind, PluginKinds } from "./plugin-kinds.ts";
import type { Registry } from "./registry.ts";

/**
 * Makes one thing of a plug-in from its options. What a saved model has to make again takes options that JSON can say, beside `random` and `engine`, which
 * whoever makes it adds. The registry gives what other plug-ins have.
 */
// A method, so that a factory of narrower options is one of `object` too: what options it takes is checked by the call, or by the factory itself.
export type Factory<Options, Made> = {
  /** @internal */
  make(options: Options, registry: Registry): Made;
}["make"];

/** Factories by the names of what they make. */
export type Entries<Made> = Readonly<Record<string, Factory<object, Made>>>;

/**
 * An extension of Vicinal: a plain object that says what it is called and how to make what it adds. It does nothing by itself; {@link createRegistry} makes
 * its entries available by name. Names are letters, digits, dots, dashes and underscores, and begin with a letter.
 *
 * The scores, layers and models of Vicinal itself are plug-ins too: `corePlugin`, and `graphPlugin` of `@vicinal/graph`.
 */
export interface Plugin extends Partial<{ readonly [Kind in PluginKind]: Entries<PluginKinds[Kind]> }> {
  /** What errors and saved models call it: the name of its package. */
  readonly name: string;
  /** Its version, such as `"1.2.0"` (https://semver.org). Saved models remember it. */
  readonly version: string;
  /** How to get it, for whoever opens a model that needs it. Default `npm install NAME`. */
  readonly install?: string;
  /** The plug-ins that it builds on by name, with the range of their versions, such as `"^1.2.0"`; `"*"` for any. Default: none. */
  readonly needs?: Readonly<Record<string, string>>;
  /** The range of its own versions whose saved models it can load. Default: up to its own, and as a caret allows from each of them on. */
  readonly reads?: string;
}
