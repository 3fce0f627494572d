import type { Matrix } from "ml-matrix";
import { checkCounts } from "../check-options.ts";
import { checkOptionNames, OptionError, ShapeError } from "../errors.ts";
import { Embedding } from "../nn/embedding.ts";
import { Linear, type ParameterOptions } from "../nn/linear.ts";
import { crossEntropy } from "../nn/loss.ts";
import { Module, type Training } from "../nn/module.ts";
import { withoutGradient } from "../tensor/record.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { TargetDecoder } from "./decoder/target-decoder.ts";
import { type TargetDecoderChoice, targetDecoder } from "./decoder/target-decoder-choice.ts";
import type { SequenceEncoderChoice } from "./encoder/sequence-encoder.ts";
import { TokenEncoder } from "./encoder/token-encoder.ts";
import {
  type BeamSearchOptions,
  beamSearch,
  beamSearchNames,
  checkBeamSearch,
  type Hypothesis,
} from "./generation/beam-search.ts";
import { tokenWriter } from "./generation/token-writer.ts";
import type { SequenceContext, SequenceLossOptions } from "./sequence-context.ts";
import { checkTokens } from "./tokens/check-tokens.ts";
import {
  checkedBatch,
  type NextTokens,
  nextTokens,
  type PackedBatch,
  type TokenSequences,
} from "./tokens/packed-batch.ts";

/** Options of {@link Seq2Seq}. */
export interface Seq2SeqOptions extends ParameterOptions {
  /** Count of tokens of the sources. */
  readonly sourceTokens: number;
  /** Count of tokens of the targets, `begin` and `end` included. */
  readonly targetTokens: number;
  /** The target token that the decoder reads first. */
  readonly begin: number;
  /** The target token that ends a target. */
  readonly end: number;
  /** Width of the vector of a token, of sources and of targets. Default 64. */
  readonly width?: number;
  /** What reads the sources. */
  readonly encoder: SequenceEncoderChoice;
  /** What writes the targets. Any decoder goes with any encoder. */
  readonly decoder: TargetDecoderChoice;
  /** Probability with which a number is dropped while training: of the vectors of tokens, and of what the next token is predicted from. Default 0. */
  readonly dropout?: number;
}

/** Options of {@link Seq2Seq.translate}. */
export interface TranslateOptions extends BeamSearchOptions {
  /** Whether {@link Translation.attention} is wanted, which costs reading the answers once more. Default false. */
  readonly attention?: boolean;
}

/** An answer of a {@link Seq2Seq}. */
export interface Translation extends Hypothesis {
  /** If asked for: how much each token attended to each token of the source, `[target length, source length]`. */
  readonly attention?: Matrix;
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
  /** The target token that the decoder reads first. */
  readonly begin: number;
  /** The target token that ends a target. */
  readonly end: number;
  /** Reads the sources. */
  readonly reader: TokenEncoder;
  /** The vectors of the target tokens, `[targetTokens, width]`. */
  readonly embedding: Embedding;
  /** Writes the targets. */
  readonly decoder: TargetDecoder;
  /** From what the decoder makes to the logits of the next token. */
  readonly output: Linear;

  /**
   * @throws OptionError `unknown-option`; `out-of-range` or `missing-input` for a count, a token, a width, an encoder or a decoder that cannot
   * be.
   */
  constructor(options: Seq2SeqOptions) {
    super();
    checkOptionNames("Seq2Seq", options, optionNames);
    const { random, engine, sourceTokens, targetTokens, begin, end, width = 64, encoder, decoder, dropout } = options;
    checkCounts("Seq2Seq", { sourceTokens, targetTokens, width });
    checkTokens("Seq2Seq", { begin, end }, targetTokens);
    this.begin = begin;
    this.end = end;
    const made = { random, engine };
    const shared = { ...made, width, ...(dropout !== undefined && { dropout }) };
    this.reader = new TokenEncoder("Seq2Seq", { ...shared, tokens: sourceTokens, encoder });
    this.embedding = new Embedding(targetTokens, width, made);
    this.decoder = targetDecoder(decoder, { ...made, width, memory: this.reader.outputs });
    this.output = new Linear(this.decoder.outputs, targetTokens, made);
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
    return this.#logits(source, nextTokens(target, this), training);
  }

