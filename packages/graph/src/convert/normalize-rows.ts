import type { FeatureMatrix } from "@vicinal/core";

/**
 * Divides each row by the sum of its magnitudes, as the GAT paper does with bags of words; a row of zeros stays as it is.
 */
export function normalizeRows(matrix: FeatureMatrix): FeatureMatrix {
  const values = Float32Array.from(matrix.values ?? new Float32Array(storedCount(matrix)).fill(1));
  for (let r = 0; r < matrix.rows; r++) {
    const [start, end] =
      matrix.kind === "csr"
        ? [matrix.indptr[r]!, matrix.indptr[r + 1]!]
        : [r * matrix.columns, (r + 1) * matrix.columns];
    let total = 0;
    for (let p = start; p < end; p++) total += Math.abs(values[p]!);
    if (total === 0) continue;
    for (let p = start; p < end; p++) values[p] = values[p]! / total;
  }
  return { ...matrix, values };
}

function storedCount(matrix: FeatureMatrix): number {
  return matrix.kind === "csr" ? matrix.indices.length : matrix.values.length;
}
