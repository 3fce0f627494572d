import { checkCounts } from "../../check-options.ts";
import { Dropout } from "../../nn/dropout-layer.ts";
import { Embedding } from "../../nn/embedding.ts";
import type { ParameterOptions } from "../../nn/linear.ts";
import { Module, type Training } from "../../nn/module.ts";
import { checkedBatch, type PackedBatch, type TokenSequences } from "../tokens/packed-batch.ts";
import {
  type EncodedSequences,
  type SequenceEncoder,
  type SequenceEncoderChoice,
  sequenceEncoder,
} from "./sequence-encoder.ts";

/** What the models that read tokens are made with. */
export interface TokenEncoderOptions extends ParameterOptions {
  /** Count of tokens, such as `vocabulary.size`. */
  readonly tokens: number;
  /** Width of the vector of a token. Default 64. */
  readonly width?: number | undefined;
  /** What reads the vectors. */
  readonly encoder: SequenceEncoderChoice;
  /** Probability with which a number is dropped while training: of the vectors of tokens, and of what the answer is computed from. Default 0. */
  readonly dropout?: number | undefined;
}

/** The names of {@link TokenEncoderOptions}. */
export const tokenEncoderNames: readonly string[] = ["random", "engine", "tokens", "width", "encoder", "dropout"];

/** Tokens to vectors, and an encoder that reads them. */
export class TokenEncoder extends Module {
  /** The vectors of the tokens, `[tokens, width]`. */
  readonly embedding: Embedding;
  /** On the vectors. */
  readonly dropout: Dropout;
  /** Reads the vectors. */
  readonly encoder: SequenceEncoder;
  readonly #where: string;

  /** @throws OptionError `unknown-option`, `out-of-range` or `missing-input`. */
  constructor(where: string, { tokens, width = 64, encoder, dropout = 0, random, engine }: TokenEncoderOptions) {
    super();
    checkCounts(where, { tokens, width });
    this.#where = where;
    this.embedding = new Embedding(tokens, width, { random, engine });
    this.dropout = new Dropout(dropout);
    this.encoder = sequenceEncoder(encoder, width, { random, engine });
  }

  /** Count of tokens. */
  get tokens(): number {
    return this.embedding.count;
  }

  /** Width of what it makes. */
  get outputs(): number {
    return this.encoder.outputs;
  }

  /**
   * The sequences packed, after a look at whether they can be read.
   *
   * @throws DataError `empty-sequence`, or `index-out-of-range` for a token that there is not; ShapeError `shapes-differ` for a packed batch whose
   * lengths do not sum to its tokens.
   */
  batch(sequences: TokenSequences): PackedBatch {
    return checkedBatch(this.#where, sequences, { tokens: this.tokens });
  }

  /** What the encoder makes of a batch: `elements` of `[elements, outputs]`. */
  forward({ tokens, lengths }: PackedBatch, training?: Training): EncodedSequences {
    const vectors = this.dropout.forward(this.embedding.forward(tokens), { training });
    return this.encoder.forward(vectors, lengths, training);
  }
}
