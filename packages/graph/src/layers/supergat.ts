import {
  type AttendInputs,
  add,
  binaryCrossEntropy,
  checkChoice,
  checkOptionNames,
  concatenate,
  defineScore,
  edgeDot,
  Linear,
  mean,
  multiply,
  OptionError,
  type Score,
  SparseNeighborhood,
  type Tensor,
  type Training,
} from "@vicinal/core";
import type { LayerContext, LayerInput, NodeFeatureTensor } from "./graph-layer.ts";
import { oneSide } from "./layer-input.ts";
import {
  type Mechanism,
  MultiHeadConv,
  type MultiHeadConvOptions,
  multiHeadConvOptionNames,
} from "./multi-head-conv.ts";
import { type NodePairs, negativePairs } from "./negative-pairs.ts";
import { attendedEdges } from "./self-loops.ts";

/** How {@link SuperGATConv} scores an edge: mixed, or by a scaled inner product. */
export type SuperGATAttention = "MX" | "SD";

/** Options of {@link SuperGATConv}; names and defaults are PyTorch Geometric's. */
export interface SuperGATConvOptions extends MultiHeadConvOptions {
  /** Slope of the leaky ReLU for negative arguments. Default 0.2. */
  readonly negativeSlope?: number;
  /** Whether self-loops are removed and each node given one. Default true. */
  readonly addSelfLoops?: boolean;
  /** Whether a learned vector is added to the output. Default true. */
  readonly bias?: boolean;
  /** The score. Default `"MX"`. */
  readonly attentionType?: SuperGATAttention;
  /** How many pairs without an edge the attention loss draws for each edge that it looks at. Default 0.5. */
  readonly negSampleRatio?: number;
  /** The share of the edges that the attention loss looks at. Default 1. */
  readonly edgeSampleRatio?: number;
}

const optionNames = [
  ...multiHeadConvOptionNames,
  "negativeSlope",
  "addSelfLoops",
  "bias",
  "attentionType",
  "negSampleRatio",
  "edgeSampleRatio",
];

/** What {@link SuperGATConv.attentionLoss} reads beside the nodes. */
export interface AttentionLossContext {
  /** What edges and pairs without an edge are drawn from. Needed unless `negatives` are given and `edgeSampleRatio` is 1. */
  readonly training?: Training | undefined;
  /** Pairs without an edge. Default: drawn. */
  readonly negatives?: NodePairs | undefined;
}

/**
 * The self-supervised graph attention layer (Kim and Oh, "How to Find Your Friendly Neighborhood: Graph Attention Design with
 * Self-Supervision", ICLR 2021), with `z = W x`:
 *
 * ```math
 * \begin{aligned}
 * \text{MX: } e_{ij} &= (a_\mathrm{left} \cdot z_j + a_\mathrm{right} \cdot z_i)\, \sigma(z_i \cdot z_j) \\
 * \text{SD: } e_{ij} &= z_i \cdot z_j / \sqrt{\mathrm{channels}} \\
 * w_{ij} &= \operatorname{softmax}_{j \in N(i)} \operatorname{leakyRelu}(e_{ij}) \\
 * \mathrm{out}_i &= \operatorname{concat\ or\ mean}_\mathrm{heads} \sum_{j \in N(i)} w_{ij} z_j + \mathrm{bias}
 * \end{aligned}
 * ```
 *
 * Beside the task's loss it is trained to tell edges from pairs without one, by {@link SuperGATConv.attentionLoss}. From `[nodes, inputs]` to
 * `[nodes, heads * channels]`, or `[nodes, channels]` without `concat`; senders and receivers are the same nodes. Names and defaults are those of
 * PyTorch Geometric's `SuperGATConv`. Whether the graph is undirected is no option: a pair counts as having an edge if it has one in either
 * direction.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, OptionError `unexpected-input` for edge
 * features or features of two sides.
 */
export class SuperGATConv extends MultiHeadConv {
  readonly linearEdge = undefined;
  /** `[heads * channels, inputs]`, without bias. */
  readonly linear: Linear;
  /** `[heads, channels]`, for the sender; undefined for `"SD"`. */
  readonly attLeft: Tensor | undefined;
  /** `[heads, channels]`, for the receiver; undefined for `"SD"`. */
  readonly attRight: Tensor | undefined;
  /** `[outputs]`, or undefined. */
  readonly bias: Tensor | undefined;
  /** The score. */
  readonly attentionType: SuperGATAttention;
  /** Pairs without an edge for each edge of the attention loss. */
  readonly negSampleRatio: number;
  /** The share of the edges that the attention loss looks at. */
  readonly edgeSampleRatio: number;
  readonly #mechanism: Mechanism;

