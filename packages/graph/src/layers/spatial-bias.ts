import {
  checkCounts,
  checkOptionNames,
  DataError,
  Module,
  type ParameterOptions,
  PositionBias,
  parameter,
  ShapeError,
  type Tensor,
} from "@vicinal/core";

/**
 * A number for each pair of nodes of one graph, row by row: that of receiver `i` and sender `j` of a graph of `n` nodes stands at `i * n + j`, the
 * pairs of one graph after those of the other.
 */
export type PairBuckets = Uint8Array | Uint16Array | Uint32Array;

/**
 * The spatial encoding of Graphormer (Ying et al., "Do Transformers Really Perform Badly for Graph Representation?", NeurIPS 2021, eq. 6): a learned
 * number for each head and each bucket of pairs of nodes, mostly their distance along the edges, added to the logits. The layers of a network
 * may share one.
 */
export class SpatialBias extends Module {
  /** Count of heads. */
  readonly heads: number;
  /** Count of buckets. */
  readonly buckets: number;
  /** `[buckets, heads]`, at first normally distributed with deviation 0.02, as there. */
  readonly weight: Tensor;
  readonly #made = new WeakMap<PairBuckets, { readonly lengths: readonly number[]; readonly bias: PositionBias }>();

  /** @throws OptionError `unknown-option` or `out-of-range`. */
  constructor(heads: number, buckets: number, options: ParameterOptions) {
    super();
    checkOptionNames("SpatialBias", options, ["random", "engine"]);
    checkCounts("SpatialBias", { heads, buckets });
    const { random, engine } = options;
    this.heads = heads;
    this.buckets = buckets;
    const first = new Float32Array(buckets * heads).map(() => 0.02 * random.normal());
    this.weight = parameter(first, [buckets, heads], { engine });
  }

  /**
   * The term of the pairs of a batch of graphs.
   *
   * @param lengths Count of nodes of each graph.
   * @param bucketOf The bucket of each pair, below `buckets`. Not copied: it must not be written to.
   * @throws ShapeError `shapes-differ` unless there is one for each pair; DataError `index-out-of-range`.
   */
  bias(lengths: ArrayLike<number>, bucketOf: PairBuckets): PositionBias {
    const known = this.#made.get(bucketOf);
    if (known?.lengths.length === lengths.length && known.lengths.every((length, g) => length === lengths[g])) {
      return known.bias;
    }
    const bias = this.#biasOf(lengths, bucketOf);
    this.#made.set(bucketOf, { lengths: Array.from(lengths), bias });
    return bias;
  }

  #biasOf(lengths: ArrayLike<number>, bucketOf: PairBuckets): PositionBias {
    const { buckets, weight } = this;
    const unknown = bucketOf.findIndex((bucket) => bucket >= buckets);
    if (unknown !== -1) {
      throw new DataError(
        "index-out-of-range",
        `SpatialBias: got the bucket ${bucketOf[unknown]} at ${unknown}; expected numbers below ${buckets}, the count of buckets.`,
      );
    }
    const { rowStarts, firstSenders, pairs } = placesOf(lengths);
    if (pairs !== bucketOf.length) {
      throw new ShapeError(
        "shapes-differ",
        `SpatialBias: got ${bucketOf.length} buckets; expected ${pairs}, one for each pair of nodes of ${lengths.length} graphs.`,
      );
    }
    return new PositionBias({
      name: "spatial",
      buckets,
      bucketOf: (receiver, sender) => bucketOf[rowStarts[receiver]! + sender - firstSenders[receiver]!]!,
      table: () => weight,
    });
  }
}

/** For each node the place of its first pair, and the node that this is with. */
function placesOf(lengths: ArrayLike<number>): {
  readonly rowStarts: Float64Array;
  readonly firstSenders: Float64Array;
  readonly pairs: number;
} {
  const nodes = Array.from(lengths).reduce((a, b) => a + b, 0);
  const rowStarts = new Float64Array(nodes);
  const firstSenders = new Float64Array(nodes);
  let [first, pairs] = [0, 0];
  for (let g = 0; g < lengths.length; g++) {
    const length = lengths[g]!;
    for (let i = first; i < first + length; i++) {
      rowStarts[i] = pairs;
      firstSenders[i] = first;
      pairs += length;
    }
    first += length;
  }
  return { rowStarts, firstSenders, pairs };
}
