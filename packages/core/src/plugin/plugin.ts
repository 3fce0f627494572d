import type { Normalizer } from "../attention/normalize/normalizer.ts";
import type { Score } from "../attention/score/score.ts";
import type { Engine } from "../engine/engine.ts";
import type { Module } from "../nn/module.ts";
import type { Random } from "../random.ts";
import type { Shape } from "../tensor/shapes.ts";
import { checkPlugin } from "./check-plugin.ts";
import type { Registry } from "./registry.ts";

/** Gives the first values of a parameter of this shape; `fanIn` and `fanOut` are the widths that it joins. */
export type Initializer = (random: Random, shape: Shape, fanIn: number, fanOut: number) => ArrayLike<number>;

/** What the entries of a plug-in make, by the field that they stand in. */
export interface PluginKinds {
  /** How relevant a sender is to a receiver. */
  readonly scores: Score;
  /** How relevance becomes weight. */
  readonly normalizers: Normalizer;
  /** What order, position or structure adds: a `PositionBias`, a module, or a function of a graph. */
  readonly encodings: object;
  /** Modules from features of nodes to others, along edges. */
  readonly layers: Module;
  /** Modules from the nodes of graphs to one row for each. */
  readonly readouts: Module;
  /** First values of parameters. */
  readonly initializers: Initializer;
  /** What owns buffers and runs kernels. */
  readonly engines: Engine;
  /** Whole networks. */
  readonly models: Module;
}

/** A field of a {@link Plugin} that holds entries. */
export type PluginKind = keyof PluginKinds;

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

/** The fields of an object that a {@link Plugin} does not have, as errors. */
export type NoOtherFields<Given> = { readonly [Field in Exclude<keyof Given, keyof Plugin>]: never };

/**
 * A plug-in with the types of its entries: registries that have it then know its names and check the options of what they make.
 *
 * ```ts
 * export const distancePlugin = definePlugin({
 *   name: "vicinal-distance",
 *   version: "1.0.0",
 *   scores: { "distance-decayed": (options: { decay?: number }) => distanceDecayed(options) },
 * });
 * ```
 *
 * @throws PluginError `wrong-field` or `unknown-field`, naming the plug-in and the field.
 */
export function definePlugin<const Given extends Plugin>(plugin: Given & NoOtherFields<Given>): Given {
  checkPlugin("definePlugin", plugin);
  return plugin;
}
