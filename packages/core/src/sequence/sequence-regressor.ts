import { Matrix } from "ml-matrix";
import { DataError } from "../errors.ts";
import { expectShape } from "../expect-shape.ts";
import { recordArchitecture } from "../plugin/architecture.ts";
import { coreIdentity } from "../plugin/core-identity.ts";
import { tensor } from "../tensor/create.ts";
import { square, subtract } from "../tensor/elementwise.ts";
import { withoutGradient } from "../tensor/record.ts";
import { mean } from "../tensor/reduce.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { SequenceContext } from "./sequence-context.ts";
import { SequenceReader, type SequenceReaderOptions } from "./sequence-reader.ts";
import type { TokenSequences } from "./tokens/packed-batch.ts";

/** Options of {@link SequenceRegressor}. */
export interface SequenceRegressorOptions extends SequenceReaderOptions {
  /** Count of numbers for each sequence. Default 1. */
  readonly numbers?: number;
}

/** One number, or several, for each sequence, {@link SequenceReader}: its output is `[sequences, numbers]`. */
export class SequenceRegressor extends SequenceReader {
  /** Count of numbers for each sequence. */
  readonly numbers: number;

  /** @throws OptionError `unknown-option`; `out-of-range` or `missing-input` for a count, a width, an encoder or a read-out that cannot be. */
  constructor(options: SequenceRegressorOptions) {
    const { numbers = 1 } = options;
    super("SequenceRegressor", "numbers", numbers, options);
    this.numbers = numbers;
    recordArchitecture(this, SequenceRegressor, coreIdentity, "sequence-regressor", options);
  }

  /**
   * The mean of `(output - target)^2` over all numbers of all sequences.
   *
   * @param targets `[sequences, numbers]`, or where it is one number for each sequence, a list of them.
   * @throws ShapeError `shapes-differ` for targets of another shape; DataError `empty-sequence`, `index-out-of-range` for a token that the
   * model does not know, or `not-finite` for a target.
   */
  loss(sequences: TokenSequences, targets: Matrix | ArrayLike<number>, { training }: SequenceContext = {}): Tensor {
    const expected = Matrix.isMatrix(targets) ? targets : Matrix.columnVector(Array.from(targets));
    checkTargets(expected, "tokens" in sequences ? sequences.lengths.length : sequences.length, this.numbers);
    const output = this.forward(sequences, { training });
    return mean(square(subtract(output, tensor(expected, { engine: output.engine }))));
  }

  /**
   * The numbers of each sequence, `[sequences, numbers]`.
   *
   * @throws DataError `empty-sequence`, or `index-out-of-range` for a token that the model does not know; EngineError `no-synchronous-read`
   * on an engine that cannot read at once.
   */
  predict(sequences: TokenSequences): Matrix {
    return withoutGradient(() => scope(() => this.forward(sequences).toMatrix()));
  }
}

function checkTargets(targets: Matrix, sequences: number, numbers: number): void {
  expectShape("SequenceRegressor", "targets", { shape: [targets.rows, targets.columns] }, [sequences, numbers]);
  for (let s = 0; s < sequences; s++) {
    for (let k = 0; k < numbers; k++) {
      if (Number.isFinite(targets.get(s, k))) continue;
      throw new DataError(
        "not-finite",
        `SequenceRegressor: got the target ${targets.get(s, k)} for sequence ${s}; expected a finite number. Leave the sequence out.`,
      );
    }
  }
}
