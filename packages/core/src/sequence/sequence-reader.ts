import type { Matrix } from "ml-matrix";
import { checkCounts } from "../check-options.ts";
import { checkOptionNames } from "../errors.ts";
import { Linear } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { readoutOf, type SequenceReadout, type SequenceReadoutName } from "./encoder/sequence-readout.ts";
import { TokenEncoder, type TokenEncoderOptions, tokenEncoderNames } from "./encoder/token-encoder.ts";
import type { SequenceContext } from "./sequence-context.ts";
import type { TokenSequences } from "./tokens/packed-batch.ts";

/** Options that {@link SequenceClassifier} and {@link SequenceRegressor} share. */
export interface SequenceReaderOptions extends TokenEncoderOptions {
  /** How the elements of a sequence become one vector. Default `"attention"`. */
  readonly readout?: SequenceReadoutName;
}

/** The answer for each sequence, with what it was read from. */
export interface SequenceAttention {
  /** `[sequences, outputs]`. */
  readonly output: Tensor;
  /** Of each sequence how much each element counts, `[1, length]`: a row that sums to 1. */
  readonly weights: readonly Matrix[];
}

/**
 * One answer for each sequence: the vectors of the tokens, an encoder that reads them, a read-out that makes one vector of what it makes, and
 * a learned projection of that,
 *
 *     output_s = W readout(encoder(embedding(tokens_s))) + b
 */
export abstract class SequenceReader extends Module {
  /** Reads the tokens. */
  readonly reader: TokenEncoder;
  /** Makes one vector of each sequence. */
  readonly readout: SequenceReadout;
  /** From the vector of a sequence to the answer. */
  readonly output: Linear;

  /** @throws OptionError `unknown-option`; `out-of-range` or `missing-input` for a count, a width, an encoder or a read-out that cannot be. */
  protected constructor(name: string, outputsName: string, outputs: number, options: SequenceReaderOptions) {
    super();
    checkOptionNames(name, options, [...tokenEncoderNames, "readout", outputsName]);
    const { readout = "attention" } = options;
    checkCounts(name, { [outputsName]: outputs });
    this.reader = new TokenEncoder(name, options);
    this.readout = readoutOf(readout, this.reader.outputs, options);
    this.output = new Linear(this.reader.outputs, outputs, options);
  }

  /**
   * What is answered for each sequence, `[sequences, outputs]`.
   *
   * @throws DataError `empty-sequence`, or `index-out-of-range` for a token that the model does not know.
   */
  forward(sequences: TokenSequences, { training }: SequenceContext = {}): Tensor {
    const encoded = this.reader.forward(this.reader.batch(sequences), training);
    const read = this.readout.forward(encoded);
    return this.output.forward(this.reader.dropout.forward(read, { training }));
  }

  /**
   * {@link forward}, with how much each element counted.
   *
   * @throws OptionError `no-attention` where the read-out does not attend; DataError `empty-sequence`, or `index-out-of-range` for a token that
   * the model does not know; EngineError `no-synchronous-read` on an engine that cannot read at once.
   */
  detailed(sequences: TokenSequences): SequenceAttention {
    const { output, weights } = this.readout.detailed(this.reader.forward(this.reader.batch(sequences)));
    return { output: this.output.forward(output), weights };
  }
}
