import { checkOptionNames, type DenseMatrix, type SparseNeighborhood } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "../convert/check-graph.ts";
import { assignRows, checkWhole, type GraphSource, squareNeighborhood } from "./graph-source.ts";

/** Options of {@link randomWalkEncoding}. */
export interface RandomWalkEncodingOptions {
  /** Count of steps of the longest walk, the columns. */
  readonly walkLength: number;
}

/** Options of {@link randomWalkEncoding.assign}. */
export interface AssignRandomWalkEncodingOptions extends RandomWalkEncodingOptions {
  /** The node attribute to write to. Default `"randomWalkEncoding"`. */
  readonly nodeEncodingAttribute?: string;
}

/** Walks that are followed at once: their numbers for a node fill a few cache lines. */
const BLOCK = 32;

/**
 * How likely a random walk is back where it started after 1, 2, … `walkLength` steps: the diagonals of the powers of `RW = D^-1 A` (Dwivedi et al., "Graph
 * Neural Networks with Learnable Structural and Positional Representations", ICLR 2022). `[nodes, walkLength]`; as PyTorch Geometric's
 * `AddRandomWalkPE`.
 *
 * A walk leaves a node along each of its edges with the same probability, from source to target where edges have a direction; parallel edges
 * count each, a self-loop is an edge. At a node that no edge leaves the walk ends.
 *
 * Exact, in time that grows with nodes x edges x walkLength (half of that where every edge has its reverse) and memory that grows with the nodes: a
 * few seconds for 10,000 nodes.
 *
 * @throws OptionError `unknown-option`, `out-of-range`; ShapeError `shapes-differ`; DataError `not-a-graph`.
 */
export function randomWalkEncoding(of: GraphSource, options: RandomWalkEncodingOptions): DenseMatrix {
  checkOptionNames("randomWalkEncoding", options, ["walkLength"]);
  const { walkLength } = options;
  checkWhole("randomWalkEncoding", "the walkLength", walkLength);
  const neighborhood = squareNeighborhood("randomWalkEncoding", of);
  const { receivers: nodes } = neighborhood;
  const values = new Float32Array(nodes * walkLength);
  const fill = isSymmetric(neighborhood) ? returnsOfSymmetric : returns;
  for (let first = 0; first < nodes; first += BLOCK) {
    fill(neighborhood, first, Math.min(BLOCK, nodes - first), walkLength, values);
  }
  return { kind: "dense", rows: nodes, columns: walkLength, values };
}

/** {@link randomWalkEncoding}, writing the numbers of each node to an attribute, as an array. */
randomWalkEncoding.assign = (graph: AbstractGraph, options: AssignRandomWalkEncodingOptions): void => {
  checkGraph("randomWalkEncoding.assign", graph);
  checkOptionNames("randomWalkEncoding.assign", options, ["walkLength", "nodeEncodingAttribute"]);
  const { nodeEncodingAttribute = "randomWalkEncoding", ...rest } = options;
  assignRows("randomWalkEncoding.assign", graph, nodeEncodingAttribute, randomWalkEncoding(graph, rest));
};

/** Whether there are as many messages from j to i as from i to j, for any two nodes. */
function isSymmetric({ offsets, senderOf, transposed, receivers }: SparseNeighborhood): boolean {
  for (let i = 0; i < receivers; i++) {
    const [start, end] = [offsets[i]!, offsets[i + 1]!];
    if (transposed.offsets[i] !== start || transposed.offsets[i + 1] !== end) return false;
    const senders = senderOf.slice(start, end).sort();
    const receiversOf = transposed.receivers.slice(start, end).sort();
    if (senders.some((sender, k) => sender !== receiversOf[k])) return false;
  }
  return true;
}

type Returns = (
  neighborhood: SparseNeighborhood,
  first: number,
  width: number,
  walkLength: number,
  values: Float32Array,
) => void;

/** Of the walks from the nodes `first` to `first + width - 1`: where each is after each step, and how much of it is back. */
const returns: Returns = (neighborhood, first, width, walkLength, values) => {
  const { receivers: nodes, transposed } = neighborhood;
  const shares = new Float64Array(nodes).map((_, j) => share(transposed.offsets[j + 1]! - transposed.offsets[j]!));
  let [where, next] = startsOf(nodes, first, width);
  for (let step = 0; step < walkLength; step++) {
    walk(neighborhood, where, next, width, (sender) => shares[sender]!);
    [where, next] = [next, where];
    for (let k = 0; k < width; k++) values[(first + k) * walkLength + step] = where[(first + k) * width + k]!;
  }
};

/**
 * Where every edge has its reverse, `RW` is similar to the symmetric `S = D^-1/2 A D^-1/2`, and the diagonal of a power follows from half as many
 * steps: `(S^(a + b))_ii` is the inner product of the columns i of `S^a` and `S^b`.
 */
const returnsOfSymmetric: Returns = (neighborhood, first, width, walkLength, values) => {
  const { receivers: nodes, offsets } = neighborhood;
  const roots = new Float64Array(nodes).map((_, i) => Math.sqrt(share(offsets[i + 1]! - offsets[i]!)));
  let [where, next] = startsOf(nodes, first, width);
  for (let length = 1; length <= walkLength; length += 2) {
    walk(neighborhood, where, next, width, (sender, receiver) => roots[sender]! * roots[receiver]!);
    writeProducts(where, next, first, width, walkLength, length, values);
    if (length < walkLength) writeProducts(next, next, first, width, walkLength, length + 1, values);
    [where, next] = [next, where];
  }
};

function share(degree: number): number {
  return degree === 0 ? 0 : 1 / degree;
}

/** Each walk at its start, `[nodes, width]`, and room for the next step. */
function startsOf(nodes: number, first: number, width: number): [where: Float64Array, next: Float64Array] {
  const where = new Float64Array(nodes * width);
  for (let k = 0; k < width; k++) where[(first + k) * width + k] = 1;
  return [where, new Float64Array(nodes * width)];
}

function walk(
  { receivers: nodes, offsets, senderOf }: SparseNeighborhood,
  from: Float64Array,
  to: Float64Array,
  width: number,
  weight: (sender: number, receiver: number) => number,
): void {
  to.fill(0);
  for (let i = 0; i < nodes; i++) {
    const row = i * width;
    for (let p = offsets[i]!; p < offsets[i + 1]!; p++) {
      const [at, value] = [senderOf[p]! * width, weight(senderOf[p]!, i)];
      for (let k = 0; k < width; k++) to[row + k]! += value * from[at + k]!;
    }
  }
}

function writeProducts(
  a: Float64Array,
  b: Float64Array,
  first: number,
  width: number,
  walkLength: number,
  length: number,
  values: Float32Array,
): void {
  const sums = new Float64Array(width);
  for (let at = 0; at < a.length; at += width) {
    for (let k = 0; k < width; k++) sums[k]! += a[at + k]! * b[at + k]!;
  }
  for (let k = 0; k < width; k++) values[(first + k) * walkLength + length - 1] = sums[k]!;
}
