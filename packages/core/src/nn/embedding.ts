import { checkCounts } from "../check-options.ts";
import { checkOptionNames, DataError, OptionError } from "../errors.ts";
import { isIndex } from "../is-index.ts";
import { madeOnce } from "../made-once.ts";
import { checkAllowance } from "../tensor/allowance.ts";
import { parameter } from "../tensor/create.ts";
import { groupBy } from "../tensor/group-by.ts";
import { type Grouping, gatherRows } from "../tensor/rows.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ParameterOptions } from "./linear.ts";
import { Module } from "./module.ts";

/** Options of {@link Embedding}. */
export interface EmbeddingOptions extends ParameterOptions {
  /** A row of the table that is zeros and stays so, because no gradient reaches it: that of a token which means nothing. Default: none. */
  readonly padding?: number | undefined;
}

/** A learned vector for each of `count` things, as `torch.nn.Embedding`: first values from the normal distribution of mean 0 and deviation 1. */
export class Embedding extends Module {
  /** Count of vectors. */
  readonly count: number;
  /** Length of a vector. */
  readonly width: number;
  /** The row that stays zero, if there is one. */
  readonly padding: number | undefined;
  /** The table, `[count, width]`. */
  readonly weight: Tensor;
  readonly #groupings = new WeakMap<Uint32Array, Grouping>();

  /**
   * @throws OptionError `unknown-option`, or `out-of-range` for a count or width that is not a whole number above 0, or a padding that is no row of
   * the table.
   */
  constructor(count: number, width: number, options: EmbeddingOptions) {
    super();
    checkOptionNames("Embedding", options, ["random", "engine", "padding"]);
    checkCounts("Embedding", { count, width });
    const { random, engine, padding } = options;
    if (padding !== undefined && !isIndex(padding, count)) {
      throw new OptionError(
        "out-of-range",
        `Embedding: got the padding ${padding}; expected a whole number from 0, below ${count}.`,
      );
    }
    this.count = count;
    this.width = width;
    this.padding = padding;
    checkAllowance(count * width);
    const values = new Float32Array(count * width).map(() => random.normal());
    if (padding !== undefined) values.fill(0, padding * width, (padding + 1) * width);
    this.weight = parameter(values, [count, width], { engine });
  }

  /**
   * The vectors of `indices`: from `[elements]` to `[elements, width]`.
   *
   * @param indices A `Uint32Array` is not copied, and must not be written to afterwards: engines keep a copy of it by its identity, so
   * that an array which is used in every step is uploaded once.
   * @throws DataError `index-out-of-range` for an index that is no whole number from 0, below `count`.
   */
  forward(indices: ArrayLike<number>): Tensor {
    for (let i = 0; i < indices.length; i++) {
      if (isIndex(indices[i]!, this.count)) continue;
      throw new DataError(
        "index-out-of-range",
        `Embedding: got the index ${indices[i]} at ${i}; expected whole numbers from 0, below ${this.count}.`,
      );
    }
    const rows = indices instanceof Uint32Array ? indices : Uint32Array.from(indices);
    return gatherRows(this.weight, rows, this.padding === undefined ? undefined : this.#without(this.padding, rows));
  }

  #without(padding: number, indices: Uint32Array): Grouping {
    return madeOnce(this.#groupings, indices, () => groupWithout(padding, indices, this.count));
  }
}

/** The positions that name each row, none for the padding: so no gradient reaches it. */
function groupWithout(padding: number, indices: Uint32Array, count: number): Grouping {
  // The group of the padding is put after those of all rows, and left out.
  const { offsets, permutation } = groupBy(
    indices.map((row) => (row === padding ? count : row)),
    count + 1,
  );
  return { offsets: offsets.slice(0, -1), permutation: permutation.slice(0, offsets[count]) };
}
