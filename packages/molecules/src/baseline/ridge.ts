import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Columns shifted and scaled to mean 0 and standard deviation 1 over the rows that they were fitted on. Constant columns become 0. */
export interface Standardization {
  readonly mean: Float64Array;
  /** 0 for a constant column. */
  readonly inverseDeviation: Float64Array;
}

/** Columns that vary by less than this share of their size are constant but for rounding. */
const constant = 1e-9;

export function standardizationOf(x: Matrix): Standardization {
  const mean = Float64Array.from(x.mean("column"));
  const inverseDeviation = new Float64Array(x.columns);
  for (let c = 0; c < x.columns; c++) {
    let sum = 0;
    for (let r = 0; r < x.rows; r++) sum += (x.get(r, c) - mean[c]!) ** 2;
    const deviation = Math.sqrt(sum / x.rows);
    inverseDeviation[c] = deviation > constant * Math.max(1, Math.abs(mean[c]!)) ? 1 / deviation : 0;
  }
  return { mean, inverseDeviation };
}

export function standardized(x: Matrix, { mean, inverseDeviation }: Standardization): Matrix {
  const z = new Matrix(x.rows, x.columns);
  for (let r = 0; r < x.rows; r++) {
    for (let c = 0; c < x.columns; c++) z.set(r, c, (x.get(r, c) - mean[c]!) * inverseDeviation[c]!);
  }
  return z;
}

/**
 * Ridge regression (Hoerl and Kennard, 1970) for one penalty after the other:
 *
 *     w = argmin ||z w - y||² + λ n ||w||²
 *
 * with `n` rows, so that λ means the same for any count of them. `zᵀ z` is decomposed once.
 *
 * @param z `[rows, columns]`, of mean 0.
 * @param y `[rows]`, of mean 0.
 */
export function ridge(z: Matrix, y: readonly number[]): (penalty: number) => Float64Array {
  const transposed = z.transpose();
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(transposed.mmul(z), {
    assumeSymmetric: true,
  });
  const projected = eigenvectorMatrix.transpose().mmul(transposed.mmul(Matrix.columnVector([...y])));
  return (penalty) => {
    const scaled = projected.clone();
    for (let k = 0; k < z.columns; k++) {
      const eigenvalue = Math.max(realEigenvalues[k]!, 0) + penalty * z.rows;
      scaled.set(k, 0, eigenvalue > 0 ? scaled.get(k, 0) / eigenvalue : 0);
    }
    return Float64Array.from(eigenvectorMatrix.mmul(scaled).to1DArray());
  };
}
