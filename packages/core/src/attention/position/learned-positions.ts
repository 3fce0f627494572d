import { checkCounts } from "../../check-options.ts";
import { checkOptionNames, DataError } from "../../errors.ts";
import { isIndex } from "../../is-index.ts";
import type { ParameterOptions } from "../../nn/linear.ts";
import { Module } from "../../nn/module.ts";
import { gatherRows } from "../../tensor/rows.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { normalTable } from "./normal-table.ts";

/**
 * Learned positions, to be added to elements: a row of a table for each position (Gehring et al., 2017; as in BERT and GPT-2). A sequence
 * longer than the table has no positions.
 */
export class LearnedPositions extends Module {
  /** Count of positions that have a row: 0 to `maximum - 1`. */
  readonly maximum: number;
  /** Channels of an element. */
  readonly width: number;
  /** `[maximum, width]`, at first normally distributed with deviation 0.02, as in BERT. */
  readonly weight: Tensor;

  /** @throws OptionError `out-of-range` unless `maximum` and `width` are positive whole numbers; `unknown-option`. */
  constructor(maximum: number, width: number, options: ParameterOptions) {
    super();
    checkOptionNames("LearnedPositions", options, ["random", "engine"]);
    checkCounts("LearnedPositions", { maximum, width });
    this.maximum = maximum;
    this.width = width;
    this.weight = normalTable([maximum, width], options);
  }

  /**
   * The rows of the positions, such as those of {@link positionsOf}: from `[elements]` to `[elements, width]`. A `Uint32Array` is not copied, and must
   * not be written to afterwards.
   *
   * @throws DataError `index-out-of-range` for a position that has no row.
   */
  forward(positions: ArrayLike<number>): Tensor {
    for (let k = 0; k < positions.length; k++) {
      const position = positions[k]!;
      if (isIndex(position, this.maximum)) continue;
      throw new DataError(
        "index-out-of-range",
        `LearnedPositions: got the position ${position} for element ${k}; expected whole numbers from 0, below ${this.maximum}. ` +
          "Split the sequence, or make the module with a larger maximum.",
      );
    }
    return gatherRows(this.weight, positions instanceof Uint32Array ? positions : Uint32Array.from(positions));
  }
}
