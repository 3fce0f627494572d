import {
  concatenate,
  type Engine,
  full,
  type Grouping,
  maximum,
  multiply,
  reciprocal,
  reshape,
  type SparseNeighborhood,
  segmentSum,
  sqrt,
  step,
  type Tensor,
  tensor,
  weightedSum,
} from "@vicinal/core";
import { neighborSum } from "./neighbor-sums.ts";
import { withSelfLoops } from "./self-loops.ts";

/** Degrees below it count as 0: the smallest number that float32 divides by. */
const smallestDegree = 1e-37;

const scales = new WeakMap<SparseNeighborhood, Float64Array>();

/**
 * `1 / sqrt(d_i)` for every node, `[nodes, 1]`, where `d_i` is how much the edges that arrive at it count together; 0 where nothing counts.
 *
 * @param weights `[edges]`, in the order of the neighborhood's positions; undefined where each counts 1.
 */
export function inverseRootDegrees(edges: SparseNeighborhood, weights: Tensor | undefined, engine: Engine): Tensor {
  if (weights === undefined) return tensor(constantScales(edges), [edges.receivers, 1], { engine });
  const degrees = segmentSum(reshape(weights, [edges.edges, 1]), { offsets: edges.offsets, permutation: undefined });
  // The maximum is taken before the root, whose slope at 0 is infinite.
  const scale = reciprocal(sqrt(maximum(degrees, full([1, 1], smallestDegree, { engine }))));
  return multiply(scale, step(degrees));
}

/** Those of edges that each count 1: computed once for a neighborhood. */
function constantScales(edges: SparseNeighborhood): Float64Array {
  let result = scales.get(edges);
  if (result === undefined) {
    const { offsets, receivers } = edges;
    result = new Float64Array(receivers);
    for (let i = 0; i < receivers; i++) {
      const degree = offsets[i + 1]! - offsets[i]!;
      result[i] = degree === 0 ? 0 : 1 / Math.sqrt(degree);
    }
    scales.set(edges, result);
  }
  return result;
}

/** Which of the given weights, followed by that of added loops, belong to each position of the looped neighborhood, and `1 / count` of them. */
interface WeightSources {
  readonly grouping: Grouping;
  readonly shares: Float64Array;
}

const weightSources = new WeakMap<SparseNeighborhood, WeightSources>();

/**
 * Weights of the edges of {@link withSelfLoops}, in the order of its positions: a self-loop that was given keeps its weight, the mean where it was
 * given more than once, so that the order of edges does not matter; one that is added has the weight `fill`.
 */
export function loopedWeights(given: SparseNeighborhood, weights: Tensor, fill: number): Tensor {
  let sources = weightSources.get(given);
  if (sources === undefined) {
    sources = sourcesOfWeights(given);
    weightSources.set(given, sources);
  }
  const { engine } = weights;
  const { grouping, shares } = sources;
  const all = concatenate([weights, full([1], fill, { engine })], 0);
  return multiply(segmentSum(all, grouping), tensor(shares, [shares.length], { engine }));
}

function sourcesOfWeights(given: SparseNeighborhood): WeightSources {
  const { neighborhood, edgeOf, kept } = withSelfLoops(given);
  const loopsOf = new Map<number, number[]>();
  for (let p = 0; p < given.edges; p++) {
    const node = given.senderOf[p]!;
    if (node !== given.receiverOf[p]) continue;
    const loops = loopsOf.get(node);
    if (loops === undefined) loopsOf.set(node, [given.edgeOf[p]!]);
    else loops.push(given.edgeOf[p]!);
  }
  const offsets = new Uint32Array(neighborhood.edges + 1);
  const permutation = new Uint32Array(neighborhood.edges + given.edges - kept.length);
  let end = 0;
  for (let p = 0; p < neighborhood.edges; p++) {
    const node = neighborhood.senderOf[p]!;
    if (node !== neighborhood.receiverOf[p]) permutation[end++] = edgeOf[p]!;
    else for (const e of loopsOf.get(node) ?? [given.edges]) permutation[end++] = e;
    offsets[p + 1] = end;
  }
  return {
    grouping: { offsets, permutation: permutation.subarray(0, end) },
    shares: Float64Array.from({ length: neighborhood.edges }, (_, p) => 1 / (offsets[p + 1]! - offsets[p]!)),
  };
}

/** `sum over j of weight_ij x_j`, `[receivers, channels]`; without weights each edge counts 1. */
export function weightedNeighborSum(edges: SparseNeighborhood, weights: Tensor | undefined, x: Tensor): Tensor {
  if (weights === undefined) return neighborSum(x, edges);
  const [rows = 0, channels = 0] = x.shape;
  const summed = weightedSum(edges, reshape(weights, [edges.edges, 1]), reshape(x, [rows, 1, channels]));
  return reshape(summed, [edges.receivers, channels]);
}
