import { crossEntropy } from "../nn/loss.ts";
import { recordArchitecture } from "../plugin/architecture.ts";
import { coreIdentity } from "../plugin/core-identity.ts";
import { withoutGradient } from "../tensor/record.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { mostProbable } from "./most-probable.ts";
import type { SequenceLossOptions } from "./sequence-context.ts";
import { SequenceReader, type SequenceReaderOptions } from "./sequence-reader.ts";
import type { TokenSequences } from "./tokens/packed-batch.ts";

/** Options of {@link SequenceClassifier}. */
export interface SequenceClassifierOptions extends SequenceReaderOptions {
  /** Count of classes. */
  readonly classes: number;
}

/** One class for each sequence, {@link SequenceReader}: its output are logits, `[sequences, classes]`. */
export class SequenceClassifier extends SequenceReader {
  /** Count of classes. */
  readonly classes: number;

  /** @throws OptionError `unknown-option`; `out-of-range` or `missing-input` for a count, a width, an encoder or a read-out that cannot be. */
  constructor(options: SequenceClassifierOptions) {
    super("SequenceClassifier", "classes", options.classes, options);
    this.classes = options.classes;
    recordArchitecture(this, SequenceClassifier, coreIdentity, "sequence-classifier", options);
  }

  /**
   * The mean of `-log softmax(logits)[class]` over all sequences with a class, one number, {@link crossEntropy}.
   *
   * @param classes One for each sequence; -1 where it is unknown, which does not count.
   * @throws ShapeError `shapes-differ` when there are not as many classes as sequences; DataError `empty-sequence`, or `index-out-of-range` for
   * a token or a class that the model does not know; OptionError `out-of-range`.
   */
  loss(
    sequences: TokenSequences,
    classes: ArrayLike<number>,
    { training, labelSmoothing = 0 }: SequenceLossOptions = {},
  ): Tensor {
    return crossEntropy(this.forward(sequences, { training }), classes, { labelSmoothing });
  }

  /**
   * The most probable class of each sequence.
   *
   * @throws DataError `empty-sequence`, or `index-out-of-range` for a token that the model does not know; EngineError `no-synchronous-read`
   * on an engine that cannot read at once.
   */
  predict(sequences: TokenSequences): Uint32Array {
    return withoutGradient(() => scope(() => mostProbable(this.forward(sequences))));
  }
}