  /**
   * The mean of `-log softmax(logits)[token]` over all target tokens and the ends of the targets, under teacher forcing. A target may be empty.
   *
   * @throws ShapeError `shapes-differ` unless there is a target for each source; DataError `empty-sequence` for a source, or
   * `index-out-of-range` for a token that the model does not know; OptionError `out-of-range`.
   */
  loss(
    sources: TokenSequences,
    targets: TokenSequences,
    { training, labelSmoothing = 0 }: SequenceLossOptions = {},
  ): Tensor {
    const { source, target } = this.#pair(sources, targets);
    const next = nextTokens(target, this);
    return crossEntropy(this.#logits(source, next, training), next.targets, { labelSmoothing });
  }

  /**
   * The best answer that a {@link beamSearch} finds for each source, all sources at once; with a beam of 1 the search is greedy.
   *
   * @throws OptionError `unknown-option`; `out-of-range` for a beam, a length or a penalty that cannot be, or a length that learned positions
   * do not reach; DataError `empty-sequence`, `index-out-of-range` for a token that the model does not know, or `not-finite` where the
   * model gives no numbers; EngineError `no-synchronous-read` on an engine that cannot read at once.
   */
  translate(sources: TokenSequences, options: TranslateOptions): Translation[] {
    checkOptionNames("Seq2Seq.translate", options, [...beamSearchNames, "attention"]);
    checkBeamSearch("Seq2Seq.translate", options);
    const { attention = false, ...search } = options;
    // The begin is read too.
    if (search.maximumLength >= this.decoder.capacity) {
      throw new OptionError(
        "out-of-range",
        `Seq2Seq.translate: got maximumLength ${search.maximumLength}; expected less than ${this.decoder.capacity}, the count of ` +
          "positions that the decoder has learned.",
      );
    }
    const source = this.#sources(sources);
    const hypotheses = withoutGradient(() => scope(() => this.#search(source, search)));
    if (!attention) return hypotheses;
    const matrices = this.align(
      source,
      hypotheses.map(({ tokens }) => tokens),
    );
    return hypotheses.map((hypothesis, b) => ({ ...hypothesis, attention: matrices[b]! }));
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
    const { inputs } = nextTokens(target, { begin: this.begin });
    return withoutGradient(() =>
      scope(() =>
        this.decoder.align(this.embedding.forward(inputs.tokens), this.reader.forward(source), inputs.lengths),
      ),
    );
  }

  #search(source: PackedBatch, options: BeamSearchOptions): Hypothesis[] {
    const { begin, end } = this;
    const { length: count } = source.lengths;
    if (count === 0) return [];
    const writer = tokenWriter(
      scope(() => this.decoder.begin(this.reader.forward(source))),
      (tokens) => this.embedding.forward(tokens),
      (output) => this.output.forward(output),
    );
    return beamSearch({ writer, sources: count, begin, end }, options);
  }

  #logits(source: PackedBatch, { inputs }: NextTokens, training: Training | undefined): Tensor {
    const { dropout } = this.reader;
    const encoded = this.reader.forward(source, training);
    const x = dropout.forward(this.embedding.forward(inputs.tokens), { training });
    const written = this.decoder.forward(x, encoded, inputs.lengths, training);
    return this.output.forward(dropout.forward(written, { training }));
  }

  #sources(sources: TokenSequences): PackedBatch {
    return checkedBatch("Seq2Seq", sources, { tokens: this.reader.tokens });
  }

  #pair(
    sources: TokenSequences,
    targets: TokenSequences,
  ): { readonly source: PackedBatch; readonly target: PackedBatch } {
    const source = this.#sources(sources);
    const target = checkedBatch("Seq2Seq targets", targets, { tokens: this.embedding.count, mayBeEmpty: true });
    if (source.lengths.length === target.lengths.length) return { source, target };
    throw new ShapeError(
      "shapes-differ",
      `Seq2Seq: got ${source.lengths.length} sources and ${target.lengths.length} targets; expected a target for each source.`,
    );
  }
}
