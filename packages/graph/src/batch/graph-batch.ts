import {
  type DenseMatrix,
  type FeatureMatrix,
  ShapeError,
  type SparseNeighborhood,
  slice,
  Tensor,
} from "@vicinal/core";
import type { GraphMembership } from "../readout/membership.ts";

/**
 * Many small graphs as one: their disjoint union, without padding. The nodes of the first graph come first, then those of the second. Layers
 * run on its `neighborhood` as on any other, read-outs take it as their membership, and a graph gets what it would get alone.
 */
export interface GraphBatch extends GraphMembership {
  /** Count of graphs. */
  readonly graphs: number;
  /** The number of each graph in the collection that it was taken from: what its target is found by. */
  readonly members: Uint32Array;
  /** Who attends to whom; no edge joins two graphs. Its edge list is in the order of its positions. */
  readonly neighborhood: SparseNeighborhood;
  /** `[nodes, width]`. */
  readonly features: FeatureMatrix | undefined;
  /** `[nodes, width]`. */
  readonly encodings: DenseMatrix | undefined;
  /** `[edges, width]`, in the order of the neighborhood's edge list, as layers expect them. */
  readonly edgeFeatures: DenseMatrix | undefined;
  /** `[nodes]`, ascending: the graph of each node, as its place in this batch. */
  readonly graphOf: Uint32Array;
  /** `[graphs]`: how many nodes each has. The lengths of core's `sequences`, for attention among all nodes of a graph. */
  readonly nodeCounts: Uint32Array;
  /** `[graphs + 1]`: the nodes of graph `g` are `nodeStarts[g]` to `nodeStarts[g + 1] - 1`. */
  readonly nodeStarts: Uint32Array;
  /** `[graphs]`: how many edges each has. */
  readonly edgeCounts: Uint32Array;
  /** `[graphs + 1]`: the edges of graph `g` are `edgeStarts[g]` to `edgeStarts[g + 1] - 1`. */
  readonly edgeStarts: Uint32Array;
  /** `[edges]`: the number of each edge in the edge list that its own graph was given as. */
  readonly edgeInGraph: Uint32Array;
  /** The keys of the nodes of each graph; undefined unless known. */
  readonly nodeKeys: readonly (readonly string[])[] | undefined;
  /**
   * The keys of the edges of each graph, in the order of the batch: edge `edgeStarts[g] + e` has `edgeKeys[g][e]`. Both messages of an undirected
   * edge have its key. Undefined unless known.
   */
  readonly edgeKeys: readonly (readonly string[])[] | undefined;
}

/** An array that `slice` copies a part of: a typed array, or a list. */
export interface Sliceable<Values> {
  /** Count of values. */
  readonly length: number;
  /** A copy of the values from `start` up to but not including `end`. */
  slice(start: number, end: number): Values;
}

/**
 * What the nodes of each graph have, graph by graph: of a tensor `[nodes, ...]` tensors `[nodes of the graph, ...]`, through which gradients
 * flow; of an array of `nodes * width` values, row after row, copies of its parts.
 *
 * @throws ShapeError `shapes-differ` unless `x` has as many values for each node.
 */
export function splitNodes(batch: GraphBatch, x: Tensor): Tensor[];
export function splitNodes<Values extends Sliceable<Values>>(batch: GraphBatch, x: Values): Values[];
export function splitNodes<Values extends Sliceable<Values>>(
  batch: GraphBatch,
  x: Tensor | Values,
): (Tensor | Values)[] {
  return split("splitNodes", "nodes", batch.nodeStarts, x);
}

/**
 * What the edges of each graph have, graph by graph, in the order of `edgeKeys`: as {@link splitNodes}, of a tensor `[edges, ...]` such as the
 * weights of attention over the batch's neighborhood, or of an array.
 *
 * @throws ShapeError `shapes-differ` unless `x` has as many values for each edge.
 */
export function splitEdges(batch: GraphBatch, x: Tensor): Tensor[];
export function splitEdges<Values extends Sliceable<Values>>(batch: GraphBatch, x: Values): Values[];
export function splitEdges<Values extends Sliceable<Values>>(
  batch: GraphBatch,
  x: Tensor | Values,
): (Tensor | Values)[] {
  return split("splitEdges", "edges", batch.edgeStarts, x);
}

function split<Values extends Sliceable<Values>>(
  where: string,
  what: string,
  starts: Uint32Array,
  x: Tensor | Values,
): (Tensor | Values)[] {
  const total = starts.at(-1) ?? 0;
  const graphs = Array.from({ length: starts.length - 1 }, (_, g) => [starts[g]!, starts[g + 1]!] as const);
  if (x instanceof Tensor) {
    if (x.shape[0] !== total) {
      throw new ShapeError(
        "shapes-differ",
        `${where}: got a tensor of shape [${x.shape.join(", ")}]; expected ${total} rows, one for each of the batch's ${what}.`,
      );
    }
    return graphs.map(([first, end]) => slice(x, 0, first, end));
  }
  const width = total === 0 ? 0 : x.length / total;
  if (!Number.isInteger(width) || x.length !== width * total) {
    throw new ShapeError(
      "shapes-differ",
      `${where}: got ${x.length} values; expected as many for each of the batch's ${total} ${what}.`,
    );
  }
  return graphs.map(([first, end]) => x.slice(first * width, end * width));
}
