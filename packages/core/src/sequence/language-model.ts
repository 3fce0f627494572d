import { checkCounts, checkPositive } from "../check-options.ts";
import { checkOptionNames, DataError, OptionError } from "../errors.ts";
import { Embedding } from "../nn/embedding.ts";
import { Linear } from "../nn/linear.ts";
import { crossEntropy } from "../nn/loss.ts";
import { Module, type Training } from "../nn/module.ts";
import { TransformerEncoder, type TransformerEncoderOptions } from "../nn/transformer/encoder.ts";
import { recordArchitecture } from "../plugin/architecture.ts";
import { coreIdentity } from "../plugin/core-identity.ts";
import type { Random } from "../random.ts";
import { divide } from "../tensor/elementwise.ts";
import { matmul } from "../tensor/product.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Generation, type Prompt, sampleTokens } from "./generation/sample-tokens.ts";
import { continuation, tokenWriter } from "./generation/token-writer.ts";
import type { SequenceContext, SequenceLossOptions } from "./sequence-context.ts";
import { checkTokens } from "./tokens/check-tokens.ts";
import {
  checkedBatch,
  type NextTokens,
  nextTokens,
  type PackedBatch,
  splitByLengths,
  type TokenSequences,
} from "./tokens/packed-batch.ts";

/** Options of {@link LanguageModel}. */
export interface LanguageModelOptions extends Omit<TransformerEncoderOptions, "causal"> {
  /** Count of tokens, such as `vocabulary.size`. */
  readonly tokens: number;
  /** Width of the vector of a token. Default 64. */
  readonly width?: number;
  /** The token that the model reads before a sequence. Default: none, so that the first token of a sequence is not predicted. */
  readonly begin?: number | undefined;
  /** The token that ends a sequence. Default: none, so that sequences go on for ever. */
  readonly end?: number | undefined;
  /** Whether logits are inner products with the vectors of the tokens, instead of a projection of their own. Default true. */
  readonly tied?: boolean;
}

/** Options of {@link LanguageModel.generate}. */
export interface GenerateOptions {
  /** Count of tokens that are added at most. */
  readonly maximumLength: number;
  /** Given: tokens are drawn from it by their probabilities. Default: the most probable token is taken at each step. */
  readonly random?: Random | undefined;
  /** What logits are divided by before a token is drawn: below 1 probable tokens become more probable. Default 1; read with `random` only. */
  readonly temperature?: number;
  /** Tokens are drawn from that many of the most probable ones. Default: from all; read with `random` only. */
  readonly topK?: number;
}

/**
 * A language model in the style of GPT (Radford et al., 2018 and 2019): a causal transformer that predicts each token from those before it,
 *
 *     P(tokens) = product over t of softmax(E encoder(E[tokens_<t]) / sqrt(width))[tokens_t]
 *
 * where `E` are the vectors of the tokens, shared by both ends (Vaswani et al., NeurIPS 2017, section 3.4, where `E` is smaller by
 * `sqrt(width)` and multiplied by it at the input; Press and Wolf, EACL 2017). Layers normalize first and have Gaussian error linear units
 * when nothing else is said, as GPT-2; its positions are `positions: "learned"`.
 */
export class LanguageModel extends Module {
  /** The token that the model reads before a sequence, if there is one. */
  readonly begin: number | undefined;
  /** The token that ends a sequence, if there is one. */
  readonly end: number | undefined;
  /** The vectors of the tokens, `[tokens, width]`. */
  readonly embedding: Embedding;
  /** Reads them, each and those before it. */
  readonly encoder: TransformerEncoder;
  /** From what the encoder makes to logits; undefined where the vectors of the tokens do it. */
  readonly output: Linear | undefined;

  /** @throws OptionError `unknown-option`; `out-of-range` or `missing-input` for a count, a token, a width or a transformer that cannot be. */
  constructor(options: LanguageModelOptions) {
    super();
    const { tokens, width = 64, begin, end, tied = true, ...layers } = options;
    const { random, engine } = options;
    checkCounts("LanguageModel", { tokens, width });
    checkTokens("LanguageModel", { begin, end }, tokens);
    if ("causal" in layers) {
      throw new OptionError(
        "unknown-option",
        'LanguageModel: got the option "causal"; expected none, because a language model is causal always. Leave it out.',
      );
    }
    this.begin = begin;
    this.end = end;
    this.embedding = new Embedding(tokens, width, { random, engine });
    this.encoder = new TransformerEncoder(width, {
      normalization: "pre",
      activation: "gelu",
      ...layers,
      causal: true,
    });
    this.output = tied ? undefined : new Linear(width, tokens, { random, engine });
    recordArchitecture(this, LanguageModel, coreIdentity, "language-model", options);
  }

