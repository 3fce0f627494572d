import { gatherRows, type Tensor } from "@vicinal/core";
import type { ReadoutAttention } from "../readout/readout.ts";

/** The weights of a read-out in which every node is attended to once, in the order of the nodes: `[nodes, heads]`. */
export function weightsOfNodes({ neighborhood, weights }: ReadoutAttention): Tensor {
  return gatherRows(weights, neighborhood.transposed.permutation);
}
