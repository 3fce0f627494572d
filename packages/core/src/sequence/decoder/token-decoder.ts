import type { Matrix } from "ml-matrix";
import { checkCounts } from "../../check-options.ts";
import { checkOptionNames, OptionError, ShapeError } from "../../errors.ts";
import { Dropout } from "../../nn/dropout-layer.ts";
import { Embedding } from "../../nn/embedding.ts";
import { Linear, type ParameterOptions } from "../../nn/linear.ts";
import { crossEntropy } from "../../nn/loss.ts";
import { Module, type Training } from "../../nn/module.ts";
import { withoutGradient } from "../../tensor/record.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
  type BeamSearchOptions,
  beamSearch,
  beamSearchNames,
  checkBeamSearch,
  type Hypothesis,
} from "../generation/beam-search.ts";
import { tokenWriter } from "../generation/token-writer.ts";
import type { SequenceLossOptions } from "../sequence-context.ts";
import { checkTokens } from "../tokens/check-tokens.ts";
import {
  checkedBatch,
  type NextTokens,
  nextTokens,
  type PackedBatch,
  packSequences,
  type TokenSequences,
} from "../tokens/packed-batch.ts";
import type { EncodedSources, TargetDecoder } from "./target-decoder.ts";
import { type TargetDecoderChoice, targetDecoder } from "./target-decoder-choice.ts";

/** How the targets of a model are written, whatever it reads. */
export interface TokenDecoderOptions extends ParameterOptions {
  /** Count of tokens of the targets, `begin` and `end` included. */
  readonly targetTokens: number;
  /** The target token that the decoder reads first. */
  readonly begin: number;
  /** The target token that ends a target. */
  readonly end: number;
  /** Width of the vector of a token. Default 64. */
  readonly width?: number;
  /** What writes the targets. Any decoder goes with any encoder. */
  readonly decoder: TargetDecoderChoice;
  /** Probability with which a number is dropped while training: of the vectors of tokens, and of what the next token is predicted from. Default 0. */
  readonly dropout?: number;
}

/** The widths of {@link EncodedSources}. */
export interface EncodedWidths {
  /** Of an element that is attended to. */
  readonly memory: number;
  /** Of what stands for a source as a whole. */
  readonly summary: number;
}

/** How answers are written. */
export interface WriteOptions extends BeamSearchOptions {
  /** Whether {@link WrittenTokens.attention} is wanted, which costs reading the answers once more. Default false. */
  readonly attention?: boolean;
}

/** A target that was written. */
export interface WrittenTokens extends Hypothesis {
  /** If asked for: how much each token attended to each element of the source, `[target length, source length]`. */
  readonly attention?: Matrix;
}

/**
 * The half of a model that writes: from encoded sources, whatever they were, to target sequences, token by token,
 *
 *     P(target | source) = product over t of softmax(W decoder(target_<t, source) + b)[target_t]
 *
 * Targets are given, and answers come, without `begin` and `end`: they are put there. Every method takes a target for each source.
 */
export class TokenDecoder extends Module {
  /** The target token that the decoder reads first. */
  readonly begin: number;
  /** The target token that ends a target. */
  readonly end: number;
  /** The vectors of the target tokens, `[targetTokens, width]`. */
  readonly embedding: Embedding;
  /** On the vectors, and on what the next token is predicted from. */
  readonly dropout: Dropout;
  /** Writes the targets. */
  readonly decoder: TargetDecoder;
  /** From what the decoder makes to the logits of the next token. */
  readonly output: Linear;
  readonly #where: string;

  /**
   * @param where The model that is made, as errors name it.
   * @throws OptionError `out-of-range`, `missing-input` or `unknown-option` for a count, a token, a width or a decoder that cannot be. Options of
   * other parts of the model are not looked at.
   */
  constructor(where: string, options: TokenDecoderOptions, { memory, summary }: EncodedWidths) {
    super();
    const { random, engine, targetTokens, begin, end, width = 64, decoder, dropout = 0 } = options;
    checkCounts(where, { targetTokens, width });
    checkTokens(where, { begin, end }, targetTokens);
    this.#where = where;
    this.begin = begin;
    this.end = end;
    const made = { random, engine };
    this.embedding = new Embedding(targetTokens, width, made);
    this.dropout = new Dropout(dropout);
    this.decoder = targetDecoder(decoder, { ...made, width, memory, summary });
    this.output = new Linear(this.decoder.outputs, targetTokens, made);
  }

