import {
  type AttendInputs,
  add,
  attend,
  checkOptionNames,
  gatherRows,
  glorotUniform,
  Linear,
  Module,
  mean,
  OptionError,
  type ParameterOptions,
  type ParameterRanks,
  parameter,
  type Random,
  reshape,
  type Score,
  ShapeError,
  type SparseNeighborhood,
  type Tensor,
} from "@vicinal/core";
import type { AttentionLayer, LayerAttention, LayerContext, LayerInput, NodeFeatureTensor } from "./graph-layer.ts";
import { checkFill, type LoopFill, loopedEdgeFeatures, withSelfLoops } from "./self-loops.ts";

/** Widths of the features of senders and receivers; one number when they are the same nodes. */
export type InputWidths = number | readonly [senders: number, receivers: number];

/** Options of {@link GATConv} and {@link GATv2Conv}; names and defaults are PyTorch Geometric's. */
export interface AttentionConvOptions extends ParameterOptions {
  /** Count of heads that attend side by side. Default 1. */
  readonly heads?: number;
  /** Whether the heads' outputs are put side by side (width `heads * channels`) or averaged (width `channels`). Default true. */
  readonly concat?: boolean;
  /** Slope of the leaky ReLU for negative arguments. Default 0.2. */
  readonly negativeSlope?: number;
  /** Probability with which a weight is dropped while training. Default 0. */
  readonly dropout?: number;
  /** Whether self-loops are removed and each node given one. Default true. */
  readonly addSelfLoops?: boolean;
  /** Width of the edge features. Default: none are read. */
  readonly edgeDim?: number;
  /** The features of added self-loops. Default `"mean"`. */
  readonly fillValue?: LoopFill;
  /** Whether a learned vector is added to the output. Default true. */
  readonly bias?: boolean;
  /** Whether a linear projection of the receiver's input is added to the output. Default false. */
  readonly residual?: boolean;
}

const optionNames = [
  "random",
  "engine",
  "heads",
  "concat",
  "negativeSlope",
  "dropout",
  "addSelfLoops",
  "edgeDim",
  "fillValue",
  "bias",
  "residual",
];

/** A score with its learned parameters. */
export interface Mechanism {
  /** How relevant a sender is to a receiver. */
  readonly score: Score;
  /** The parameters of the score by name. */
  readonly parameters: { readonly [Name in keyof ParameterRanks]: Tensor };
}

/**
 * What the layers of the GAT family share: `out_i = concat or mean over heads of (sum over j in N(i) of weight_ij * value_j) [+ W_res x_i]
 * [+ bias]`. A member says what query, key and value are, and which score relates them.
 */
export abstract class AttentionConv extends Module implements AttentionLayer {
  readonly outputs: number;
  /** Count of heads that attend side by side. */
  readonly heads: number;
  /** Width of each head. */
  readonly channels: number;
  /** Whether the heads' outputs are put side by side, else averaged. */
  readonly concat: boolean;
  /** Probability with which a weight is dropped while training. */
  readonly dropout: number;
  /** Whether self-loops are removed and each node given one. */
  readonly addSelfLoops: boolean;
  /** Width of the edge features; undefined when none are read. */
  readonly edgeDim: number | undefined;
  /** The features of added self-loops. */
  readonly fillValue: LoopFill;
  /** `[outputs]`, or undefined. */
  readonly bias: Tensor | undefined;
  /** From the receivers' features, without bias; undefined unless `residual`. */
  readonly residual: Linear | undefined;
  /** From edge features to `[heads * channels]`, without bias; undefined unless `edgeDim`. */
  readonly linearEdge: Linear | undefined;
  readonly #name: string;

  protected constructor(
    name: string,
    inputs: InputWidths,
    channels: number,
    options: AttentionConvOptions,
    moreOptions: readonly string[] = [],
  ) {
    super();
    checkOptionNames(name, options, [...optionNames, ...moreOptions]);
    const { random, engine, heads = 1, concat = true, dropout = 0, addSelfLoops = true, edgeDim } = options;
    const [senders, receivers] = widthsOf(inputs);
    const counts = { inputs: senders, "inputs of the receivers": receivers, channels, heads, edgeDim: edgeDim ?? 1 };
    for (const [what, count] of Object.entries(counts)) {
      if (Number.isInteger(count) && count > 0) continue;
      throw new OptionError("out-of-range", `${name}: got ${what} ${count}; expected a whole number above 0.`);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new OptionError("out-of-range", `${name}: got dropout ${dropout}; expected 0 <= dropout < 1.`);
    }
    checkFill(name, options.fillValue ?? "mean", edgeDim);
    this.#name = name;
    this.heads = heads;
    this.channels = channels;
    this.concat = concat;
    this.outputs = concat ? heads * channels : channels;
    this.dropout = dropout;
    this.addSelfLoops = addSelfLoops;
    this.edgeDim = edgeDim;
    this.fillValue = options.fillValue ?? "mean";
    this.bias =
      (options.bias ?? true) ? parameter(new Float32Array(this.outputs), [this.outputs], { engine }) : undefined;
    this.residual = options.residual
      ? new Linear(receivers, this.outputs, { random, engine, bias: false, initialize: "glorot" })
      : undefined;
    this.linearEdge =
      edgeDim === undefined
        ? undefined
        : new Linear(edgeDim, heads * channels, { random, engine, bias: false, initialize: "glorot" });
  }

