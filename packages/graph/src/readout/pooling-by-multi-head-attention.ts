import {
  add,
  broadcastTo,
  checkCounts,
  checkOptionNames,
  glorotUniform,
  groups,
  LayerNorm,
  Linear,
  Module,
  MultiHeadAttention,
  type Neighborhood,
  type ParameterOptions,
  parameter,
  relu,
  reshape,
  type Tensor,
} from "@vicinal/core";
import { checkedNodes, type GraphMembership, type NodesOfGraphs, zerosWithoutNodes } from "./membership.ts";
import type { AttentiveReadout, DetailedReadout, ReadoutContext } from "./readout.ts";

/** Options of {@link PoolingByMultiHeadAttention}; names and defaults are PyTorch Geometric's. */
export interface PoolingByMultiHeadAttentionOptions extends ParameterOptions {
  /** Count of seeds that attend in each graph. Default 1. */
  readonly numSeedPoints?: number;
  /** Count of heads, which divides the inputs. Default 1. */
  readonly heads?: number;
  /** Whether both residual sums are normalized. Default true. */
  readonly layerNorm?: boolean;
  /** Probability with which a weight is dropped while training. Default 0. */
  readonly dropout?: number;
}

const optionNames = ["random", "engine", "numSeedPoints", "heads", "layerNorm", "dropout"];

/**
 * Pooling by multi-head attention (Lee et al., "Set Transformer", ICML 2019, equations 6, 7 and 11): learned seeds S attend to the nodes of each
 * graph, and what the k seeds of a graph find stands side by side,
 *
 *     y_i   = relu(W x_i + b)
 *     h_gs  = norm1(S_s + MultiHead(S_s, y of the nodes of g))
 *     out_g = concat over s of norm2(h_gs + relu(W' h_gs + b'))
 *
 * From `[nodes, inputs]` to `[graphs, numSeedPoints * inputs]`. PyTorch Geometric's `SetTransformerAggregation` without encoder and decoder
 * blocks, whose default is `layerNorm` false.
 */
export class PoolingByMultiHeadAttention extends Module implements AttentiveReadout {
  readonly inputs: number;
  readonly outputs: number;
  /** Count of seeds that attend in each graph. */
  readonly numSeedPoints: number;
  /** On the nodes, before they are attended to. */
  readonly linear: Linear;
  /** `[numSeedPoints, inputs]`. */
  readonly seed: Tensor;
  /** From the seeds to the nodes. */
  readonly attention: MultiHeadAttention;
  /** On what seeds found. */
  readonly feedForward: Linear;
  /** After the attention, with `layerNorm`. */
  readonly norm1: LayerNorm | undefined;
  /** After the network on what was found, with `layerNorm`. */
  readonly norm2: LayerNorm | undefined;

  readonly #seedsOf = new WeakMap<NodesOfGraphs, Neighborhood>();

  /**
   * @param inputs Width of the nodes' features.
   * @throws OptionError `unknown-option`; `out-of-range` for a width, a count or a probability, or heads that do not divide the width.
   */
  constructor(inputs: number, options: PoolingByMultiHeadAttentionOptions) {
    super();
    checkOptionNames("PoolingByMultiHeadAttention", options, optionNames);
    const { random, engine, numSeedPoints = 1, heads = 1, layerNorm = true, dropout = 0 } = options;
    checkCounts("PoolingByMultiHeadAttention", { inputs, numSeedPoints, heads });
    this.inputs = inputs;
    this.outputs = numSeedPoints * inputs;
    this.numSeedPoints = numSeedPoints;
    this.linear = new Linear(inputs, inputs, { random, engine });
    const seedShape = [numSeedPoints, inputs];
    this.seed = parameter(glorotUniform(random, seedShape, numSeedPoints * inputs, inputs), seedShape, { engine });
    this.attention = new MultiHeadAttention(inputs, { random, engine, heads, dropout });
    this.feedForward = new Linear(inputs, inputs, { random, engine });
    this.norm1 = layerNorm ? new LayerNorm(inputs, { engine }) : undefined;
    this.norm2 = layerNorm ? new LayerNorm(inputs, { engine }) : undefined;
  }

  /**
   * `[nodes, inputs]` to `[graphs, outputs]`.
   *
   * @throws ShapeError `shapes-differ`; DataError `index-out-of-range`.
   */
  forward(x: Tensor, membership: GraphMembership, { training }: ReadoutContext = {}): Tensor {
    const nodes = checkedNodes("PoolingByMultiHeadAttention", x, membership, this.inputs);
    const seeds = this.#seeds(membership.graphs);
    const neighborhood = this.#seedsToNodes(nodes, membership);
    const found = this.attention.forward(seeds, { neighborhood, memory: relu(this.linear.forward(x)), training });
    return this.#finish(seeds, found, nodes);
  }

  /**
   * {@link forward}, with the weights `[positions, heads]`. Receiver `graph * numSeedPoints + s` of the neighborhood is seed `s` of the graph.
   */
  detailed(x: Tensor, membership: GraphMembership, { training }: ReadoutContext = {}): DetailedReadout {
    const nodes = checkedNodes("PoolingByMultiHeadAttention", x, membership, this.inputs);
    const seeds = this.#seeds(membership.graphs);
    const neighborhood = this.#seedsToNodes(nodes, membership);
    const memory = relu(this.linear.forward(x));
    const { output, weights } = this.attention.detailed(seeds, { neighborhood, memory, training });
    return {
      output: this.#finish(seeds, output, nodes),
      attention: { neighborhood: neighborhood.sparse(), weights },
    };
  }

  /** The seeds of every graph, `[graphs * numSeedPoints, inputs]`. */
  #seeds(graphs: number): Tensor {
    const { numSeedPoints, inputs } = this;
    const ofEach = broadcastTo(reshape(this.seed, [1, numSeedPoints, inputs]), [graphs, numSeedPoints, inputs]);
    return reshape(ofEach, [graphs * numSeedPoints, inputs]);
  }

  #seedsToNodes(nodes: NodesOfGraphs, { graphs, graphOf }: GraphMembership): Neighborhood {
    let neighborhood = this.#seedsOf.get(nodes);
    if (neighborhood === undefined) {
      const graphOfSeed = new Uint32Array(graphs * this.numSeedPoints).map((_, r) =>
        Math.floor(r / this.numSeedPoints),
      );
      neighborhood = groups(graphOfSeed, { senders: graphOf });
      this.#seedsOf.set(nodes, neighborhood);
    }
    return neighborhood;
  }

  #finish(seeds: Tensor, found: Tensor, nodes: NodesOfGraphs): Tensor {
    const attended = normalized(this.norm1, add(seeds, found));
    const pooled = normalized(this.norm2, add(attended, relu(this.feedForward.forward(attended))));
    return zerosWithoutNodes(reshape(pooled, [nodes.counts.length, this.outputs]), nodes);
  }
}

function normalized(norm: LayerNorm | undefined, x: Tensor): Tensor {
  return norm === undefined ? x : norm.forward(x);
}
