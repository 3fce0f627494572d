import { type CsrMatrix, DataError, type DenseMatrix, type FeatureMatrix } from "@vicinal/core";

/** Blocks of rows, in the order in which they are taken: block `b` is the rows `starts[b]` to `starts[b] + counts[b] - 1`. */
export interface RowBlocks {
  readonly starts: Uint32Array;
  readonly counts: Uint32Array;
  /** Count of rows of all blocks. */
  readonly total: number;
}

/** The matrices of many graphs, one below the other, of which those of a batch are taken by copying whole blocks. */
export interface StackedRows<Matrix extends FeatureMatrix> {
  /** Count of columns. */
  readonly columns: number;
  /** The rows of these blocks, one block below the other. */
  take(blocks: RowBlocks): Matrix;
}

/**
 * Stacks the matrices of graphs; undefined when no graph has one. The stack is in compressed rows if all that have rows are, else dense. A graph
 * that needs no rows needs no matrix, and may have one of any width.
 *
 * @param counts How many rows each graph needs.
 * @throws DataError `missing-features` when some graphs have a matrix and others do not, `mixed-widths` when widths differ, naming the graph.
 */
export function stackRows(
  where: string,
  what: string,
  matrices: readonly (FeatureMatrix | undefined)[],
  counts: ArrayLike<number>,
): StackedRows<FeatureMatrix> | undefined {
  const given = ofOneWidth(where, what, matrices, counts);
  if (given === undefined) return undefined;
  const sparse = given.filter(isCsr);
  return sparse.length === given.length ? stackCsr(sparse) : stackDense(given.map(dense));
}

/** {@link stackRows} of matrices that are dense. */
export function stackDenseRows(
  where: string,
  what: string,
  matrices: readonly (DenseMatrix | undefined)[],
  counts: ArrayLike<number>,
): StackedRows<DenseMatrix> | undefined {
  const given = ofOneWidth(where, what, matrices, counts);
  return given && stackDense(given);
}

/** The matrices that have rows, or one without rows if none has. */
function ofOneWidth<Matrix extends FeatureMatrix>(
  where: string,
  what: string,
  matrices: readonly (Matrix | undefined)[],
  counts: ArrayLike<number>,
): readonly Matrix[] | undefined {
  const found = matrices.findIndex((matrix) => matrix !== undefined && matrix.rows > 0);
  const first = found === -1 ? matrices.findIndex((matrix) => matrix !== undefined) : found;
  const one = matrices[first];
  if (one === undefined) return undefined;
  const given: Matrix[] = [];
  for (const [graph, matrix] of matrices.entries()) {
    if (counts[graph] === 0) continue;
    if (matrix === undefined) {
      throw new DataError(
        "missing-features",
        `${where}: graph ${graph} has no ${what}, graph ${first} has; expected ${what} of all graphs or of none.`,
      );
    }
    if (matrix.columns !== one.columns) {
      throw new DataError(
        "mixed-widths",
        `${where}: graph ${graph} has ${what} of width ${matrix.columns}, graph ${first} of width ${one.columns}; expected one width. Convert ` +
          "all graphs with one encoder.",
      );
    }
    given.push(matrix);
  }
  return given.length === 0 ? [one] : given;
}

function stackDense(matrices: readonly DenseMatrix[]): StackedRows<DenseMatrix> {
  const columns = matrices[0]?.columns ?? 0;
  const stacked = new Float32Array(sumOf(matrices.map(({ values }) => values.length)));
  let end = 0;
  for (const { values } of matrices) {
    stacked.set(values, end);
    end += values.length;
  }
  return {
    columns,
    take({ starts, counts, total }) {
      const values = new Float32Array(total * columns);
      let at = 0;
      for (let b = 0; b < counts.length; b++) {
        const [start, length] = [starts[b]! * columns, counts[b]! * columns];
        values.set(stacked.subarray(start, start + length), at);
        at += length;
      }
      return { kind: "dense", rows: total, columns, values };
    },
  };
}

function stackCsr(matrices: readonly CsrMatrix[]): StackedRows<CsrMatrix> {
  const columns = matrices[0]?.columns ?? 0;
  const rows = sumOf(matrices.map((matrix) => matrix.rows));
  const stored = sumOf(matrices.map(({ indices }) => indices.length));
  const indptr = new Uint32Array(rows + 1);
  const indices = new Uint32Array(stored);
  const values = matrices.every((matrix) => matrix.values === undefined) ? undefined : new Float32Array(stored).fill(1);
  let [row, end] = [0, 0];
  for (const matrix of matrices) {
    indices.set(matrix.indices, end);
    if (matrix.values !== undefined) values?.set(matrix.values, end);
    for (let r = 1; r <= matrix.rows; r++) indptr[row + r] = end + matrix.indptr[r]!;
    row += matrix.rows;
    end += matrix.indices.length;
  }
  return {
    columns,
    take({ starts, counts, total }) {
      const taken = new Uint32Array(total + 1);
      let next = 0;
      for (let b = 0; b < counts.length; b++) {
        const shift = taken[next]! - indptr[starts[b]!]!;
        for (let r = starts[b]! + 1; r <= starts[b]! + counts[b]!; r++) taken[++next] = indptr[r]! + shift;
      }
      const copied = { indices: new Uint32Array(taken[total]!), values: values && new Float32Array(taken[total]!) };
      let at = 0;
      for (let b = 0; b < counts.length; b++) {
        const [first, last] = [indptr[starts[b]!]!, indptr[starts[b]! + counts[b]!]!];
        copied.indices.set(indices.subarray(first, last), at);
        if (values !== undefined) copied.values?.set(values.subarray(first, last), at);
        at += last - first;
      }
      return { kind: "csr", rows: total, columns, indptr: taken, ...copied };
    },
  };
}

function isCsr(matrix: FeatureMatrix): matrix is CsrMatrix {
  return matrix.kind === "csr";
}

function dense(matrix: FeatureMatrix): DenseMatrix {
  if (matrix.kind === "dense") return matrix;
  const { rows, columns, indptr, indices } = matrix;
  const values = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let p = indptr[r]!; p < indptr[r + 1]!; p++) values[r * columns + indices[p]!]! += matrix.values?.[p] ?? 1;
  }
  return { kind: "dense", rows, columns, values };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
