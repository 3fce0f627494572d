import { DataError, type DenseMatrix, type FeatureMatrix, SparseNeighborhood } from "@vicinal/core";
import type { GraphBatch } from "./graph-batch.ts";
import { type CheckedGraph, checkedParts, type GraphParts } from "./graph-parts.ts";
import { type RowBlocks, type StackedRows, stackDenseRows, stackRows } from "./stacked-rows.ts";

/**
 * Many graphs as typed arrays, converted once: batches of them are copied together from blocks of these arrays, which takes a small part of the
 * time of a training step.
 */
export class GraphCollection {
  /** Count of graphs. */
  readonly size: number;
  /** Width of the nodes' features; undefined without. */
  readonly featureWidth: number | undefined;
  /** Width of the nodes' encodings; undefined without. */
  readonly encodingWidth: number | undefined;
  /** Width of the edges' features; undefined without. */
  readonly edgeFeatureWidth: number | undefined;

  /** `[size + 1]`. */
  readonly #nodeStarts: Uint32Array;
  /** `[size + 1]`. */
  readonly #edgeStarts: Uint32Array;
  /** `[all nodes + 1]`: the row starts of all neighborhoods, one after the other. */
  readonly #offsets: Uint32Array;
  /** `[all edges]`: the sender of each edge, numbered within its graph. */
  readonly #senderOf: Uint32Array;
  /** `[all edges]`. */
  readonly #edgeInGraph: Uint32Array;
  readonly #features: StackedRows<FeatureMatrix> | undefined;
  readonly #encodings: StackedRows<DenseMatrix> | undefined;
  readonly #edgeFeatures: StackedRows<DenseMatrix> | undefined;
  readonly #nodeKeys: readonly (readonly string[])[] | undefined;
  readonly #edgeKeys: readonly (readonly string[])[] | undefined;