  /**
   * The logits of the next token after each, `[elements, tokens]`: for each sequence, framed by `begin` and `end` where the model has them, a row
   * for every token but the last.
   *
   * @throws DataError `empty-sequence` for a sequence in which there is nothing to predict, or `index-out-of-range` for a token that the
   * model does not know.
   */
  forward(sequences: TokenSequences, { training }: SequenceContext = {}): Tensor {
    return this.#logits(this.#next(sequences), training);
  }

  /**
   * The mean of `-log softmax(logits)[next token]` over all tokens that are predicted, one number. Its exponential is the perplexity.
   *
   * @throws DataError `empty-sequence` for a sequence in which there is nothing to predict, or `index-out-of-range` for a token that the
   * model does not know; OptionError `out-of-range`.
   */
  loss(sequences: TokenSequences, { training, labelSmoothing = 0 }: SequenceLossOptions = {}): Tensor {
    const next = this.#next(sequences);
    return crossEntropy(this.#logits(next, training), next.targets, { labelSmoothing });
  }

  /**
   * Continues prompts, all at once, until the end is written or `maximumLength` tokens are. Keys and values of what was read are
   * remembered. What is drawn for one prompt does not depend on the others after it.
   *
   * @param prompts Without `begin`, which the model reads before them; where it has one, a prompt may be empty.
   * @throws OptionError `unknown-option`; `out-of-range` for a value that cannot be, or more tokens than positions were learned; `missing-input` for
   * what is read with `random` only; DataError `empty-sequence`, `index-out-of-range` for a token that the model does not know, or
   * `not-finite` where the model gives no numbers; EngineError `no-synchronous-read` on an engine that cannot read at once.
   */
  generate(prompts: TokenSequences, options: GenerateOptions): Generation[] {
    checkGenerate(options);
    const { begin, end } = this;
    const batch = this.#batch(prompts);
    const read = splitByLengths(batch.tokens, batch.lengths).map(
      (tokens): Prompt => ({
        tokens: begin === undefined ? tokens : Uint32Array.of(begin, ...tokens),
        random: options.random?.fork(),
      }),
    );
    if (read.length === 0) return [];
    this.#checkPositions(read, options.maximumLength);
    const writer = tokenWriter(
      continuation(this.encoder, this.encoder.begin(read.length)),
      (tokens) => this.embedding.forward(tokens),
      (output) => this.#project(output),
    );
    return scope(() => sampleTokens(writer, read, { ...options, end }));
  }

  #batch(sequences: TokenSequences): PackedBatch {
    const mayBeEmpty = this.begin !== undefined;
    return checkedBatch("LanguageModel", sequences, { tokens: this.embedding.count, mayBeEmpty });
  }

  #next(sequences: TokenSequences): NextTokens {
    const batch = this.#batch(sequences);
    const next = nextTokens(batch, this);
    const nothing = next.inputs.lengths.indexOf(0);
    if (nothing < 0) return next;
    throw new DataError(
      "empty-sequence",
      `LanguageModel: sequence ${nothing} has ${batch.lengths[nothing]} tokens; expected at least two, begin and end included, because each is ` +
        "predicted from those before it.",
    );
  }

  #logits({ inputs }: NextTokens, training: Training | undefined): Tensor {
    const { tokens, lengths } = inputs;
    return this.#project(this.encoder.forward(this.embedding.forward(tokens), { lengths, training }));
  }

  #project(x: Tensor): Tensor {
    const { weight, width } = this.embedding;
    return this.output?.forward(x) ?? divide(matmul(x, weight, { transposeB: true }), Math.sqrt(width));
  }

  #checkPositions(prompts: readonly Prompt[], maximumLength: number): void {
    const learned = this.encoder.positions.learned?.maximum ?? Number.POSITIVE_INFINITY;
    // The last token that is written is not read.
    const longest = prompts.reduce((most, { tokens }) => Math.max(most, tokens.length), 0) + maximumLength - 1;
    if (longest <= learned) return;
    throw new OptionError(
      "out-of-range",
      `LanguageModel.generate: got prompts and a maximumLength that need ${longest} positions; expected at most ${learned}, as many as were learned.`,
    );
  }
}

function checkGenerate(options: GenerateOptions): void {
  const where = "LanguageModel.generate";
  checkOptionNames(where, options, ["maximumLength", "random", "temperature", "topK"]);
  const { maximumLength, random, temperature = 1, topK = 1 } = options;
  checkCounts(where, { maximumLength, topK });
  checkPositive(where, "the temperature", temperature);
  if (random !== undefined || (options.temperature === undefined && options.topK === undefined)) return;
  throw new OptionError(
    "missing-input",
    `${where}: got a temperature or a topK without random; expected random beside them, because without it the most probable token is taken.`,
  );
}
