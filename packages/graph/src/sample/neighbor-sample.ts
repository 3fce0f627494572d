import { SparseNeighborhood } from "@vicinal/core";

/** What a sampler has drawn. */
interface Drawn {
  /** The nodes, those of the seeds first, then hop by hop. */
  readonly nodes: Uint32Array;
  /** How many nodes are at most so many hops away from a seed: of hop 0 the count of seeds, in the end the count of nodes. */
  readonly nodesUpTo: readonly number[];
  /** Row starts for the nodes of all hops but the last. */
  readonly offsets: Uint32Array;
  /** The place in `nodes` of the sender of each edge. */
  readonly senderOf: Uint32Array;
  /** The position of each edge in the neighborhood that was drawn from. */
  readonly positions: Uint32Array;
}

/**
 * A part of a graph from which a network of as many layers as hops computes the outputs of the seeds: what a neighbor sampler draws.
 *
 * Nodes are numbered anew: node `i` here is node `nodes[i]` of the graph, the seeds come first, then the nodes found at each hop. A node
 * attends to the same neighbors in every layer, those that were drawn when it was first found.
 */
export class NeighborSample {
  /** `[nodes]`: the node of the graph that each number stands for. */
  readonly nodes: Uint32Array;
  /** How many of `nodes` are seeds: the first ones, in the order given. */
  readonly seeds: number;
  /**
   * Who attends to whom in each layer of a network, the first layer first. Receivers are the nodes whose features are needed after the
   * layer, senders those needed before: the receivers are the first of the senders, and those of one layer are the senders of the next. Edges
   * are numbered as in {@link edges}.
   */
  readonly layers: readonly SparseNeighborhood[];

  readonly #whole: SparseNeighborhood;
  readonly #drawn: Drawn;
  #edges: Uint32Array | undefined;
  #neighborhood: SparseNeighborhood | undefined;

  /** @internal */
  constructor(whole: SparseNeighborhood, drawn: Drawn) {
    const { nodes, nodesUpTo, offsets, senderOf } = drawn;
    this.#whole = whole;
    this.#drawn = drawn;
    this.nodes = nodes;
    this.seeds = nodesUpTo[0]!;
    this.layers = nodesUpTo
      .slice(0, -1)
      .map((receivers, hop) =>
        SparseNeighborhood.fromRows({
          offsets: offsets.subarray(0, receivers + 1),
          senderOf: senderOf.subarray(0, offsets[receivers]),
          senders: nodesUpTo[hop + 1]!,
        }),
      )
      .reverse();
  }

  /**
   * The number that each edge of the sample has in the edge list of the graph's neighborhood, for features of edges and for the way back:
   * position `p` of any of {@link layers}, and of {@link neighborhood}, is the edge `edges[p]` of the graph. A layer with fewer edges than the
   * first has the first of them. Looked up when first asked for.
   */
  get edges(): Uint32Array {
    if (this.#edges === undefined) {
      const { edgeOf } = this.#whole;
      this.#edges = this.#drawn.positions.map((position) => edgeOf[position]!);
    }
    return this.#edges;
  }

  /**
   * All of the sample as one neighborhood among `nodes`, for networks that take no other: what they compute for the seeds is right, unless they
   * look at the degree of a sender, and costs more than by {@link layers}. The nodes of the last hop attend to nobody; what is computed for nodes
   * other than seeds is of no use. Made when first asked for.
   */
  get neighborhood(): SparseNeighborhood {
    if (this.#neighborhood === undefined) {
      const { nodes, offsets, senderOf } = this.#drawn;
      const padded = new Uint32Array(nodes.length + 1).fill(senderOf.length, offsets.length);
      padded.set(offsets);
      this.#neighborhood = SparseNeighborhood.fromRows({ offsets: padded, senderOf, senders: nodes.length });
    }
    return this.#neighborhood;
  }
}