  constructor(inputs: number, channels: number, options: SuperGATConvOptions) {
    checkOptionNames("SuperGATConv", options, optionNames);
    const { random, engine, addSelfLoops = true, negativeSlope = 0.2, attentionType = "MX" } = options;
    const { negSampleRatio = 0.5, edgeSampleRatio = 1 } = options;
    checkChoice("SuperGATConv", "attentionType", attentionType, ["MX", "SD"] satisfies SuperGATAttention[]);
    checkRatio("negSampleRatio", negSampleRatio, Number.MAX_VALUE, "a finite number above 0");
    checkRatio("edgeSampleRatio", edgeSampleRatio, 1, "a number above 0, at most 1");
    super("SuperGATConv", inputs, channels, { ...options, addSelfLoops });
    this.attentionType = attentionType;
    this.negSampleRatio = negSampleRatio;
    this.edgeSampleRatio = edgeSampleRatio;
    this.linear = new Linear(inputs, this.heads * channels, { random, engine, bias: false, initialize: "glorot" });
    if (attentionType === "MX") {
      const [source, target] = [this.headVector(options), this.headVector(options)];
      this.attLeft = source;
      this.attRight = target;
      this.#mechanism = { score: mixed(negativeSlope), parameters: { source, target } };
    } else {
      this.#mechanism = { score: scaled(negativeSlope), parameters: {} };
    }
    this.bias = (options.bias ?? true) ? this.outputBias(options) : undefined;
  }

  /** `[nodes, outputs]`. */
  override forward(x: LayerInput, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
    return super.forward(oneSide("SuperGATConv", x, neighborhood), neighborhood, context);
  }

  override detailed(x: LayerInput, neighborhood: SparseNeighborhood, context: LayerContext = {}) {
    return super.detailed(oneSide("SuperGATConv", x, neighborhood), neighborhood, context);
  }

  /**
   * How badly the layer tells edges from pairs without one, a single number to be added to the task's loss with a weight: the mean binary
   * cross-entropy of `dot(z_i, z_j)`, for `"SD"` divided by `sqrt(channels)`, averaged over heads, with the target 1 for edges, self-loops
   * included, and 0 for `negSampleRatio` times as many pairs without.
   *
   * @throws OptionError `missing-input` without `training` where something is to be drawn; ShapeError `shapes-differ`; DataError
   * `index-out-of-range` for negatives between nodes that are not there.
   */
  attentionLoss(x: LayerInput, neighborhood: SparseNeighborhood, context: AttentionLossContext = {}): Tensor {
    const nodes = oneSide("SuperGATConv", x, neighborhood);
    const edges = attendedEdges(neighborhood, this.addSelfLoops);
    const positives = this.#sampleEdges(edges, context.training);
    const negatives = context.negatives ?? this.#sampleNegatives(edges, context.training);
    const z = this.split(this.linear.forward(nodes));
    const pairs = [positives, pairsOf(negatives, edges.senders)];
    const products = concatenate(
      pairs.map((ends) => edgeDot(ends, z, z)),
      0,
    );
    const logits = this.attentionType === "SD" ? multiply(products, 1 / Math.sqrt(this.channels)) : products;
    const targets = new Float64Array(logits.shape[0] ?? 0).fill(1, 0, positives.edges);
    return binaryCrossEntropy(mean(logits, { axis: 1 }), targets);
  }

  #sampleEdges(edges: SparseNeighborhood, training: Training | undefined): SparseNeighborhood {
    if (this.edgeSampleRatio === 1) return edges;
    const { random } = requiredTraining(training);
    const drawn = Uint32Array.from(edges.senderOf.keys()).filter(() => random.uniform() < this.edgeSampleRatio);
    const senders = drawn.map((position) => edges.senderOf[position]!);
    return pairsOf({ senders, receivers: drawn.map((position) => edges.receiverOf[position]!) }, edges.senders);
  }

  #sampleNegatives(edges: SparseNeighborhood, training: Training | undefined): NodePairs {
    const { random } = requiredTraining(training);
    const count = Math.floor(this.negSampleRatio * this.edgeSampleRatio * edges.edges);
    return negativePairs(edges, count, random);
  }

  protected project(senders: NodeFeatureTensor): AttendInputs {
    const z = this.split(this.linear.forward(senders));
    return { query: z, key: z, value: z };
  }

  protected mechanism(): Mechanism {
    return this.#mechanism;
  }

  protected finish(attended: Tensor): Tensor {
    return this.bias === undefined ? attended : add(attended, this.bias);
  }
}

function mixed(negativeSlope: number): Score<{ source: "vector"; target: "vector" }> {
  return defineScore("supergat-mx", {
    parameters: { source: "vector", target: "vector" },
    score: ({ query, key, source, target }) =>
      source.dot(key).add(target.dot(query)).multiply(query.dot(key).sigmoid()).leakyRelu(negativeSlope),
  });
}

function scaled(negativeSlope: number): Score<Record<never, "vector">> {
  return defineScore("supergat-sd", {
    parameters: {},
    score: ({ query, key }, { channels }) =>
      query
        .dot(key)
        .multiply(1 / Math.sqrt(channels))
        .leakyRelu(negativeSlope),
  });
}

function pairsOf({ senders, receivers }: NodePairs, nodes: number): SparseNeighborhood {
  return SparseNeighborhood.fromEdgeList({ senders, receivers, senderCount: nodes, receiverCount: nodes });
}

function requiredTraining(training: Training | undefined): Training {
  if (training !== undefined) return training;
  throw new OptionError(
    "missing-input",
    "SuperGATConv.attentionLoss: got no training; expected { random } to draw edges and pairs without an edge from.",
  );
}

function checkRatio(what: string, ratio: number, most: number, expected: string): void {
  if (ratio > 0 && ratio <= most) return;
  throw new OptionError("out-of-range", `SuperGATConv: got ${what} ${ratio}; expected ${expected}.`);
}
