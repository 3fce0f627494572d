import { checkOptionNames, OptionError, Random, type SparseNeighborhood } from "@vicinal/core";
import { checkCount, checkSameNodes } from "../check-sampling.ts";
import { growParts } from "./grow-parts.ts";
import { type SpreadBounds, spreadLabels } from "./spread-labels.ts";
import { contract, undirectedGraph, type WeightedGraph } from "./weighted-graph.ts";

/** Options of {@link partitionNodes}. */
export interface PartitionOptions {
  /** Count of clusters. */
  readonly clusters: number;
  /** By what share of an equal part a cluster may be larger than that, and usually smaller. Default 0.05. */
  readonly imbalance?: number;
  /** What is drawn from. Default seed 0. */
  readonly random?: Random;
}

/** Coarsening ends when there are about so many nodes for each cluster. */
const nodesPerCluster = 20;

/** Coarsening ends when it leaves more than this share of the nodes. */
const leastShrinking = 0.95;

/** Passes over the nodes at each level. */
const rounds = 6;

/**
 * Cuts a graph into clusters of about equal size with few edges between them: what `clusterBatches` takes. The directions of edges
 * do not count.
 *
 * A multilevel method, as METIS is: label propagation under a bound on sizes makes the graph smaller again and again, parts are grown on the
 * smallest, and on the way back nodes move to the cluster of most of their neighbors while there is room (Meyerhenke, Sanders and Schulz,
 * "Partitioning Complex Networks via Size-Constrained Clustering", SEA 2014). Time and memory in proportion to the edges; the same seed gives
 * the same clusters.
 *
 * @returns `[nodes]`, the cluster of each node: a number below `clusters`. No cluster has more nodes than `(1 + imbalance) * nodes / clusters`, or
 * than an equal part rounded up where that is more.
 * @throws OptionError `unknown-option`, `out-of-range`; ShapeError `shapes-differ` unless senders and receivers are the same nodes.
 */
export function partitionNodes(neighborhood: SparseNeighborhood, options: PartitionOptions): Uint32Array {
  checkOptionNames("partitionNodes", options, ["clusters", "imbalance", "random"]);
  checkSameNodes("partitionNodes", neighborhood);
  const { clusters, imbalance = 0.05, random = new Random(0) } = options;
  checkCount("partitionNodes", "clusters", clusters);
  if (!(imbalance >= 0 && imbalance < Number.POSITIVE_INFINITY)) {
    throw new OptionError(
      "out-of-range",
      `partitionNodes: got an imbalance of ${imbalance}; expected a finite number from 0.`,
    );
  }
  const nodes = neighborhood.receivers;
  const capacity = Math.max(Math.ceil(nodes / clusters), Math.floor(((1 + imbalance) * nodes) / clusters));
  // What is larger could not be placed wherever there is room for an equal part.
  const largestNode = Math.max(1, Math.floor((imbalance * nodes) / clusters));
  const levels = coarsen(undirectedGraph(neighborhood), clusters, largestNode, random);
  const least = Math.max(1, ((1 - imbalance) * nodes) / clusters);
  const bounds: SpreadBounds = { capacity, least, rounds, random };
  let labels: Uint32Array | undefined;
  for (const { graph, coarser } of levels.reverse()) {
    const above: Uint32Array | undefined = labels;
    labels = above === undefined ? growParts(graph, clusters, capacity, random) : coarser.map((node) => above[node]!);
    spreadLabels(graph, labels, clusters, bounds);
  }
  return labels!;
}

/** A graph, and the number of each of its nodes in the next smaller one. */
interface Level {
  readonly graph: WeightedGraph;
  readonly coarser: Uint32Array;
}

/** Ever smaller graphs, the first one the largest. */
function coarsen(whole: WeightedGraph, clusters: number, largestNode: number, random: Random): Level[] {
  const levels: Level[] = [];
  let graph = whole;
  while (graph.nodes > nodesPerCluster * clusters) {
    const labels = Uint32Array.from({ length: graph.nodes }, (_, node) => node);
    spreadLabels(graph, labels, graph.nodes, { capacity: largestNode, rounds, least: 0, random });
    const count = renumber(labels);
    if (count > leastShrinking * graph.nodes) break;
    levels.push({ graph, coarser: labels });
    graph = contract(graph, labels, count);
  }
  levels.push({ graph, coarser: new Uint32Array(0) });
  return levels;
}

/** Numbers the labels in use from 0, in place. Returns their count. */
function renumber(labels: Uint32Array): number {
  const numbers = new Map<number, number>();
  for (let node = 0; node < labels.length; node++) {
    const label = labels[node]!;
    let number = numbers.get(label);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(label, number);
    }
    labels[node] = number;
  }
  return numbers.size;
}
