import type { Normalizer } from "../attention/normalize/normalizer.ts";
import type { Score } from "../attention/score/score.ts";
import type { Engine } from "../engine/engine.ts";
import type { Module } from "../nn/module.ts";
import type { Random } from "../random.ts";
import type { Shape } from "../tensor/shapes.ts";

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
