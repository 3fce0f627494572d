import type { GraphModelShape } from "../tasks/graphs/graph-predictor-options.ts";
import type { ItemSplit } from "../tasks/split/item-split.ts";
import { AttentiveGraphModel, LinearGraphModel, rings } from "./labeled-graphs.ts";

export const missing = Number.NaN;
const linear = ({ inputs, outputs, random, engine }: GraphModelShape) =>
  new LinearGraphModel(inputs, outputs, { random, engine, bias: true });
export const attentive = ({ inputs, outputs, random, engine }: GraphModelShape) =>
  new AttentiveGraphModel(inputs, outputs, { random, engine });

/** Enough for a linear model to learn what is linear. */
export const small = { model: linear, learningRate: 0.05, epochs: 60, batchSize: 8, weightDecay: 0 } as const;

/** Enough to run everything. */
export const quick = { model: linear, epochs: 3, batchSize: 16 } as const;

export const { collection, counts } = rings(80, 3);
export const column = (of: (counts: readonly number[]) => number): Float32Array => Float32Array.from(counts, of);

/** In a unit far from 1, so that standardization matters. */
export const weights = column(([a, b, c]) => 1000 + 300 * a! - 200 * b! + 50 * c!);
export const isRich = column(([a, b]) => (a! > b! ? 1 : 0));

export const splitOf = (
  train: readonly number[],
  validation: readonly number[] = [],
  test: readonly number[] = [],
): ItemSplit => ({
  train: Uint32Array.from(train),
  validation: Uint32Array.from(validation),
  test: Uint32Array.from(test),
});