  /**
   * The targets packed, after a look at whether they are fit for so many sources. Some may be empty.
   *
   * @throws ShapeError `shapes-differ` unless there is a target for each source; DataError `index-out-of-range` for a token that there is not.
   */
  targets(given: TokenSequences, sources: number): PackedBatch {
    const targets = checkedBatch(`${this.#where} targets`, given, { tokens: this.embedding.count, mayBeEmpty: true });
    if (targets.lengths.length === sources) return targets;
    throw new ShapeError(
      "shapes-differ",
      `${this.#where}: got ${targets.lengths.length} targets for ${sources} sources; expected a target for each source.`,
    );
  }

  /**
   * The logits of every target token and of the end after it, each from the true tokens before it (teacher forcing): of a target of `n` tokens
   * `n + 1` rows of `[elements, targetTokens]`, one target after the other.
   *
   * @param targets As `targets` gives them.
   */
  forward(sources: EncodedSources, targets: PackedBatch, training?: Training): Tensor {
    return this.#logits(sources, nextTokens(targets, this), training);
  }

  /**
   * The mean of `-log softmax(logits)[token]` over all target tokens and the ends of the targets, under teacher forcing; one number.
   *
   * @param targets As `targets` gives them.
   * @throws OptionError `out-of-range`.
   */
  loss(
    sources: EncodedSources,
    targets: PackedBatch,
    { training, labelSmoothing = 0 }: SequenceLossOptions = {},
  ): Tensor {
    const next = nextTokens(targets, this);
    return crossEntropy(this.#logits(sources, next, training), next.targets, { labelSmoothing });
  }

  /**
   * The best answer that a {@link beamSearch} finds for each source, all sources at once; with a beam of 1 the search is greedy.
   *
   * @param encode Makes the sources, once and after the options were looked at. What else it makes is freed.
   * @throws OptionError `unknown-option`; `out-of-range` for a beam, a length or a penalty that cannot be, or a length that learned positions
   * do not reach; DataError `not-finite` where the model gives no numbers; EngineError `no-synchronous-read` on an engine that cannot read at once.
   */
  write(encode: () => EncodedSources, options: WriteOptions): WrittenTokens[] {
    const where = `${this.#where}, writing`;
    checkOptionNames(where, options, [...beamSearchNames, "attention"]);
    checkBeamSearch(where, options);
    const { attention = false, ...search } = options;
    // The begin is read too.
    if (search.maximumLength >= this.decoder.capacity) {
      throw new OptionError(
        "out-of-range",
        `${where}: got maximumLength ${search.maximumLength}; expected less than ${this.decoder.capacity}, the count of ` +
          "positions that the decoder has learned.",
      );
    }
    return withoutGradient(() =>
      scope(() => {
        const sources: EncodedSources = scope(encode);
        const hypotheses = this.#search(sources, search);
        if (!attention) return hypotheses;
        const matrices = this.align(sources, packSequences(hypotheses.map(({ tokens }) => tokens)));
        return hypotheses.map((hypothesis, b) => ({ ...hypothesis, attention: matrices[b]! }));
      }),
    );
  }

  /**
   * How much each token of a target attends to each element of its source when it is written, `[target length, source length]` for each target: of a
   * transformer the mean over the heads of all layers. Rows sum to 1 under softmax.
   *
   * @param targets As `targets` gives them.
   * @throws EngineError `no-synchronous-read` on an engine that cannot read at once.
   */
  align(sources: EncodedSources, targets: PackedBatch): Matrix[] {
    const { inputs } = nextTokens(targets, { begin: this.begin });
    return withoutGradient(() =>
      scope(() => this.decoder.align(this.embedding.forward(inputs.tokens), sources, inputs.lengths)),
    );
  }

  #search(encoded: EncodedSources, options: BeamSearchOptions): Hypothesis[] {
    const { begin, end } = this;
    const { length: sources } = encoded.lengths;
    if (sources === 0) return [];
    const writer = tokenWriter(
      scope(() => this.decoder.begin(encoded)),
      (tokens) => this.embedding.forward(tokens),
      (output) => this.output.forward(output),
    );
    return beamSearch({ writer, sources, begin, end }, options);
  }

  #logits(sources: EncodedSources, { inputs }: NextTokens, training: Training | undefined): Tensor {
    const x = this.dropout.forward(this.embedding.forward(inputs.tokens), { training });
    const written = this.decoder.forward(x, sources, inputs.lengths, training);
    return this.output.forward(this.dropout.forward(written, { training }));
  }
}
