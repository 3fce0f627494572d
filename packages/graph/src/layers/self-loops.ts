import {
  concatenate,
  divide,
  full,
  type Grouping,
  gatherRows,
  maximum,
  minimum,
  multiply,
  OptionError,
  SparseNeighborhood,
  segmentSum,
  type Tensor,
  tensor,
} from "@vicinal/core";
import { foldRows } from "./fold-rows.ts";
import type { LayerAttention } from "./graph-layer.ts";

/** A neighborhood in which every node attends to itself exactly once. */
export interface LoopedNeighborhood {
  readonly neighborhood: SparseNeighborhood;
  /** For each position the number of the edge in the list given; -1 for a loop that was not in it. */
  readonly edgeOf: Int32Array;
  /** The numbers of the edges that are no self-loops. */
  readonly kept: Uint32Array;
  /** The kept edges that arrive at each node with a loop, by their place in `kept`. */
  readonly arriving: Grouping;
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

/** The edges that a layer attends over: those given, or with `addSelfLoops` those of {@link withSelfLoops}. */
export function attendedEdges(given: SparseNeighborhood, addSelfLoops: boolean): SparseNeighborhood {
  return addSelfLoops ? withSelfLoops(given).neighborhood : given;
}

/** Weights over {@link attendedEdges} with the numbers that the edges had in the list given. */
export function attentionOver(given: SparseNeighborhood, addSelfLoops: boolean, weights: Tensor): LayerAttention {
  if (!addSelfLoops) return { neighborhood: given, edgeOf: Int32Array.from(given.edgeOf), weights };
  const { neighborhood, edgeOf } = withSelfLoops(given);
  return { neighborhood, edgeOf, weights };
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
  const offsets = new Uint32Array(loops + 1);
  for (let k = 0; k < count; k++) if (receivers[k]! < loops) offsets[receivers[k]! + 1]!++;
  for (let i = 0; i < loops; i++) offsets[i + 1]! += offsets[i]!;
  return {
    neighborhood,
    edgeOf: Int32Array.from(neighborhood.edgeOf, (e) => numbers[e]!),
    kept: positions.map((p) => edgeOf[p]!),
    arriving: { offsets, permutation: undefined },
    loops,
  };
}

/**
 * The features of a self-loop: a number for all, a vector of one number a feature, or computed from those of the edges that arrive at the node (where none
 * does: 1 for `"mul"`, else 0).
 */
export type LoopFill = "mean" | "add" | "min" | "max" | "mul" | number | readonly number[];

const computedFills: readonly LoopFill[] = ["mean", "add", "min", "max", "mul"];

/** @throws OptionError `out-of-range` for a fill that is not known or not finite, `wrong-length` for a vector of other than `edgeDim` numbers. */
export function checkFill(name: string, fill: LoopFill, edgeDim: number | undefined): void {
  if (typeof fill === "object" && fill.length !== edgeDim) {
    throw new OptionError(
      "wrong-length",
      `${name}: got a fillValue of ${fill.length} numbers; expected one for each of the ${edgeDim ?? 0} edge features.`,
    );
  }
  const isKnown = typeof fill === "string" ? computedFills.includes(fill) : [fill].flat().every(Number.isFinite);
  if (isKnown) return;
  throw new OptionError(
    "out-of-range",
    `${name}: got the fillValue ${fill}; expected a finite number, one for each edge feature, or one of ` +
      `${computedFills.map((known) => `"${known}"`).join(", ")}.`,
  );
}

/** Edge features for a looped neighborhood, in the order of its edge list: `[kept + loops, edgeDim]`. */
export function loopedEdgeFeatures(features: Tensor, loop: LoopedNeighborhood, fill: LoopFill): Tensor {
  const width = features.shape[1] ?? 0;
  const kept = gatherRows(features, loop.kept);
  return concatenate([kept, loopFeatures(kept, loop, fill, width)], 0);
}

function loopFeatures(kept: Tensor, { arriving, loops }: LoopedNeighborhood, fill: LoopFill, width: number): Tensor {
  const { engine } = kept;
  if (typeof fill === "number") return full([loops, width], fill, { engine });
  if (typeof fill === "object") {
    const rows = new Float64Array(loops * width).map((_, k) => fill[k % width] ?? 0);
    return tensor(rows, [loops, width], { engine });
  }
  const { offsets } = arriving;
  switch (fill) {
    case "min":
      return foldRows(kept, offsets, minimum, 0);
    case "max":
      return foldRows(kept, offsets, maximum, 0);
    case "mul":
      return foldRows(kept, offsets, multiply, 1);
    case "add":
      return segmentSum(kept, arriving);
    case "mean": {
      const counts = Float64Array.from({ length: loops }, (_, i) => Math.max(1, offsets[i + 1]! - offsets[i]!));
      return divide(segmentSum(kept, arriving), tensor(counts, [loops, 1], { engine }));
    }
  }
}
