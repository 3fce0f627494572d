import {
  checkOptionNames,
  type EncodedSources,
  Module,
  OptionError,
  type Registry,
  recordArchitecture,
  type SequenceLossOptions,
  scope,
  type Tensor,
  TokenDecoder,
  type TokenDecoderOptions,
  type TokenSequences,
  type Training,
  type WriteOptions,
  type WrittenTokens,
  withoutGradient,
} from "@vicinal/core";
import type { Matrix } from "ml-matrix";
import { graphIdentity } from "../../plugin/graph-identity.ts";
import type { Readout } from "../../readout/readout.ts";
import { type AnyReadoutName, chosenReadout } from "../../readout/readout-by-name.ts";
import type { GraphInputs, GraphModelContext } from "../graph-model.ts";
import { lengthsOfGraphs } from "../lengths-of-graphs.ts";
import { type GraphEncoder, type GraphEncoderChoice, graphEncoder } from "./graph-encoder.ts";
import { refuseEmpty } from "./refuse-empty.ts";

/** Options of {@link GraphToSequence}: how it writes, as a `Seq2Seq` does, and what it reads. */
export interface GraphToSequenceOptions extends TokenDecoderOptions {
  /** What reads the graphs. */
  readonly encoder: GraphEncoderChoice;
  /**
   * What a recurrent decoder starts from: its first state is `tanh(W readout(node states) + b)`. Default `"mean"`. A transformer starts from its
   * first token alone, and takes none.
   */
  readonly readout?: AnyReadoutName;
  /** Where names of layers and read-outs are looked up first. Default: those built in are known. */
  readonly registry?: Registry | undefined;
}

const optionNames = [
  "random",
  "engine",
  "targetTokens",
  "begin",
  "end",
  "width",
  "encoder",
  "decoder",
  "readout",
  "registry",
  "dropout",
];

/**
 * Graph to sequence: an encoder gives each node of a graph a state, and a decoder that attends to the nodes of its graph writes the target, token by
 * token,
 *
 *     P(target | graph) = product over t of softmax(W decoder(target_<t, nodes(graph)) + b)[target_t]
 *
 * core's `Seq2Seq` with nodes in place of the elements of a sequence (Xu et al., "Graph2Seq: graph to sequence learning with attention-based neural
 * networks", 2018). Nodes have no order, so that neither has the answer: with its nodes in another order a graph gets the same answer, and the
 * alignment has its columns in that order.
 *
 * ```ts
 * const model = new GraphToSequence({
 *   encoder: { kind: "gatv2", inputs: collection.featureWidth ?? 0, layers: 3, hidden: 64 },
 *   decoder: { kind: "bahdanau", hidden: 64 },
 *   targetTokens: vocabulary.size, begin: vocabulary.begin, end: vocabulary.end, random,
 * });
 * await fit(model, new GraphToSequenceTask(model, { collection, targets }), { optimizer: adam(model.parameters()) });
 * const [{ tokens, attention }] = model.write(graphInputs(batch), { maximumLength: 40, beam: 4, attention: true });
 * ```
 *
 * Targets are given, and answers come, without `begin` and `end`: the model puts them there.
 *
 * Attention by softmax is a mean, which does not tell two equal nodes from three. To write what must be counted give the decoder
 * `normalizer: sigmoidNormalizer()`, with which it is a sum, and let the encoder sum over neighbors too (a module around `GINConv`).
 */
export class GraphToSequence extends Module {
  /** Reads the graphs. */
  readonly encoder: GraphEncoder;
  /** What a recurrent decoder starts from; a transformer does not read it. */
  readonly readout: Readout;
  /** Writes the targets. */
  readonly writer: TokenDecoder;

