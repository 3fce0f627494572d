import { type CsrMatrix, DataError } from "@vicinal/core";
import { CsrRows } from "./csr-rows.ts";
import type { NumericArray } from "./numbers.ts";

/** A sparse matrix in compressed-row form as a file holds it: any order within a row, explicit zeros allowed. */
export interface StoredCsr {
  readonly rows: number;
  readonly columns: number;
  /** `rows + 1` row starts. */
  readonly indptr: NumericArray;
  readonly indices: NumericArray;
  readonly data: NumericArray;
}

/**
 * Refuses row starts that do not fit the entries.
 *
 * @throws DataError `wrong-length`.
 */
export function checkStoredCsr(where: string, { rows, indptr, indices, data }: StoredCsr): void {
  const starts = indptr.values;
  const ascending = starts.every((start, row) => start >= (row === 0 ? 0 : starts[row - 1]!));
  const last = starts[rows];
  if (ascending && starts.length === rows + 1 && last === indices.values.length && last === data.values.length) return;
  throw new DataError(
    "wrong-length",
    `${where}: got ${starts.length} row starts, ${indices.values.length} column numbers and ${data.values.length} values for ` +
      `${rows} rows; expected rows + 1 ascending starts, the last equal to both counts.`,
  );
}

/** Appends one row of a stored matrix. */
export function addStoredRow(target: CsrRows, { indptr, indices, data }: StoredCsr, row: number): void {
  target.addEntries(indices.values, data.values, indptr.values[row]!, indptr.values[row + 1]!);
}

/** The matrix without explicit zeros, columns ascending within a row. */
export function orderedCsr(matrix: StoredCsr): CsrMatrix {
  const result = new CsrRows();
  for (let row = 0; row < matrix.rows; row++) addStoredRow(result, matrix, row);
  return result.finish(matrix.columns);
}
