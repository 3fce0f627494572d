import { checkCounts } from "../../check-options.ts";
import { checkOptionNames } from "../../errors.ts";
import type { ParameterOptions } from "../../nn/linear.ts";
import { Module } from "../../nn/module.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type GridSidePositions, type GridSize, gridOffsets } from "./grid-positions.ts";
import { normalTable } from "./normal-table.ts";
import { PositionBias } from "./position-bias.ts";

/** Options of {@link RelativeBias2d}: the size of the grid or window, and what makes parameters. */
export interface RelativeBias2dOptions extends ParameterOptions, GridSize {}

/**
 * A learned number for each offset in a grid and head, added to the logits (Liu et al., 2021, "Swin Transformer", equation 4). With `y` and
 * `x` the row and the column, the pair of receiver `i` and sender `j` reads the row
 *
 *     (y_i - y_j + rows - 1) * (2 columns - 1) + (x_i - x_j + columns - 1)
 *
 * of the table: the layout of the authors' `relative_position_bias_table`.
 */
export class RelativeBias2d extends Module {
  /** Count of heads. */
  readonly heads: number;
  /** Rows of the grid; pairs are less than this many rows apart. */
  readonly rows: number;
  /** Columns of the grid; pairs are less than this many columns apart. */
  readonly columns: number;
  /** `[(2 rows - 1) (2 columns - 1), heads]`, at first normally distributed with deviation 0.02. */
  readonly weight: Tensor;

  #packed: PositionBias | undefined;

  /** @throws OptionError `out-of-range` unless all counts are positive whole numbers; `unknown-option`. */
  constructor(heads: number, options: RelativeBias2dOptions) {
    super();
    checkOptionNames("RelativeBias2d", options, ["rows", "columns", "random", "engine"]);
    const { rows, columns } = options;
    checkCounts("RelativeBias2d", { heads, rows, columns });
    this.heads = heads;
    this.rows = rows;
    this.columns = columns;
    this.weight = normalTable([(2 * rows - 1) * (2 * columns - 1), heads], options);
  }

  /**
   * The term for elements that stand at these places, by default packed grids of `rows` x `columns`, row after row. Keep it for as long as the
   * places are the same: which row each pair of a neighborhood reads is then computed once.
   *
   * @throws DataError `not-a-position` or `wrong-length` for places that are no whole numbers or not equally many. Attention with it throws
   * DataError `out-of-range` for a pair that is farther apart than the table reaches, or in two of the packed grids.
   */
  bias(positions: GridSidePositions = {}): PositionBias {
    checkOptionNames("RelativeBias2d.bias", positions, ["receivers", "senders"]);
    if (positions.receivers !== undefined || positions.senders !== undefined) return this.#biasOf(positions);
    this.#packed ??= this.#biasOf({});
    return this.#packed;
  }

  #biasOf(positions: GridSidePositions): PositionBias {
    const { rows, columns, weight } = this;
    const { down, right } = gridOffsets("RelativeBias2d", { rows, columns }, positions);
    return new PositionBias({
      name: "relative, 2-D",
      buckets: (2 * rows - 1) * (2 * columns - 1),
      bucketOf: (receiver, sender) =>
        (rows - 1 - down(receiver, sender)) * (2 * columns - 1) + (columns - 1 - right(receiver, sender)),
      table: () => weight,
    });
  }
}
