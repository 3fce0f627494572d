import {
  checkFeatureMatrix,
  checkOptionNames,
  DataError,
  type DenseMatrix,
  type FeatureMatrix,
  OptionError,
  SparseNeighborhood,
} from "@vicinal/core";
import type { Edges } from "../convert/edge-list.ts";

/** What is known of a graph's nodes and edges. */
export interface GraphData {
  /** `[nodes, width]`: one row a node. All graphs have them, of one width, or none; without rows they may be left out. */
  readonly features?: FeatureMatrix | undefined;
  /**
   * `[nodes, width]`: where each node stands, such as from `laplacianEncoding`. Kept apart from the features, because signs are flipped in
   * training (`flipSigns`). All graphs have them, of one width, or none.
   */
  readonly encodings?: DenseMatrix | undefined;
  /** `[edges, width]`, in the order of the edge list. All graphs have them, of one width, or none; without rows they may be left out. */
  readonly edgeFeatures?: DenseMatrix | undefined;
  /** The key of each node. */
  readonly nodeKeys?: readonly string[] | undefined;
  /** The key of each edge, in the order of the edge list. */
  readonly edgeKeys?: readonly string[] | undefined;
}

/** A graph whose neighborhood is made already. */
export interface NeighborhoodParts extends GraphData {
  /** Who attends to whom among the graph's nodes, as many senders as receivers. */
  readonly neighborhood: SparseNeighborhood;
  /** A graph is either a neighborhood or an edge list. */
  readonly nodes?: never;
  /** A graph is either a neighborhood or an edge list. */
  readonly edges?: never;
}

/** A graph as an edge list. */
export interface EdgeListParts extends GraphData {
  /** Count of nodes, numbered from 0. */
  readonly nodes: number;
  /** Each edge is one message, from source to target: an undirected edge stands in the list in both directions. */
  readonly edges: Edges;
  /** A graph is either a neighborhood or an edge list. */
  readonly neighborhood?: never;
}

/** A graph as typed arrays. */
export type GraphParts = NeighborhoodParts | EdgeListParts;

/** A graph that has been checked, its edges in the order of the positions of its neighborhood. */
export interface CheckedGraph {
  readonly neighborhood: SparseNeighborhood;
  readonly features: FeatureMatrix | undefined;
  readonly encodings: DenseMatrix | undefined;
  /** By position. */
  readonly edgeFeatures: DenseMatrix | undefined;
  readonly nodeKeys: readonly string[] | undefined;
  /** By position. */
  readonly edgeKeys: readonly string[] | undefined;
}

const partNames = ["neighborhood", "nodes", "edges", "features", "encodings", "edgeFeatures", "nodeKeys", "edgeKeys"];

/**
 * Refuses a graph whose parts do not fit each other.
 *
 * @throws DataError `wrong-length`, `index-out-of-range`, `not-finite`, `not-a-graph`; OptionError `unknown-option`, `out-of-range`. All name the
 * graph.
 */
export function checkedParts(where: string, parts: GraphParts): CheckedGraph {
  checkOptionNames(where, parts, partNames);
  const neighborhood = neighborhoodOfParts(where, parts);
  const { features, encodings, edgeFeatures, nodeKeys, edgeKeys } = parts;
  const { receivers: nodes, edges } = neighborhood;
  for (const [what, matrix, rows] of [
    ["features", features, nodes],
    ["encodings", encodings, nodes],
    ["edgeFeatures", edgeFeatures, edges],
  ] as const) {
    if (matrix === undefined) continue;
    expectCount(where, `rows of ${what}`, matrix.rows, rows);
    checkFeatureMatrix(`${where}, ${what}`, matrix);
  }
  if (nodeKeys !== undefined) expectCount(where, "nodeKeys", nodeKeys.length, nodes);
  if (edgeKeys !== undefined) expectCount(where, "edgeKeys", edgeKeys.length, edges);
  return {
    neighborhood,
    features,
    encodings,
    edgeFeatures: edgeFeatures && inPositions(edgeFeatures, neighborhood.edgeOf),
    nodeKeys,
    edgeKeys: edgeKeys && Array.from(neighborhood.edgeOf, (edge) => edgeKeys[edge]!),
  };
}

function neighborhoodOfParts(where: string, { neighborhood, nodes, edges }: GraphParts): SparseNeighborhood {
  if (neighborhood !== undefined) return checkedNeighborhood(where, neighborhood);
  if (nodes === undefined || edges === undefined) {
    throw new DataError(
      "not-a-graph",
      `${where}: got neither a neighborhood nor edges; expected \`neighborhood\`, or \`nodes\` and \`edges\`.`,
    );
  }
  if (!(Number.isSafeInteger(nodes) && nodes >= 0)) {
    throw new OptionError("out-of-range", `${where}: got ${nodes} nodes; expected a whole number from 0.`);
  }
  const { sources, targets } = edges;
  expectCount(where, "targets", targets.length, sources.length);
  for (let e = 0; e < sources.length; e++) {
    if (sources[e]! < nodes && targets[e]! < nodes) continue;
    throw new DataError(
      "index-out-of-range",
      `${where}: edge ${e} joins the nodes ${sources[e]} and ${targets[e]}; expected numbers below ${nodes}, the count of nodes.`,
    );
  }
  return SparseNeighborhood.fromEdgeList({
    senders: sources,
    receivers: targets,
    senderCount: nodes,
    receiverCount: nodes,
  });
}

function checkedNeighborhood(where: string, neighborhood: SparseNeighborhood): SparseNeighborhood {
  const { receivers, senders, edges, edgeOf } = neighborhood;
  expectCount(where, "senders", senders, receivers);
  for (const edge of edgeOf) {
    if (edge < edges) continue;
    throw new DataError(
      "index-out-of-range",
      `${where}: got an edge numbered ${edge}; expected numbers below ${edges}, the count of edges. Make the neighborhood of a part of a graph ` +
        "by itself, not as rows of a whole.",
    );
  }
  return neighborhood;
}

function expectCount(where: string, what: string, got: number, expected: number): void {
  if (got === expected) return;
  throw new DataError("wrong-length", `${where}: got ${got} ${what}; expected ${expected}.`);
}

/** Rows by edge number as rows by position. */
function inPositions(matrix: DenseMatrix, edgeOf: Uint32Array): DenseMatrix {
  if (edgeOf.every((edge, position) => edge === position)) return matrix;
  const { columns, values } = matrix;
  const moved = new Float32Array(values.length);
  for (let p = 0; p < edgeOf.length; p++) {
    const from = edgeOf[p]! * columns;
    for (let c = 0; c < columns; c++) moved[p * columns + c] = values[from + c]!;
  }
  return { ...matrix, values: moved };
}
