import { checkOptionNames, DataError, type DenseMatrix, OptionError, type Random } from "@vicinal/core";
import type { GraphMembership } from "../readout/membership.ts";

/** Options of {@link flipSigns}. */
export interface FlipSignsOptions {
  /** Which graph each row is of, where each graph has signs of its own: a `GraphBatch`. Default: one graph. */
  readonly membership?: GraphMembership | undefined;
  /** How many columns, the first ones, are eigenvectors. Default: all. */
  readonly columns?: number;
}

/**
 * Multiplies each eigenvector, a column, by 1 or -1 at random, drawn anew in each call, so that a model learns that their signs mean nothing (Dwivedi
 * et al., "Benchmarking Graph Neural Networks", 2020). In training, that is; for answers the signs stay as they are.
 *
 * @param encoding `[nodes, width]`, such as from `laplacianEncoding`, or the `encodings` of a batch. It is not changed.
 * @throws OptionError `unknown-option`, `out-of-range`; DataError `wrong-length` for a membership of another count of nodes.
 */
export function flipSigns(encoding: DenseMatrix, random: Random, options: FlipSignsOptions = {}): DenseMatrix {
  checkOptionNames("flipSigns", options, ["membership", "columns"]);
  const { membership, columns = encoding.columns } = options;
  if (!(Number.isInteger(columns) && columns >= 0 && columns <= encoding.columns)) {
    throw new OptionError(
      "out-of-range",
      `flipSigns: got ${columns} columns to flip; expected a whole number from 0 to ${encoding.columns}, the width of the encoding.`,
    );
  }
  if (membership !== undefined && membership.graphOf.length !== encoding.rows) {
    throw new DataError(
      "wrong-length",
      `flipSigns: got the graphs of ${membership.graphOf.length} nodes for an encoding of ${encoding.rows}; expected one for each row.`,
    );
  }
  const signs = new Int8Array((membership?.graphs ?? 1) * columns).map(() => (random.bits() >>> 31 === 0 ? 1 : -1));
  const values = encoding.values.slice();
  for (let row = 0; row < encoding.rows; row++) {
    const [at, from] = [row * encoding.columns, (membership?.graphOf[row] ?? 0) * columns];
    for (let c = 0; c < columns; c++) values[at + c]! *= signs[from + c]!;
  }
  return { ...encoding, values };
}
