import type { Matrix } from "ml-matrix";
import { checkCounts } from "../check-options.ts";
import { checkOptionNames } from "../errors.ts";
import { Module, type Training } from "../nn/module.ts";
import { recordArchitecture } from "../plugin/architecture.ts";
import { coreIdentity } from "../plugin/core-identity.ts";
import { withoutGradient } from "../tensor/record.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { EncodedSources } from "./decoder/target-decoder.ts";
import {
  TokenDecoder,
  type TokenDecoderOptions,
  type WriteOptions,
  type WrittenTokens,
} from "./decoder/token-decoder.ts";
import type { SequenceEncoderChoice } from "./encoder/sequence-encoder.ts";
import { TokenEncoder } from "./encoder/token-encoder.ts";
import type { SequenceContext, SequenceLossOptions } from "./sequence-context.ts";
import type { PackedBatch, TokenSequences } from "./tokens/packed-batch.ts";

/**
 * Options of {@link Seq2Seq}: how it writes, and what it reads. Its `width` is that of the vectors of sources too, and its `dropout` drops of
 * them too.
 */
export interface Seq2SeqOptions extends TokenDecoderOptions {
  /** Count of tokens of the sources. */
  readonly sourceTokens: number;
  /** What reads the sources. */
  readonly encoder: SequenceEncoderChoice;
}

const optionNames = [
  "random",
  "engine",
  "sourceTokens",
  "targetTokens",
  "begin",
  "end",
  "width",
  "encoder",
  "decoder",
  "dropout",
];

/**
 * Sequence to sequence: an encoder reads the source, and a decoder that attends to what the encoder made writes the target, token by token,
 *
 *     P(target | source) = product over t of softmax(W decoder(target_<t, encoder(source)) + b)[target_t]
 *
 * Recurrent with attention, as Bahdanau, Cho and Bengio (ICLR 2015):
 * `encoder: { kind: "gru", hidden, bidirectional: true }, decoder: { kind: "bahdanau", hidden }`. `"luong"` is that of Luong, Pham and Manning (EMNLP
 * 2015). The transformer of Vaswani et al. (NeurIPS 2017): `encoder: { kind: "transformer", layers, heads }` and the same as decoder.
 *
 * Targets are given, and answers come, without `begin` and `end`: the model puts them there.
 */
export class Seq2Seq extends Module {
  /** Reads the sources. */
  readonly reader: TokenEncoder;
  /** Writes the targets. */
  readonly writer: TokenDecoder;

  /**
   * @throws OptionError `unknown-option`; `out-of-range` or `missing-input` for a count, a token, a width, an encoder or a decoder that cannot
   * be.
   */
  constructor(options: Seq2SeqOptions) {
    super();
    checkOptionNames("Seq2Seq", options, optionNames);
    const { random, engine, sourceTokens, encoder, width, dropout } = options;
    checkCounts("Seq2Seq", { sourceTokens });
    this.reader = new TokenEncoder("Seq2Seq", { random, engine, tokens: sourceTokens, encoder, width, dropout });
    const { outputs } = this.reader;
    this.writer = new TokenDecoder("Seq2Seq", options, { memory: outputs, summary: outputs });
    recordArchitecture(this, Seq2Seq, coreIdentity, "seq2seq", options);
  }

  /**
   * The logits of every target token and of the end after it, each from the true tokens before it (teacher forcing): of a target of `n` tokens
   * `n + 1` rows of `[elements, targetTokens]`, one target after the other.
   *
   * @throws ShapeError `shapes-differ` unless there is a target for each source; DataError `empty-sequence` for a source, or
   * `index-out-of-range` for a token that the model does not know.
   */
  forward(sources: TokenSequences, targets: TokenSequences, { training }: SequenceContext = {}): Tensor {
    const { source, target } = this.#pair(sources, targets);
    return this.writer.forward(this.#encode(source, training), target, training);
  }

  /**
   * The mean of `-log softmax(logits)[token]` over all target tokens and the ends of the targets, under teacher forcing; one number. A target may be empty.
   *
   * @throws ShapeError `shapes-differ` unless there is a target for each source; DataError `empty-sequence` for a source, or
   * `index-out-of-range` for a token that the model does not know; OptionError `out-of-range`.
   */
  loss(sources: TokenSequences, targets: TokenSequences, options: SequenceLossOptions = {}): Tensor {
    const { source, target } = this.#pair(sources, targets);
    return this.writer.loss(this.#encode(source, options.training), target, options);
  }

  /**
   * The best answer that a beam search finds for each source, all sources at once; with a beam of 1 the search is greedy.
   *
   * @throws OptionError `unknown-option`; `out-of-range` for a beam, a length or a penalty that cannot be, or a length that learned positions
   * do not reach; DataError `empty-sequence`, `index-out-of-range` for a token that the model does not know, or `not-finite` where the
   * model gives no numbers; EngineError `no-synchronous-read` on an engine that cannot read at once.
   */
  translate(sources: TokenSequences, options: WriteOptions): WrittenTokens[] {
    const source = this.reader.batch(sources);
    return this.writer.write(() => this.#encode(source), options);
  }

  /**
   * How much each token of a target attends to each token of its source when it is written, `[target length, source length]` for each pair: of a
   * transformer the mean over the heads of all layers. Rows sum to 1 under softmax.
   *
   * @throws ShapeError `shapes-differ` unless there is a target for each source; DataError `empty-sequence` for a source, or
   * `index-out-of-range` for a token that the model does not know; EngineError `no-synchronous-read` on an engine that cannot read at once.
   */
  align(sources: TokenSequences, targets: TokenSequences): Matrix[] {
    const { source, target } = this.#pair(sources, targets);
    return withoutGradient(() => scope(() => this.writer.align(this.#encode(source), target)));
  }

  #encode(source: PackedBatch, training?: Training): EncodedSources {
    const { elements, last, lengths } = this.reader.forward(source, training);
    return { elements, summary: last, lengths };
  }

  #pair(
    sources: TokenSequences,
    targets: TokenSequences,
  ): { readonly source: PackedBatch; readonly target: PackedBatch } {
    const source = this.reader.batch(sources);
    return { source, target: this.writer.targets(targets, source.lengths.length) };
  }
}
