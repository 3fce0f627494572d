import {
  type ActivateOptions,
  type AttendInputs,
  activate,
  attend,
  checkCounts,
  gatherRows,
  glorotUniform,
  type Linear,
  Module,
  mean,
  type Normalizer,
  type ParameterOptions,
  type ParameterRanks,
  parameter,
  reshape,
  type Score,
  type SparseNeighborhood,
  type Tensor,
  type Training,
} from "@vicinal/core";
import { isAttentionWanted, reportAttention } from "./attention-recorder.ts";
import { checkDropout } from "./check-options.ts";
import { attendWithEdgeValues } from "./edge-value.ts";
import type { AttentionLayer, LayerAttention, LayerContext, LayerInput, NodeFeatureTensor } from "./graph-layer.ts";
import { checkedEdgeFeatures, checkedSides, type InputWidths, widthsOf } from "./layer-input.ts";
import {
  attendedEdges,
  attentionOver,
  checkFill,
  type LoopFill,
  loopedEdgeFeatures,
  withSelfLoops,
} from "./self-loops.ts";

/** Options of every layer whose heads attend side by side; names and defaults are PyTorch Geometric's. */
export interface MultiHeadConvOptions extends ParameterOptions {
  /** Count of heads that attend side by side. Default 1. */
  readonly heads?: number;
  /** Whether the heads' outputs are put side by side (width `heads * channels`) or averaged (width `channels`). Default true. */
  readonly concat?: boolean;
  /** Probability with which a weight is dropped while training. Default 0. */
  readonly dropout?: number;
}

/** The names of {@link MultiHeadConvOptions}. */
export const multiHeadConvOptionNames: readonly string[] = ["random", "engine", "heads", "concat", "dropout"];

/** The options that {@link MultiHeadConv} reads. */
export interface MultiHeadConvSettings extends MultiHeadConvOptions {
  /** Whether self-loops are removed and each node given one. */
  readonly addSelfLoops: boolean;
  /** Width of the edge features. Default: none are read. */
  readonly edgeDim?: number | undefined;
  /** The features of added self-loops. Default `"mean"`. */
  readonly fillValue?: LoopFill | undefined;
}

/** A score with its learned parameters. */
export interface Mechanism {
  /** How relevant a sender is to a receiver. */
  readonly score: Score;
  /** The parameters of the score by name, each of its own shape. */
  readonly parameters: { readonly [Name in keyof ParameterRanks]: Tensor };
  /** How relevance becomes weight. Default: softmax. */
  readonly normalizer?: Normalizer | undefined;
}

/**
 * What the layers with attention heads share: `merge over heads of (sum over j in N(i) of softmax_j(score_ij) * value_j)`, heads being put
 * side by side or averaged. A member says what query, key and value are, which score relates them, and what is added in the end.
 */
export abstract class MultiHeadConv extends Module implements AttentionLayer {
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
  /** From edge features to `[heads * channels]`, without bias; undefined unless `edgeDim`. */
  abstract readonly linearEdge: Linear | undefined;
  readonly #name: string;

  protected constructor(name: string, inputs: InputWidths, channels: number, settings: MultiHeadConvSettings) {
    super();
    const { heads = 1, concat = true, dropout = 0, addSelfLoops, edgeDim, fillValue = "mean" } = settings;
    const [senders, receivers] = widthsOf(inputs);
    const counts = { inputs: senders, "inputs of the receivers": receivers, channels, heads, edgeDim: edgeDim ?? 1 };
    checkCounts(name, counts);
    checkDropout(name, dropout);
    checkFill(name, fillValue, edgeDim);
    this.#name = name;
    this.heads = heads;
    this.channels = channels;
    this.concat = concat;
    this.outputs = concat ? heads * channels : channels;
    this.dropout = dropout;
    this.addSelfLoops = addSelfLoops;
    this.edgeDim = edgeDim;
    this.fillValue = fillValue;
  }

  /** Query, key and value of a layer, each `[elements, heads, channels]`. */
  protected abstract project(
    senders: NodeFeatureTensor,
    receivers: NodeFeatureTensor | undefined,
    receiverCount: number,
  ): AttendInputs;

  /** The score, with or without an edge term. */
  protected abstract mechanism(hasEdge: boolean): Mechanism;

  /** The output, from what was attended to, `[receivers, outputs]`, and the receivers' own features. */
  protected abstract finish(attended: Tensor, receivers: NodeFeatureTensor | undefined): Tensor;

