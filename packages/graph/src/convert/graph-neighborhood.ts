import { checkOptionNames, DataError, SparseNeighborhood } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "./check-graph.ts";
import type { EdgeGetter } from "./getter.ts";

/** A graph as attention sees it, with the way back to the graph's keys. */
export interface GraphNeighborhood {
  /** Each node attends to the nodes that send it a message. Self-loops that the graph does not have are not added. */
  readonly neighborhood: SparseNeighborhood;
  /** The key of each node, in the graph's order. */
  readonly nodes: readonly string[];
  /** The number of each node key. */
  readonly indexOf: ReadonlyMap<string, number>;
  /**
   * The key of the edge that each message stands for: the message at position `p` of the neighborhood is number
   * `neighborhood.edgeOf[p]`, its edge `edgeKeys[neighborhood.edgeOf[p]]`. Both messages of an undirected edge have its key.
   */
  readonly edgeKeys: readonly string[];
  /** `[messages]`, the weight of each message in the order of `edgeKeys`; undefined unless weights were asked for. */
  readonly weights: Float32Array | undefined;
}

/** Options of {@link neighborhoodOf}. */
export interface GraphNeighborhoodOptions {
  /** The weight of an edge. Default: none. */
  readonly weight?: EdgeGetter<number>;
}

/**
 * Who attends to whom in a graphology graph of any type:
 *
 * - a directed edge is one message, from its source to its target: the target attends to the source;
 * - an undirected edge is two messages, and both ends attend to each other; they are numbered one after the other;
 * - a self-loop, directed or not, is one message;
 * - parallel edges stay parallel: each is a message of its own.
 *
 * Nodes and edges are numbered in the order in which the graph iterates over them. The graph is not changed.
 *
 * @throws DataError `not-a-graph`; `missing-weight`, `wrong-type` or `not-finite` naming the edge whose weight cannot be used.
 * @throws OptionError `unknown-option`.
 */
export function neighborhoodOf(graph: AbstractGraph, options: GraphNeighborhoodOptions = {}): GraphNeighborhood {
  checkGraph("neighborhoodOf", graph);
  checkOptionNames("neighborhoodOf", options, ["weight"]);
  const { weight } = options;

  const nodes: string[] = [];
  const indexOf = new Map<string, number>();
  graph.forEachNode((node) => {
    indexOf.set(node, nodes.length);
    nodes.push(node);
  });

  const senders = new Uint32Array(2 * graph.size);
  const receivers = new Uint32Array(2 * graph.size);
  const weights = weight === undefined ? undefined : new Float32Array(2 * graph.size);
  const edgeKeys: string[] = [];
  graph.forEachEdge((edge, attributes, source, target, _sourceAttributes, _targetAttributes, undirected) => {
    const from = indexOf.get(source)!;
    const to = indexOf.get(target)!;
    const messages = undirected && from !== to ? 2 : 1;
    const value = weight === undefined ? 0 : checkedWeight(weight, edge, attributes, source, target);
    for (let m = 0; m < messages; m++) {
      const message = edgeKeys.length;
      senders[message] = m === 0 ? from : to;
      receivers[message] = m === 0 ? to : from;
      if (weights !== undefined) weights[message] = value;
      edgeKeys.push(edge);
    }
  });

  const neighborhood = SparseNeighborhood.fromEdgeList({
    senders: senders.subarray(0, edgeKeys.length),
    receivers: receivers.subarray(0, edgeKeys.length),
    senderCount: nodes.length,
    receiverCount: nodes.length,
  });
  return { neighborhood, nodes, indexOf, edgeKeys, weights: weights?.slice(0, edgeKeys.length) };
}

function checkedWeight(
  getter: EdgeGetter<number>,
  edge: string,
  attributes: Readonly<Record<string, unknown>>,
  source: string,
  target: string,
): number {
  const weight: unknown = typeof getter === "string" ? attributes[getter] : getter(edge, attributes, source, target);
  // A weight is kept in 32 bits, where numbers beyond 3.4e38 are infinite.
  if (typeof weight === "number" && Number.isFinite(Math.fround(weight))) return weight;
  const what = typeof getter === "string" ? `the attribute "${getter}"` : "a weight from the getter";
  const which = `neighborhoodOf: the edge "${edge}" from "${source}" to "${target}"`;
  if (weight === undefined || weight === null) {
    throw new DataError(
      "missing-weight",
      `${which} lacks ${what}; expected a finite number on every edge. Give each edge a weight, or pass a getter with a default.`,
    );
  }
  if (typeof weight !== "number") {
    throw new DataError(
      "wrong-type",
      `${which} has ${what} of type ${typeof weight}; expected a finite number. Convert it, or pass a getter that does.`,
    );
  }
  throw new DataError(
    "not-finite",
    `${which} has ${what} of ${weight}; expected a finite number in the range of float32. Replace it before training.`,
  );
}
