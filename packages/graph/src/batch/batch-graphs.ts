import { checkOptionNames, DataError, OptionError, type Random } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import type { FeatureEncoder } from "../convert/features.ts";
import type { GraphBatch } from "./graph-batch.ts";
import { GraphCollection } from "./graph-collection.ts";
import type { GraphParts } from "./graph-parts.ts";
import { type ConvertGraphsOptions, graphsToParts } from "./graphs-to-parts.ts";

/** Converted graphology graphs. */
export interface ConvertedCollection {
  /** The graphs as typed arrays, in the order given. */
  readonly collection: GraphCollection;
  /** Converts the features of other graphs in the same way; undefined without features. */
  readonly encoder: FeatureEncoder | undefined;
}

/**
 * Converts graphology graphs of any type once, to be batched many times. The neighborhood of each is that of `neighborhoodOf`; graphs are not
 * changed.
 *
 * @throws DataError `no-graphs`; `not-a-graph`, `mixed-widths` and `missing-features` naming the graph, and as `nodeFeatures`, where a node is named
 * by the number of its graph and its key, `3/alice`; OptionError `unknown-option`.
 */
export function graphCollection(
  graphs: readonly AbstractGraph[],
  options: ConvertGraphsOptions = {},
): ConvertedCollection {
  const { parts, encoder } = graphsToParts("graphCollection", graphs, options);
  return { collection: new GraphCollection(parts), encoder };
}

/**
 * Many graphs as one, without padding: graphology graphs with their options, or typed arrays.
 *
 * ```ts
 * const batch = batchGraphs([ethanol, benzene], { features: ["element", "charge"], edgeFeatures: "bondOrder" });
 * const perGraph = readout.forward(layer.forward(x, batch.neighborhood), batch);
 * ```
 *
 * To batch the same graphs many times convert them once: {@link graphCollection}, `new GraphCollection(parts)` and {@link graphBatches}.
 *
 * @throws As {@link graphCollection}, and as `GraphCollection` for typed arrays; DataError `mixed-graphs` for some of each.
 */
export function batchGraphs(graphs: readonly GraphParts[]): GraphBatch;
export function batchGraphs(graphs: readonly AbstractGraph[], options?: ConvertGraphsOptions): GraphBatch;
export function batchGraphs(
  graphs: readonly (AbstractGraph | GraphParts)[],
  options: ConvertGraphsOptions = {},
): GraphBatch {
  const parts = graphs.filter(isParts);
  if (parts.length === 0) {
    return new GraphCollection(graphsToParts("batchGraphs", graphs.filter(isGraph), options).parts).batch();
  }
  const other = graphs.findIndex(isGraph);
  if (other !== -1) {
    throw new DataError(
      "mixed-graphs",
      `batchGraphs: got typed arrays, and graph ${other} is none; expected graphology graphs only or typed arrays only.`,
    );
  }
  checkOptionNames("batchGraphs of typed arrays", options, []);
  return new GraphCollection(parts).batch();
}

/** Options of {@link graphBatches}. */
export interface GraphBatchesOptions {
  /** Count of graphs in a batch; the last may have fewer. */
  readonly size: number;
  /** Puts the graphs into a random order, another in each call. Default: in their order. */
  readonly random?: Random | undefined;
  /** The numbers of the graphs to go through, any count of them, such as those to train on. Default: all. */
  readonly members?: ArrayLike<number> | undefined;
  /** Whether a last batch with fewer graphs is left out. Default false. */
  readonly dropLast?: boolean;
}

/**
 * Goes once through the graphs of a collection, batch by batch: one epoch. Batches are made when they are asked for. What `batch.members` names
 * tells which targets belong to a batch.
 *
 * @throws OptionError `unknown-option`, or `out-of-range` for a size that is not a whole number above 0; DataError `index-out-of-range` for a member
 * that is not there.
 */
export function graphBatches(
  collection: GraphCollection,
  options: GraphBatchesOptions,
): Generator<GraphBatch, void, undefined> {
  checkOptionNames("graphBatches", options, ["size", "random", "members", "dropLast"]);
  const { size, random, members, dropLast = false } = options;
  if (!(Number.isSafeInteger(size) && size > 0)) {
    throw new OptionError("out-of-range", `graphBatches: got the size ${size}; expected a whole number above 0.`);
  }
  const order = members === undefined ? Array.from({ length: collection.size }, (_, k) => k) : Array.from(members);
  collection.checkMembers("graphBatches", order);
  random?.shuffle(order);
  const end = dropLast ? order.length - (order.length % size) : order.length;
  return inTurn(collection, order.slice(0, end), size);
}

function* inTurn(
  collection: GraphCollection,
  order: readonly number[],
  size: number,
): Generator<GraphBatch, void, undefined> {
  for (let start = 0; start < order.length; start += size) yield collection.batch(order.slice(start, start + size));
}

function isGraph(graph: AbstractGraph | GraphParts): graph is AbstractGraph {
  return !isParts(graph);
}

function isParts(graph: AbstractGraph | GraphParts): graph is GraphParts {
  return (
    typeof graph === "object" &&
    graph !== null &&
    ("edges" in graph ? typeof graph.edges === "object" : "neighborhood" in graph)
  );
}