  /** The output with what follows the layer. */
  protected conclude(attended: Tensor, receivers: NodeFeatureTensor | undefined, after: ActivateOptions): Tensor {
    return activate(this.finish(attended, receivers), after);
  }

  /** Whether edges are part of the values too, and not of the score alone. */
  protected get hasEdgeValues(): boolean {
    return false;
  }

  /**
   * `[receivers, outputs]`.
   *
   * @param after What follows the layer, drawn once it has attended. It is computed in the same pass as the end of the layer. Default: nothing.
   */
  forward(
    x: LayerInput,
    neighborhood: SparseNeighborhood,
    context: LayerContext = {},
    after: (training?: Training) => ActivateOptions = () => ({}),
  ): Tensor {
    if (isAttentionWanted(neighborhood)) {
      return activate(this.detailed(x, neighborhood, context).output, after(context.training));
    }
    const { edges, inputs, edgeValue, options, receivers } = this.#prepare(x, neighborhood, context);
    const attended =
      edgeValue === undefined
        ? attend(edges, inputs, options)
        : attendWithEdgeValues(edges, inputs, edgeValue, options).output;
    return this.conclude(this.#merge(attended), receivers, after(context.training));
  }

  detailed(
    x: LayerInput,
    neighborhood: SparseNeighborhood,
    context: LayerContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    const { edges, inputs, edgeValue, options, receivers } = this.#prepare(x, neighborhood, context);
    const { output, weights } =
      edgeValue === undefined
        ? attend.detailed(edges, inputs, options)
        : attendWithEdgeValues(edges, inputs, edgeValue, options);
    const attention = attentionOver(neighborhood, this.addSelfLoops, weights);
    reportAttention(neighborhood, attention);
    return { output: this.finish(this.#merge(output), receivers), attention };
  }

  #prepare(x: LayerInput, given: SparseNeighborhood, context: LayerContext) {
    const [senders, receivers] = checkedSides(this.#name, x, given);
    const edges = attendedEdges(given, this.addSelfLoops);
    const edge = this.#edgeInputs(given, context);
    return {
      edges,
      receivers,
      inputs: { ...this.project(senders, receivers, given.receivers), edge },
      edgeValue: this.hasEdgeValues ? edge : undefined,
      options: {
        ...this.mechanism(edge !== undefined),
        dropout: this.dropout,
        seed: context.training?.random.bits(),
      },
    };
  }

  #edgeInputs(given: SparseNeighborhood, context: LayerContext): Tensor | undefined {
    const features = checkedEdgeFeatures(this.#name, context, given.edges, this.edgeDim);
    if (features === undefined) return undefined;
    const loop = this.addSelfLoops ? withSelfLoops(given) : undefined;
    const all = loop === undefined ? features : loopedEdgeFeatures(features, loop, this.fillValue);
    const order = (loop?.neighborhood ?? given).edgeOf;
    return this.edgeInput(all, order);
  }

  /**
   * What the score reads of the edges; undefined where it reads nothing. Here their projection, `[edges, heads, channels]`.
   *
   * @param features `[edges, edgeDim]`.
   * @param order For each position of the neighborhood the row of its edge.
   */
  protected edgeInput(features: Tensor, order: Uint32Array): Tensor | undefined {
    return this.linearEdge && this.split(gatherRows(this.linearEdge.forward(features), order));
  }

  #merge(attended: Tensor): Tensor {
    const [rows = 0] = attended.shape;
    return this.concat || this.heads === 1 ? reshape(attended, [rows, this.outputs]) : mean(attended, { axis: 1 });
  }

  /** `[rows, heads * channels]` as `[rows, heads, channels]`. */
  protected split(x: Tensor): Tensor {
    return reshape(x, [x.shape[0] ?? 0, this.heads, this.channels]);
  }

  /** A learned vector for each head, `[heads, channels]`, its first values as PyTorch Geometric draws them. */
  protected headVector({ random, engine }: ParameterOptions): Tensor {
    const { heads, channels } = this;
    return parameter(glorotUniform(random, [heads, channels], heads, channels), [heads, channels], { engine });
  }

  /** A learned vector that is added to the output, `[outputs]`, zeros at first. */
  protected outputBias({ engine }: ParameterOptions): Tensor {
    return parameter(new Float32Array(this.outputs), [this.outputs], { engine });
  }
}
