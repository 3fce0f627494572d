import { checkCounts } from "../../check-options.ts";
import { checkOptionNames } from "../../errors.ts";
import { expectShape } from "../../expect-shape.ts";
import type { ParameterOptions } from "../../nn/linear.ts";
import { Module } from "../../nn/module.ts";
import { transpose } from "../../tensor/arrange.ts";
import { multiply } from "../../tensor/elementwise.ts";
import { matmul } from "../../tensor/product.ts";
import { reshape } from "../../tensor/reshape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type GridOffset, type GridSidePositions, type GridSize, gridOffsets } from "./grid-positions.ts";
import { normalTable } from "./normal-table.ts";
import { PositionBias } from "./position-bias.ts";

/** Options of {@link RelativePosition2d}: the size of the grid, and what makes parameters. */
export interface RelativePosition2dOptions extends ParameterOptions, GridSize {
  /** Multiplies the term. Default 1 / sqrt(channels), as scaled dot attention multiplies the products with keys. */
  readonly scale?: number;
}

/**
 * Content-dependent relative positions in a grid (Srinivas et al., 2021, "Bottleneck Transformers", figure 4): each offset has a learned vector
 * for its rows and one for its columns, and their product with the query is added to the logits,
 *
 *     scale * q_i . (height[y_j - y_i + rows - 1] + width[x_j - x_i + columns - 1])
 *
 * All heads share the vectors, as in the authors' code. The products are computed once for each receiver and offset, not for each pair, and
 * rows and columns by themselves: two terms with `2 rows - 1` and `2 columns - 1` buckets.
 */
export class RelativePosition2d extends Module {
  /** Channels of a head of the query. */
  readonly channels: number;
  /** Rows of the grid; pairs are less than this many rows apart. */
  readonly rows: number;
  /** Columns of the grid; pairs are less than this many columns apart. */
  readonly columns: number;
  /** Multiplies the term. */
  readonly scale: number;
  /** `[2 rows - 1, channels]`, at first normally distributed with deviation 1 / sqrt(channels), as in the authors' code. */
  readonly height: Tensor;
  /** `[2 columns - 1, channels]`, as {@link RelativePosition2d.height}. */
  readonly width: Tensor;

  #packed: readonly [height: PositionBias, width: PositionBias] | undefined;

  /** @throws OptionError `out-of-range` unless all counts are positive whole numbers; `unknown-option`. */
  constructor(channels: number, options: RelativePosition2dOptions) {
    super();
    checkOptionNames("RelativePosition2d", options, ["rows", "columns", "scale", "random", "engine"]);
    const { rows, columns, scale = 1 / Math.sqrt(channels) } = options;
    checkCounts("RelativePosition2d", { channels, rows, columns });
    this.channels = channels;
    this.rows = rows;
    this.columns = columns;
    this.scale = scale;
    const deviation = 1 / Math.sqrt(channels);
    this.height = normalTable([2 * rows - 1, channels], options, deviation);
    this.width = normalTable([2 * columns - 1, channels], options, deviation);
  }

  /**
   * The two terms, for rows and for columns, for elements that stand at these places: by default packed grids of `rows` x `columns`, row after
   * row. Keep them for as long as the places are the same.
   *
   * @throws DataError `not-a-position` or `wrong-length` for places that are no whole numbers or not equally many. Attention with them throws
   * DataError `out-of-range` for a pair that is farther apart than the vectors reach, or in two of the packed grids; ShapeError `shapes-differ`
   * for queries of other channels.
   */
  biases(positions: GridSidePositions = {}): readonly [height: PositionBias, width: PositionBias] {
    checkOptionNames("RelativePosition2d.biases", positions, ["receivers", "senders"]);
    if (positions.receivers !== undefined || positions.senders !== undefined) return this.#biasesOf(positions);
    this.#packed ??= this.#biasesOf({});
    return this.#packed;
  }

  #biasesOf(positions: GridSidePositions): readonly [height: PositionBias, width: PositionBias] {
    const { rows, columns } = this;
    const { down, right } = gridOffsets("RelativePosition2d", { rows, columns }, positions);
    return [this.#term("rows", rows, down, this.height), this.#term("columns", columns, right, this.width)];
  }

  /** The term along one axis of so many places. */
  #term(axis: string, places: number, offset: GridOffset, vectors: Tensor): PositionBias {
    return new PositionBias({
      name: `relative position, ${axis}`,
      buckets: 2 * places - 1,
      bucketOf: (receiver, sender) => offset(receiver, sender) + places - 1,
      table: (query) => this.#products(query, vectors),
    });
  }

  /** `[receivers, buckets, heads]`. */
  #products(query: Tensor, vectors: Tensor): Tensor {
    const expected = ["receivers", "heads", this.channels] as const;
    const [receivers, heads, channels] = expectShape("RelativePosition2d", "a query", query, expected);
    const flat = reshape(query, [receivers * heads, channels]);
    const products = matmul(flat, multiply(vectors, this.scale), { transposeB: true });
    return transpose(reshape(products, [receivers, heads, vectors.shape[0] ?? 0]), [0, 2, 1]);
  }
}
