import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { type Eigenpairs, noEigenpairs } from "./eigenpairs.ts";
import type { NullSpace } from "./null-space.ts";
import type { SymmetricAdjacency } from "./symmetric-adjacency.ts";

/** Beyond all eigenvalues of a normalized Laplacian, which are from 0 to 2. */
const BEYOND = 3;

/** The `count` smallest eigenvalues of `I - S` beyond its null space, with their vectors, by a decomposition of the dense matrix. */
export function denseEigenpairs(adjacency: SymmetricAdjacency, space: NullSpace, count: number): Eigenpairs {
  if (count === 0) return noEigenpairs;
  const { size, offsets, columns, values, componentOf } = adjacency;
  const laplacian = Matrix.eye(size, size);
  for (let row = 0; row < size; row++) {
    for (let p = offsets[row]!; p < offsets[row + 1]!; p++) laplacian.set(row, columns[p]!, -values[p]!);
  }
  // The null space is known: moved to the other end of the spectrum, it cannot mix with eigenvalues that rounding brings close to it.
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (componentOf[row] !== componentOf[column]) continue;
      laplacian.set(row, column, laplacian.get(row, column) + BEYOND * space.values[row]! * space.values[column]!);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(laplacian, { assumeSymmetric: true });
  const order = [...realEigenvalues.keys()].sort((a, b) => realEigenvalues[a]! - realEigenvalues[b]!).slice(0, count);
  return {
    eigenvalues: Float64Array.from(order, (column) => Math.max(0, realEigenvalues[column]!)),
    vectors: order.map((column) => Float64Array.from(eigenvectorMatrix.getColumn(column))),
    iterations: 0,
  };
}
