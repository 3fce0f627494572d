import {
  type AttendInputs,
  add,
  checkOptionNames,
  gatherRows,
  Linear,
  type Normalizer,
  OptionError,
  type Score,
  ScoreParameters,
  type Tensor,
  zeros,
} from "@vicinal/core";
import type { NodeFeatureTensor } from "./graph-layer.ts";
import { type InputWidths, requiredReceivers, widthsOf } from "./layer-input.ts";
import {
  type Mechanism,
  MultiHeadConv,
  type MultiHeadConvOptions,
  multiHeadConvOptionNames,
} from "./multi-head-conv.ts";
import type { LoopFill } from "./self-loops.ts";

/** Options of {@link ScoreConv}. */
export interface ScoreConvOptions extends MultiHeadConvOptions {
  /** How relevant a sender is to a receiver. Its parameters are learned by the layer. */
  readonly score: Score;
  /** How relevance becomes weight. Default: softmax. */
  readonly normalizer?: Normalizer | undefined;
  /** Whether self-loops are removed and each node given one. Default true. */
  readonly addSelfLoops?: boolean;
  /** Width of the edge features; for a score that reads a number of each edge 1, or one for each head. Default: none are read. */
  readonly edgeDim?: number;
  /** The features of added self-loops. Default `"mean"`. */
  readonly fillValue?: LoopFill;
  /** Whether the projections of the nodes and the output add a learned vector. Default true. */
  readonly bias?: boolean;
  /** Whether a linear projection of the receiver's input is added to the output. Default false. */
  readonly residual?: boolean;
}

const optionNames = [
  ...multiHeadConvOptionNames,
  "score",
  "normalizer",
  "addSelfLoops",
  "edgeDim",
  "fillValue",
  "bias",
  "residual",
];

/**
 * Attention along edges by any score: what makes a layer of a mechanism of one's own,
 *
 *     weight_ij = normalize over j in N(i) of score(W_query x_i, W_key x_j [, e_ij])
 *     out_i     = concat or mean over heads of sum over j of weight_ij W_value x_j [+ W_res x_i] [+ bias]
 *
 * where a score that reads a vector of each edge gets `W_e e_ij`, and one that reads a number the features themselves, such as a distance: one for all
 * heads, or one each. From `[nodes, inputs]` to `[nodes, heads * channels]`, or `[nodes, channels]` without `concat`; with two input widths senders and
 * receivers are different nodes.
 *
 * @throws OptionError `unknown-option`, `out-of-range`, `missing-input` for a score of edges without `edgeDim`, `unexpected-input` for an `edgeDim` that
 * the score does not read; `forward` throws ShapeError `shapes-differ`, OptionError `missing-input` or `unexpected-input` for edge features that do not
 * agree with `edgeDim`, `missing-input` without features of the receivers.
 */
export class ScoreConv extends MultiHeadConv {
  /** Of the receivers, `[heads * channels, inputs]`. */
  readonly linearQuery: Linear;
  /** Of the senders, `[heads * channels, inputs]`. */
  readonly linearKey: Linear;
  /** Of the senders, `[heads * channels, inputs]`. */
  readonly linearValue: Linear;
  readonly linearEdge: Linear | undefined;
  /** Those of the score by name. */
  readonly scoreParameters: ScoreParameters;
  /** Of the receivers, `[outputs, inputs]`, without bias; undefined unless `residual`. */
  readonly residual: Linear | undefined;
  /** `[outputs]`, or undefined. */
  readonly bias: Tensor | undefined;
  readonly #score: Score;
  readonly #normalizer: Normalizer | undefined;

  constructor(inputs: InputWidths, channels: number, options: ScoreConvOptions) {
    checkOptionNames("ScoreConv", options, optionNames);
    super("ScoreConv", inputs, channels, { ...options, addSelfLoops: options.addSelfLoops ?? true });
    const { random, engine, score, edgeDim, bias = true } = options;
    checkEdgeDim(score, edgeDim, this.heads);
    const [senders, receivers] = widthsOf(inputs);
    const width = this.heads * channels;
    this.linearQuery = new Linear(receivers, width, { random, engine, bias });
    this.linearKey = new Linear(senders, width, { random, engine, bias });
    this.linearValue = new Linear(senders, width, { random, engine, bias });
    this.linearEdge =
      edgeDim === undefined || score.edge !== "vector"
        ? undefined
        : new Linear(edgeDim, width, { random, engine, bias: false });
    this.scoreParameters = new ScoreParameters(score, { heads: this.heads, channels }, { random, engine });
    this.residual = options.residual ? new Linear(receivers, this.outputs, { random, engine, bias: false }) : undefined;
    this.bias = bias ? this.outputBias({ random, engine }) : undefined;
    this.#score = score;
    this.#normalizer = options.normalizer;
  }

  protected project(senders: NodeFeatureTensor, receivers: NodeFeatureTensor | undefined): AttendInputs {
    const own = requiredReceivers("ScoreConv", receivers, "the score joins both sides");
    return {
      query: this.split(this.linearQuery.forward(own)),
      key: this.split(this.linearKey.forward(senders)),
      value: this.split(this.linearValue.forward(senders)),
    };
  }

  protected override edgeInput(features: Tensor, order: Uint32Array): Tensor | undefined {
    if (this.linearEdge !== undefined) return super.edgeInput(features, order);
    const ofPositions = gatherRows(features, order);
    if (features.shape[1] === this.heads) return ofPositions;
    return add(ofPositions, zeros([order.length, this.heads], { engine: features.engine }));
  }

  protected mechanism(): Mechanism {
    const parameters = ScoreParameters.of(this.scoreParameters);
    return { score: this.#score, parameters, ...(this.#normalizer && { normalizer: this.#normalizer }) };
  }

  protected finish(attended: Tensor, receivers: NodeFeatureTensor | undefined): Tensor {
    const summed = this.residual && receivers ? add(attended, this.residual.forward(receivers)) : attended;
    return this.bias === undefined ? summed : add(summed, this.bias);
  }
}

function checkEdgeDim({ name, edge }: Score, edgeDim: number | undefined, heads: number): void {
  if (edge === "none") {
    if (edgeDim === undefined) return;
    throw new OptionError(
      "unexpected-input",
      `ScoreConv: got edgeDim ${edgeDim} with the score "${name}", which reads no edges; expected none. Use withEdge to make it read them.`,
    );
  }
  if (edgeDim === undefined) {
    throw new OptionError(
      "missing-input",
      `ScoreConv: got no edgeDim with the score "${name}", which reads ${edge === "scalar" ? "a number" : "a vector"} of each edge; expected one.`,
    );
  }
  if (edge === "vector" || edgeDim === 1 || edgeDim === heads) return;
  throw new OptionError(
    "out-of-range",
    `ScoreConv: got edgeDim ${edgeDim} with the score "${name}", which reads a number of each edge; expected 1, or one for each of ${heads} heads.`,
  );
}
