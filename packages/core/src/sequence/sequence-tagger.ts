import { checkCounts } from "../check-options.ts";
import { checkOptionNames, ShapeError } from "../errors.ts";
import { Linear } from "../nn/linear.ts";
import { crossEntropy } from "../nn/loss.ts";
import { Module, type Training } from "../nn/module.ts";
import { recordArchitecture } from "../plugin/architecture.ts";
import { coreIdentity } from "../plugin/core-identity.ts";
import { withoutGradient } from "../tensor/record.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { TokenEncoder, type TokenEncoderOptions, tokenEncoderNames } from "./encoder/token-encoder.ts";
import { mostProbable } from "./most-probable.ts";
import type { SequenceContext, SequenceLossOptions } from "./sequence-context.ts";
import { type PackedBatch, splitByLengths, type TokenSequences } from "./tokens/packed-batch.ts";

/** Options of {@link SequenceTagger}. */
export interface SequenceTaggerOptions extends TokenEncoderOptions {
  /** Count of labels. */
  readonly labels: number;
}

/**
 * A label for each element of a sequence: the vectors of the tokens, an encoder that reads them, and a learned projection of what it makes,
 *
 *     logits_i = W encoder(embedding(tokens))_i + b
 *
 * With a bidirectional recurrent network the tagger of Huang, Xu and Yu (2015), without their random field. With a transformer and as many
 * labels as tokens it is BERT-style masked prediction (Devlin et al., NAACL 2019): {@link maskTokens} makes its sequences and labels.
 */
export class SequenceTagger extends Module {
  /** Count of labels. */
  readonly labels: number;
  /** Reads the tokens. */
  readonly reader: TokenEncoder;
  /** From what the encoder makes to logits. */
  readonly output: Linear;

  /** @throws OptionError `unknown-option`; `out-of-range` or `missing-input` for a count, a width or an encoder that cannot be. */
  constructor(options: SequenceTaggerOptions) {
    super();
    checkOptionNames("SequenceTagger", options, [...tokenEncoderNames, "labels"]);
    const { labels } = options;
    checkCounts("SequenceTagger", { labels });
    this.labels = labels;
    this.reader = new TokenEncoder("SequenceTagger", options);
    this.output = new Linear(this.reader.outputs, labels, options);
    recordArchitecture(this, SequenceTagger, coreIdentity, "sequence-tagger", options);
  }

  /**
   * The logits of each element, `[elements, labels]`, one sequence after the other.
   *
   * @throws DataError `empty-sequence`, or `index-out-of-range` for a token that the model does not know.
   */
  forward(sequences: TokenSequences, { training }: SequenceContext = {}): Tensor {
    return this.#logits(this.reader.batch(sequences), training);
  }

  /**
   * The mean of `-log softmax(logits)[label]` over all elements with a label, one number, {@link crossEntropy}.
   *
   * @param labels For each sequence one label for each token; -1 where it is unknown, which does not count.
   * @throws ShapeError `shapes-differ` when there are not as many labels as tokens; DataError `empty-sequence`, or `index-out-of-range` for a
   * token or a label that the model does not know; OptionError `out-of-range`.
   */
  loss(
    sequences: TokenSequences,
    labels: readonly ArrayLike<number>[],
    { training, labelSmoothing = 0 }: SequenceLossOptions = {},
  ): Tensor {
    const batch = this.reader.batch(sequences);
    const targets = packLabels(labels, batch.lengths);
    return crossEntropy(this.#logits(batch, training), targets, { labelSmoothing });
  }

  /**
   * The most probable label of each element, sequence by sequence.
   *
   * @throws DataError `empty-sequence`, or `index-out-of-range` for a token that the model does not know; EngineError `no-synchronous-read`
   * on an engine that cannot read at once.
   */
  predict(sequences: TokenSequences): Uint32Array[] {
    const batch = this.reader.batch(sequences);
    const labels = withoutGradient(() => scope(() => mostProbable(this.#logits(batch))));
    return splitByLengths(labels, batch.lengths);
  }

  #logits(batch: PackedBatch, training?: Training): Tensor {
    const { elements } = this.reader.forward(batch, training);
    return this.output.forward(this.reader.dropout.forward(elements, { training }));
  }
}

function packLabels(labels: readonly ArrayLike<number>[], lengths: Uint32Array): number[] {
  if (labels.length !== lengths.length) {
    throw new ShapeError(
      "shapes-differ",
      `SequenceTagger: got the labels of ${labels.length} sequences for ${lengths.length} sequences; expected equally many.`,
    );
  }
  return labels.flatMap((ofSequence, b) => {
    if (ofSequence.length === lengths[b]) return Array.from(ofSequence);
    throw new ShapeError(
      "shapes-differ",
      `SequenceTagger: got ${ofSequence.length} labels for sequence ${b} of ${lengths[b]} tokens; expected one for each.`,
    );
  });
}
