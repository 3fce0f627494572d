import { DataError } from "../errors.ts";
import { isIndex } from "../is-index.ts";

/** A dense matrix on the host: `values[r * columns + c]`. */
export interface DenseMatrix {
  /** Tells it from a {@link CsrMatrix}. */
  readonly kind: "dense";
  /** Count of rows. */
  readonly rows: number;
  /** Count of columns. */
  readonly columns: number;
  /** `rows * columns` numbers, row after row. */
  readonly values: Float32Array;
}

/**
 * A sparse matrix on the host in compressed-row form: row `r` holds `values[p]` at column `indices[p]` for `p` from
 * `indptr[r]` to `indptr[r + 1] - 1`. Bags of words stay in this form from the file to the first layer.
 */
export interface CsrMatrix {
  /** Tells it from a {@link DenseMatrix}. */
  readonly kind: "csr";
  /** Count of rows. */
  readonly rows: number;
  /** Count of columns. */
  readonly columns: number;
  /** `rows + 1` ascending row starts. */
  readonly indptr: Uint32Array;
  /** Column of each stored value; any order within a row, no repeats needed to be absent. */
  readonly indices: Uint32Array;
  /** One number for each stored position, or undefined where every stored value is 1. */
  readonly values: Float32Array | undefined;
}

/** Numbers that describe nodes or edges: one row each. */
export type FeatureMatrix = DenseMatrix | CsrMatrix;

/**
 * A dense matrix, `[rows, columns]`, over `values`, row after row.
 *
 * @throws DataError `wrong-length` unless there are `rows * columns` values.
 */
export function denseMatrix(rows: number, columns: number, values: Float32Array): DenseMatrix {
  const matrix: DenseMatrix = { kind: "dense", rows, columns, values };
  checkLength("denseMatrix", matrix);
  return matrix;
}

function checkLength(where: string, { rows, columns, values }: DenseMatrix): void {
  if (values.length === rows * columns) return;
  throw new DataError(
    "wrong-length",
    `${where}: got ${values.length} values for ${rows} rows x ${columns} columns; expected ${rows * columns}.`,
  );
}

/**
 * A sparse matrix from its row lists: `lists[r]` names the columns of row `r` that hold 1.
 *
 * @throws DataError `index-out-of-range` for a column that is no whole number from 0 and below `columns`.
 */
export function csrFromLists(lists: readonly ArrayLike<number>[], columns: number): CsrMatrix {
  const indptr = new Uint32Array(lists.length + 1);
  for (let r = 0; r < lists.length; r++) indptr[r + 1] = indptr[r]! + lists[r]!.length;
  const indices = new Uint32Array(indptr[lists.length]!);
  for (let r = 0; r < lists.length; r++) {
    checkColumns(r, lists[r]!, columns);
    indices.set(lists[r]!, indptr[r]!);
  }
  return { kind: "csr", rows: lists.length, columns, indptr, indices, values: undefined };
}

/** Before they become unsigned integers: those would hide a fraction or a sign. */
function checkColumns(row: number, list: ArrayLike<number>, columns: number): void {
  for (let k = 0; k < list.length; k++) {
    const column = list[k]!;
    if (isIndex(column, columns)) continue;
    throw new DataError(
      "index-out-of-range",
      `csrFromLists: row ${row} names column ${column}; expected whole numbers from 0, below ${columns}.`,
    );
  }
}

/**
 * Refuses a matrix that cannot be computed with.
 *
 * @throws DataError `index-out-of-range`, `wrong-length` or `not-finite`, naming the row.
 */
export function checkFeatureMatrix(where: string, matrix: FeatureMatrix): void {
  if (matrix.kind === "csr") checkStructure(where, matrix);
  else checkLength(where, matrix);
  const { values } = matrix;
  if (values === undefined) return;
  for (let p = 0; p < values.length; p++) {
    if (Number.isFinite(values[p])) continue;
    const row = matrix.kind === "dense" ? Math.floor(p / matrix.columns) : rowOfPosition(matrix.indptr, p);
    throw new DataError(
      "not-finite",
      `${where}: the features of row ${row} hold ${values[p]}; expected finite numbers. ` +
        "Replace missing or infinite values before training.",
    );
  }
}

function checkStructure(where: string, { rows, columns, indptr, indices, values }: CsrMatrix): void {
  const wellFormed =
    indptr.length === rows + 1 &&
    indptr[0] === 0 &&
    indptr[rows] === indices.length &&
    (values === undefined || values.length === indices.length);
  if (!wellFormed) {
    throw new DataError(
      "wrong-length",
      `${where}: got ${indptr.length} row starts ending at ${indptr[indptr.length - 1]}, ${indices.length} indices and ` +
        `${values?.length ?? "no"} values for ${rows} rows; expected rows + 1 starts, the last equal to the count of indices.`,
    );
  }
  for (let r = 0; r < rows; r++) {
    if (indptr[r]! > indptr[r + 1]!) {
      throw new DataError("wrong-length", `${where}: the row starts fall at row ${r}; expected ascending numbers.`);
    }
  }
  for (let p = 0; p < indices.length; p++) {
    if (indices[p]! < columns) continue;
    throw new DataError(
      "index-out-of-range",
      `${where}: row ${rowOfPosition(indptr, p)} names column ${indices[p]}; expected numbers below ${columns}.`,
    );
  }
}

function rowOfPosition(indptr: Uint32Array, position: number): number {
  let row = 0;
  while (row + 1 < indptr.length && indptr[row + 1]! <= position) row++;
  return row;
}
