import { checkOptionNames, type Random } from "@vicinal/core";
import { checkCount } from "./check-sampling.ts";

/** Options of {@link nodeBatches}. */
export interface NodeBatchesOptions {
  /** Nodes of a batch; the last one may have fewer. Default 1024. */
  readonly size?: number;
  /** Puts the nodes into another order first. Default: they stay in the order given. */
  readonly random?: Random;
}

/**
 * Cuts nodes, any count of them, into batches of any length up to `size`, each node in one: an epoch. Called again with the same `random` it gives the next epoch, in another order; from the
 * same seed the same epochs come. `nodes` stays as it is.
 *
 * @throws OptionError `unknown-option`, `out-of-range`.
 */
export function nodeBatches(nodes: Uint32Array, options: NodeBatchesOptions = {}): readonly Uint32Array[] {
  checkOptionNames("nodeBatches", options, ["size", "random"]);
  const { size = 1024, random } = options;
  checkCount("nodeBatches", "size", size);
  const order = nodes.slice();
  random?.shuffle(order);
  return Array.from({ length: Math.ceil(order.length / size) }, (_, k) => order.subarray(k * size, (k + 1) * size));
}