  /**
   * @throws OptionError `unknown-option`; `out-of-range`, `missing-input` or `heads-do-not-divide` for a count, a token, a width, an encoder, a
   * read-out or a decoder that cannot be; `unexpected-input` for a read-out that a transformer would not read.
   */
  constructor(options: GraphToSequenceOptions) {
    super();
    checkOptionNames("GraphToSequence", options, optionNames);
    const { random, engine, encoder, decoder, readout = "mean", dropout = 0 } = options;
    if (options.readout !== undefined && decoder.kind === "transformer") {
      throw new OptionError(
        "unexpected-input",
        `GraphToSequence: got the readout "${readout}" for a transformer, which starts from its first token alone; expected none, or a recurrent ` +
          'decoder, "bahdanau" or "luong".',
      );
    }
    const made = { random, engine, registry: options.registry };
    this.encoder = graphEncoder(encoder, made, dropout);
    this.readout = chosenReadout(readout, this.encoder.outputs, made);
    this.writer = new TokenDecoder("GraphToSequence", options, {
      memory: this.encoder.outputs,
      summary: this.readout.outputs,
    });
    recordArchitecture(this, GraphToSequence, graphIdentity, "graph-to-sequence", options);
  }

  /**
   * The logits of every target token and of the end after it, each from the true tokens before it (teacher forcing): of a target of `n` tokens
   * `n + 1` rows of `[elements, targetTokens]`, one target after the other.
   *
   * @throws ShapeError `shapes-differ` unless there is a target for each graph, or for graphs whose parts do not fit; DataError `empty-graph`,
   * `not-grouped` unless the nodes come one graph after the other, or `index-out-of-range` for a token that the model does not know or a node of
   * a graph that there is not.
   */
  forward(graphs: GraphInputs, targets: TokenSequences, { training }: GraphModelContext = {}): Tensor {
    const lengths = lengthsToRead(graphs);
    const target = this.writer.targets(targets, graphs.graphs);
    return this.writer.forward(this.#encode(graphs, lengths, training), target, training);
  }

  /**
   * The mean of `-log softmax(logits)[token]` over all target tokens and the ends of the targets, under teacher forcing; one number. A target may be empty.
   *
   * @throws As {@link forward}; OptionError `out-of-range`.
   */
  loss(graphs: GraphInputs, targets: TokenSequences, options: SequenceLossOptions = {}): Tensor {
    const lengths = lengthsToRead(graphs);
    const target = this.writer.targets(targets, graphs.graphs);
    return this.writer.loss(this.#encode(graphs, lengths, options.training), target, options);
  }

  /**
   * The best answer that a beam search finds for each graph, all graphs at once; with a beam of 1 the search is greedy. With `attention: true` each has
   * its alignment, `[target length, nodes of the graph]`, its columns in the order of the nodes, as `attentionSvg` draws it.
   *
   * @throws OptionError `unknown-option`; `out-of-range` for a beam, a length or a penalty that cannot be, or a length that learned positions
   * do not reach; what {@link forward} throws for graphs; DataError `not-finite` where the model gives no numbers; EngineError
   * `no-synchronous-read` on an engine that cannot read at once.
   */
  write(graphs: GraphInputs, options: WriteOptions): WrittenTokens[] {
    const lengths = lengthsToRead(graphs);
    return this.writer.write(() => this.#encode(graphs, lengths), options);
  }

  /**
   * How much each token of a target attends to each node of its graph when it is written, `[target length, nodes of the graph]` for each graph, columns
   * in the order of the nodes: of a transformer the mean over the heads of all layers. Rows sum to 1 under softmax. A node's state tells of the
   * nodes around it too, so that what a token is about may stand beside the node that is looked at.
   *
   * @throws As {@link forward}; EngineError `no-synchronous-read` on an engine that cannot read at once.
   */
  align(graphs: GraphInputs, targets: TokenSequences): Matrix[] {
    const lengths = lengthsToRead(graphs);
    const target = this.writer.targets(targets, graphs.graphs);
    return withoutGradient(() => scope(() => this.writer.align(this.#encode(graphs, lengths), target)));
  }

  #encode(graphs: GraphInputs, lengths: Uint32Array, training?: Training): EncodedSources {
    const elements = this.encoder.forward(graphs, { training });
    return { elements, summary: this.readout.forward(elements, graphs, { training }), lengths };
  }
}

/** Count of nodes of each graph, none of them 0. */
function lengthsToRead(graphs: GraphInputs): Uint32Array {
  const lengths = lengthsOfGraphs("GraphToSequence", graphs);
  refuseEmpty("GraphToSequence", lengths);
  return lengths;
}