  /** Query, key and value of a layer, each `[elements, heads, channels]`. */
  protected abstract project(
    senders: NodeFeatureTensor,
    receivers: NodeFeatureTensor | undefined,
    receiverCount: number,
  ): AttendInputs;

  /** The score, with or without an edge term. */
  protected abstract mechanism(hasEdge: boolean): Mechanism;

  forward(x: LayerInput, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
    const { edges, inputs, options } = this.#prepare(x, neighborhood, context);
    return this.#finish(attend(edges, inputs, options), x);
  }

  detailed(
    x: LayerInput,
    neighborhood: SparseNeighborhood,
    context: LayerContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    const { edges, inputs, options } = this.#prepare(x, neighborhood, context);
    const { output, weights } = attend.detailed(edges, inputs, options);
    const edgeOf = this.addSelfLoops ? withSelfLoops(neighborhood).edgeOf : Int32Array.from(neighborhood.edgeOf);
    return { output: this.#finish(output, x), attention: { neighborhood: edges, edgeOf, weights } };
  }

  #prepare(x: LayerInput, given: SparseNeighborhood, { edgeFeatures, training }: LayerContext) {
    const [senders, receivers] = sidesOf(x);
    const name = this.#name;
    expectRows(name, "senders", senders, given.senders);
    if (receivers !== undefined) expectRows(name, "receivers", receivers, given.receivers);
    const edges = this.addSelfLoops ? withSelfLoops(given).neighborhood : given;
    const edge = this.#edgeInputs(given, edgeFeatures);
    return {
      edges,
      inputs: { ...this.project(senders, receivers, given.receivers), edge },
      options: {
        ...this.mechanism(edge !== undefined),
        dropout: this.dropout,
        seed: training?.random.bits(),
      },
    };
  }

  #edgeInputs(given: SparseNeighborhood, features: Tensor | undefined): Tensor | undefined {
    if ((features === undefined) !== (this.linearEdge === undefined)) {
      throw new OptionError(
        features === undefined ? "missing-input" : "unexpected-input",
        `${this.#name}: got ${features === undefined ? "no edge features" : "edge features"}; expected ` +
          `${features === undefined ? `[${given.edges}, ${this.edgeDim}], because edgeDim is ${this.edgeDim}` : "none, because edgeDim was left out"}.`,
      );
    }
    if (features === undefined || this.linearEdge === undefined) return undefined;
    expectRows(this.#name, "edges", features, given.edges);
    const loop = this.addSelfLoops ? withSelfLoops(given) : undefined;
    const all = loop === undefined ? features : loopedEdgeFeatures(features, loop, this.fillValue);
    const order = (loop?.neighborhood ?? given).edgeOf;
    const projected = gatherRows(this.linearEdge.forward(all), order);
    return reshape(projected, [order.length, this.heads, this.channels]);
  }

  #finish(attended: Tensor, x: LayerInput): Tensor {
    const [rows = 0] = attended.shape;
    const merged = this.concat ? reshape(attended, [rows, this.outputs]) : mean(attended, { axis: 1 });
    const [, own] = sidesOf(x);
    const summed = this.residual && own ? add(merged, this.residual.forward(own)) : merged;
    return this.bias === undefined ? summed : add(summed, this.bias);
  }

  /** A learned vector for each head, `[heads, channels]`, its first values as PyTorch Geometric draws them. */
  protected headVector({ random, engine }: ParameterOptions): Tensor {
    return headVector(random, this.heads, this.channels, engine);
  }
}

function headVector(random: Random, heads: number, channels: number, engine: ParameterOptions["engine"]): Tensor {
  return parameter(glorotUniform(random, [heads, channels], heads, channels), [heads, channels], { engine });
}

/** The widths of senders and receivers. */
export function widthsOf(inputs: InputWidths): readonly [senders: number, receivers: number] {
  return typeof inputs === "number" ? [inputs, inputs] : inputs;
}

/** Features of senders and receivers; the receivers' are the senders' when one tensor was given. */
function sidesOf(x: LayerInput): readonly [senders: NodeFeatureTensor, receivers: NodeFeatureTensor | undefined] {
  return isPair(x) ? x : [x, x];
}

function isPair(x: LayerInput): x is readonly [NodeFeatureTensor, NodeFeatureTensor | undefined] {
  return Array.isArray(x);
}

function expectRows(name: string, what: string, x: NodeFeatureTensor, rows: number): void {
  if (x.shape[0] === rows && x.shape.length === 2) return;
  throw new ShapeError(
    "shapes-differ",
    `${name}: got features of shape [${x.shape.join(", ")}]; expected [${rows}, width], one row for each of the ${rows} ${what}.`,
  );
}
