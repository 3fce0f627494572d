import {
  type CsrMatrix,
  DataError,
  type DenseMatrix,
  type Engine,
  type FeatureMatrix,
  gatherRows,
  SparseTensor,
  Tensor,
  tensor,
} from "@vicinal/core";
import type { NodeFeatureTensor } from "../layers/graph-layer.ts";

/** A dense matrix on the host, in the precision of the engine that computed it. */
export interface HostMatrix {
  /** Every number is stored. */
  readonly kind: "dense";
  /** Count of rows. */
  readonly rows: number;
  /** Count of columns. */
  readonly columns: number;
  /** `rows * columns` numbers, row after row. */
  readonly values: Float32Array | Float64Array;
}

/** What rows can be read from: a matrix on the host, whose other rows then never reach an engine, or a tensor. */
export type RowSource = FeatureMatrix | HostMatrix | Tensor;

/**
 * Rows of a matrix by number, one for each of `rows`, in the order asked for: the features of the nodes of a sample, `featureRows(features, sample.nodes)`.
 *
 * @throws DataError `index-out-of-range` for a row that is not there.
 */
export function featureRows(features: DenseMatrix, rows: Uint32Array): DenseMatrix;
export function featureRows(features: FeatureMatrix, rows: Uint32Array): FeatureMatrix;
export function featureRows(features: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
  checkRows(features, rows);
  if (features.kind === "csr") return csrRows(features, rows);
  const values = new Float32Array(rows.length * features.columns);
  copyRows(features, rows, values);
  return { kind: "dense", rows: rows.length, columns: features.columns, values };
}

/** {@link featureRows} as a tensor on an engine. */
export function rowsOnEngine(source: Tensor | DenseMatrix | HostMatrix, rows: Uint32Array, engine?: Engine): Tensor;
export function rowsOnEngine(source: RowSource, rows: Uint32Array, engine?: Engine): NodeFeatureTensor;
export function rowsOnEngine(source: RowSource, rows: Uint32Array, engine?: Engine): NodeFeatureTensor {
  if (source instanceof Tensor) return gatherRows(source, rows);
  checkRows(source, rows);
  if (source.kind === "csr") return csrOnEngine(csrRows(source, rows), engine);
  const size = rows.length * source.columns;
  const values = source.values instanceof Float64Array ? new Float64Array(size) : new Float32Array(size);
  copyRows(source, rows, values);
  return tensor(values, [rows.length, source.columns], { engine });
}

/** The values become a tensor that the scope around frees, unlike those that a sparse tensor is made from. */
function csrOnEngine({ values, ...structure }: CsrMatrix, engine: Engine | undefined): SparseTensor {
  const ones = SparseTensor.from({ ...structure, values: undefined }, { engine });
  return values === undefined ? ones : ones.withValues(tensor(values, [values.length], { engine }));
}

function checkRows(source: FeatureMatrix | HostMatrix, rows: Uint32Array): void {
  for (const row of rows) {
    if (row < source.rows) continue;
    throw new DataError(
      "index-out-of-range",
      `featureRows: got the row ${row}; expected numbers below ${source.rows}, the count of rows.`,
    );
  }
}

function copyRows({ values, columns }: HostMatrix, rows: Uint32Array, into: Float32Array | Float64Array): void {
  let next = 0;
  for (const row of rows) {
    const end = (row + 1) * columns;
    for (let p = row * columns; p < end; p++) into[next++] = values[p]!;
  }
}

function csrRows({ columns, indptr, indices, values }: CsrMatrix, rows: Uint32Array): CsrMatrix {
  const starts = new Uint32Array(rows.length + 1);
  for (const [k, row] of rows.entries()) starts[k + 1] = starts[k]! + indptr[row + 1]! - indptr[row]!;
  const count = starts[rows.length]!;
  const picked = new Uint32Array(count);
  const pickedValues = values && new Float32Array(count);
  for (const [k, row] of rows.entries()) {
    picked.set(indices.subarray(indptr[row], indptr[row + 1]), starts[k]);
    if (values) pickedValues?.set(values.subarray(indptr[row], indptr[row + 1]), starts[k]);
  }
  return { kind: "csr", rows: rows.length, columns, indptr: starts, indices: picked, values: pickedValues };
}
