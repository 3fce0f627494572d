/** Eigenvalues with their vectors, ascending. */
export interface Eigenpairs {
  readonly eigenvalues: Float64Array;
  /** Of length 1, orthogonal to each other. */
  readonly vectors: readonly Float64Array[];
  /** How often an iterative method filtered its block; 0 for a decomposition. */
  readonly iterations: number;
}

export const noEigenpairs: Eigenpairs = { eigenvalues: new Float64Array(0), vectors: [], iterations: 0 };
