import {
  concatenate,
  divide,
  full,
  type Grouping,
  gatherRows,
  multiply,
  reshape,
  SparseNeighborhood,
  segmentSum,
  type Tensor,
  tensor,
} from "@vicinal/core";

/** A neighborhood in which every node attends to itself exactly once. */
export interface LoopedNeighborhood {
  readonly neighborhood: SparseNeighborhood;
  /** For each position the number of the edge in the list given; -1 for a loop that was not in it. */
  readonly edgeOf: Int32Array;
  /** The numbers of the edges that are no self-loops. */
  readonly kept: Uint32Array;
  /** The kept edges, by their place in `kept`, grouped by receiver. */
  readonly keptByReceiver: Grouping;
  /** Count of loops: one for each node that is both sender and receiver. */
  readonly loops: number;
}

const looped = new WeakMap<SparseNeighborhood, LoopedNeighborhood>();

/**
 * Removes the self-loops of a neighborhood and gives every node one, as PyTorch Geometric's attention layers do; of a bipartite
 * one, every number that is both a sender and a receiver. Computed once for a neighborhood.
 */
export function withSelfLoops(given: SparseNeighborhood): LoopedNeighborhood {
  let result = looped.get(given);
  if (result === undefined) {
    result = addLoops(given);
    looped.set(given, result);
  }
  return result;
}

function addLoops(given: SparseNeighborhood): LoopedNeighborhood {
  const loops = Math.min(given.senders, given.receivers);
  const { senderOf, receiverOf, edgeOf } = given;
  const loopEdge = new Int32Array(loops).fill(-1);
  const isKept = (p: number): boolean => senderOf[p] !== receiverOf[p];
  const positions = Uint32Array.from(senderOf.keys()).filter(isKept);
  for (let p = given.edges - 1; p >= 0; p--) if (!isKept(p)) loopEdge[senderOf[p]!] = edgeOf[p]!;

  // The loops come last in each row, because they come last in the list.
  const count = positions.length;
  const senders = new Uint32Array(count + loops);
  const receivers = new Uint32Array(count + loops);
  const numbers = new Int32Array(count + loops);
  for (let k = 0; k < count; k++) {
    const p = positions[k]!;
    senders[k] = senderOf[p]!;
    receivers[k] = receiverOf[p]!;
    numbers[k] = edgeOf[p]!;
  }
  for (let i = 0; i < loops; i++) {
    senders[count + i] = i;
    receivers[count + i] = i;
    numbers[count + i] = loopEdge[i]!;
  }
  const neighborhood = SparseNeighborhood.fromEdgeList({
    senders,
    receivers,
    senderCount: given.senders,
    receiverCount: given.receivers,
  });
  // Positions come by receiver, so the kept edges already are grouped.
  const offsets = new Uint32Array(given.receivers + 1);
  for (let k = 0; k < count; k++) offsets[receivers[k]! + 1]!++;
  for (let i = 0; i < given.receivers; i++) offsets[i + 1]! += offsets[i]!;
  return {
    neighborhood,
    edgeOf: Int32Array.from(neighborhood.edgeOf, (e) => numbers[e]!),
    kept: positions.map((p) => edgeOf[p]!),
    keptByReceiver: { offsets, permutation: undefined },
    loops,
  };
}

/**
 * The features of a self-loop: a number for all, a vector, or computed from those of the edges that arrive at the node (where none
 * does: 1 for `"mul"`, else 0).
 */
export type LoopFill = "mean" | "add" | "min" | "max" | "mul" | number | readonly number[];

/** Edge features for a looped neighborhood, in the order of its edge list: `[kept + loops, edgeDim]`. */
export function loopedEdgeFeatures(features: Tensor, loop: LoopedNeighborhood, fill: LoopFill): Tensor {
  const width = features.shape[1] ?? 0;
  const kept = gatherRows(features, loop.kept);
  return concatenate([kept, loopFeatures(kept, loop, fill, width)], 0);
}

function loopFeatures(
  kept: Tensor,
  { keptByReceiver, loops }: LoopedNeighborhood,
  fill: LoopFill,
  width: number,
): Tensor {
  const { engine } = kept;
  if (typeof fill === "number") return full([loops, width], fill, { engine });
  if (typeof fill !== "string") {
    const rows = new Float64Array(loops * width).map((_, k) => fill[k % width] ?? 0);
    return tensor(rows, [loops, width], { engine });
  }
  // Loops exist for the first `loops` receivers only.
  const grouping = { offsets: keptByReceiver.offsets.subarray(0, loops + 1), permutation: keptByReceiver.permutation };
  if (fill === "min" || fill === "max") return extremes(kept, grouping.offsets, fill, loops, width);
  if (fill === "mul") return products(kept, grouping.offsets, loops, width);
  const sums = segmentSum(kept, keptByReceiver.offsets.length === loops + 1 ? keptByReceiver : grouping);
  if (fill === "add") return sums;
  const counts = Float64Array.from({ length: loops }, (_, i) =>
    Math.max(1, grouping.offsets[i + 1]! - grouping.offsets[i]!),
  );
  return divide(sums, tensor(counts, [loops, 1], { engine }));
}

/** The smallest or largest of each feature over each row: gathered, so that gradients flow to the edge it came from. */
function extremes(kept: Tensor, offsets: Uint32Array, which: "min" | "max", loops: number, width: number): Tensor {
  const values = kept.dataSync();
  const zero = values.length;
  const chosen = new Uint32Array(loops * width).fill(zero);
  for (let i = 0; i < loops; i++) {
    for (let p = offsets[i]!; p < offsets[i + 1]!; p++) {
      for (let c = 0; c < width; c++) {
        const best = chosen[i * width + c]!;
        const here = p * width + c;
        const isBetter = which === "max" ? values[here]! > values[best]! : values[here]! < values[best]!;
        if (best === zero || isBetter) chosen[i * width + c] = here;
      }
    }
  }
  const flat = concatenate([reshape(kept, [zero]), full([1], 0, { engine: kept.engine })], 0);
  return reshape(gatherRows(flat, chosen), [loops, width]);
}

/** The product of each feature over each row: one factor of every row at a time, ones where a row has ended. */
function products(kept: Tensor, offsets: Uint32Array, loops: number, width: number): Tensor {
  const { engine } = kept;
  const one = kept.shape[0] ?? 0;
  const padded = concatenate([kept, full([1, width], 1, { engine })], 0);
  let longest = 0;
  for (let i = 0; i < loops; i++) longest = Math.max(longest, offsets[i + 1]! - offsets[i]!);
  let product = full([loops, width], 1, { engine });
  for (let k = 0; k < longest; k++) {
    const factors = Uint32Array.from({ length: loops }, (_, i) =>
      offsets[i]! + k < offsets[i + 1]! ? offsets[i]! + k : one,
    );
    product = multiply(product, gatherRows(padded, factors));
  }
  return product;
}