  /**
   * @param graphs Their arrays are copied.
   * @throws DataError `no-graphs`; `wrong-length`, `index-out-of-range`, `not-finite`, `not-a-graph`, `missing-features`, `mixed-widths`, and
   * OptionError `unknown-option`, `out-of-range`, all naming the graph by its place in the list.
   */
  constructor(graphs: readonly GraphParts[]) {
    const where = "GraphCollection";
    if (graphs.length === 0) throw new DataError("no-graphs", `${where}: got no graphs; expected at least one.`);
    const checked = graphs.map((parts, graph) => checkedParts(`${where}: graph ${graph}`, parts));
    const column = <Name extends keyof CheckedGraph>(name: Name) => checked.map((graph) => graph[name]);
    this.size = graphs.length;
    const nodeCounts = checked.map(({ neighborhood }) => neighborhood.receivers);
    const edgeCounts = checked.map(({ neighborhood }) => neighborhood.edges);
    this.#nodeStarts = startsOf(nodeCounts);
    this.#edgeStarts = startsOf(edgeCounts);
    this.#offsets = new Uint32Array(this.#nodeStarts[this.size]! + 1);
    this.#senderOf = new Uint32Array(this.#edgeStarts[this.size]!);
    this.#edgeInGraph = new Uint32Array(this.#edgeStarts[this.size]!);
    for (const [graph, { neighborhood }] of checked.entries()) {
      const [node, edge] = [this.#nodeStarts[graph]!, this.#edgeStarts[graph]!];
      for (let i = 1; i <= neighborhood.receivers; i++) this.#offsets[node + i] = edge + neighborhood.offsets[i]!;
      this.#senderOf.set(neighborhood.senderOf, edge);
      this.#edgeInGraph.set(neighborhood.edgeOf, edge);
    }
    this.#features = stackRows(where, "features", column("features"), nodeCounts);
    this.#encodings = stackDenseRows(where, "encodings", column("encodings"), nodeCounts);
    this.#edgeFeatures = stackDenseRows(where, "edgeFeatures", column("edgeFeatures"), edgeCounts);
    this.#nodeKeys = allOrNone(column("nodeKeys"));
    this.#edgeKeys = allOrNone(column("edgeKeys"));
    this.featureWidth = this.#features?.columns;
    this.encodingWidth = this.#encodings?.columns;
    this.edgeFeatureWidth = this.#edgeFeatures?.columns;
  }

  /**
   * Some of the graphs as one, in the order named. A graph may be named more than once.
   *
   * @param members The numbers of the graphs, any count of them. Default: all.
   * @throws DataError `index-out-of-range` for a number that is not that of a graph.
   */
  batch(members: ArrayLike<number> = new Uint32Array(this.size).map((_, graph) => graph)): GraphBatch {
    this.checkMembers("GraphCollection.batch", members);
    const chosen = Uint32Array.from(members);
    const nodes = blocksOf(this.#nodeStarts, chosen);
    const edges = blocksOf(this.#edgeStarts, chosen);
    const nodeStarts = startsOf(nodes.counts);
    const edgeStarts = startsOf(edges.counts);
    const graphOf = new Uint32Array(nodes.total);
    const edgeInGraph = new Uint32Array(edges.total);
    const offsets = new Uint32Array(nodes.total + 1);
    const senderOf = new Uint32Array(edges.total);
    for (let g = 0; g < chosen.length; g++) {
      const [node, edge] = [nodeStarts[g]!, edgeStarts[g]!];
      const [fromNode, fromEdge] = [nodes.starts[g]!, edges.starts[g]!];
      for (let i = 0; i < nodes.counts[g]!; i++) {
        graphOf[node + i] = g;
        offsets[node + i + 1] = this.#offsets[fromNode + i + 1]! - fromEdge + edge;
      }
      for (let e = 0; e < edges.counts[g]!; e++) {
        senderOf[edge + e] = this.#senderOf[fromEdge + e]! + node;
        edgeInGraph[edge + e] = this.#edgeInGraph[fromEdge + e]!;
      }
    }
    return {
      graphs: chosen.length,
      members: chosen,
      neighborhood: SparseNeighborhood.fromRows({ offsets, senderOf, senders: nodes.total }),
      features: this.#features?.take(nodes),
      encodings: this.#encodings?.take(nodes),
      edgeFeatures: this.#edgeFeatures?.take(edges),
      graphOf,
      nodeCounts: nodes.counts,
      nodeStarts,
      edgeCounts: edges.counts,
      edgeStarts,
      edgeInGraph,
      nodeKeys: this.#nodeKeys && Array.from(chosen, (member) => this.#nodeKeys?.[member] ?? []),
      edgeKeys: this.#edgeKeys && Array.from(chosen, (member) => this.#edgeKeys?.[member] ?? []),
    };
  }

  /**
   * @internal
   * @throws DataError `index-out-of-range` for a number that is not that of a graph.
   */
  checkMembers(where: string, members: ArrayLike<number>): void {
    for (let g = 0; g < members.length; g++) {
      const member = members[g]!;
      if (Number.isInteger(member) && member >= 0 && member < this.size) continue;
      throw new DataError(
        "index-out-of-range",
        `${where}: got the graph ${member}; expected whole numbers from 0, below ${this.size}, the count of graphs.`,
      );
    }
  }
}

function startsOf(counts: ArrayLike<number>): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  for (let k = 0; k < counts.length; k++) starts[k + 1] = starts[k]! + counts[k]!;
  return starts;
}

function blocksOf(allStarts: Uint32Array, members: Uint32Array): RowBlocks {
  const starts = members.map((member) => allStarts[member]!);
  const counts = members.map((member) => allStarts[member + 1]! - allStarts[member]!);
  return { starts, counts, total: counts.reduce((total, count) => total + count, 0) };
}

/** Keys of every graph; undefined when those of one are not known. */
function allOrNone(keys: readonly (readonly string[] | undefined)[]): readonly (readonly string[])[] | undefined {
  const known = keys.filter((each) => each !== undefined);
  return known.length === keys.length ? known : undefined;
}
