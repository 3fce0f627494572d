/**
 * A learned matrix in a score, one for each head: `[heads, channels, channels]`. It is no expression: what can be done with it is to apply
 * it to a vector, `x.transform(w)`.
 */
export class MatrixSymbol {
  /** The parameter's name. */
  readonly name: string;
  /** Whether rows and columns are swapped where the matrix is applied. */
  readonly isTransposed: boolean;

  constructor(name: string, isTransposed = false) {
    this.name = name;
    this.isTransposed = isTransposed;
  }

  /** The matrix with rows and columns swapped. */
  transpose(): MatrixSymbol {
    return new MatrixSymbol(this.name, !this.isTransposed);
  }
}
