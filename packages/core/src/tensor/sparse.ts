import { defaultEngine } from "../engine/default-engine.ts";
import type { Engine } from "../engine/engine.ts";
import { ShapeError } from "../errors.ts";
import { keep, tensor } from "./create.ts";
import { dropout } from "./dropout.ts";
import { type ByColumn, groupByColumn, groupsOfPositions } from "./group-by.ts";
import { indexBuffer } from "./indices.ts";
import { type CsrMatrix, checkFeatureMatrix } from "./matrix.ts";
import { record } from "./record.ts";
import type { Tensor } from "./tensor.ts";

/**
 * A sparse matrix on an engine, `[rows, columns]`: a constant input such as a bag of words, never densified. Its values may
 * change by dropout; gradients flow through it to what it is multiplied with, not to itself.
 */
export class SparseTensor {
  /** `[rows, columns]`. */
  readonly shape: readonly [rows: number, columns: number];
  /** The engine that owns the values. */
  readonly engine: Engine;
  /** @internal */
  readonly structure: CsrMatrix;
  /** @internal The stored values, `[nonzeros]`; undefined where all are 1. */
  readonly values: Tensor | undefined;
  readonly #columns: { made: ByColumn | undefined };

  private constructor(
    structure: CsrMatrix,
    engine: Engine,
    values: Tensor | undefined,
    columns: { made: ByColumn | undefined },
  ) {
    this.shape = [structure.rows, structure.columns];
    this.engine = engine;
    this.structure = structure;
    this.values = values;
    this.#columns = columns;
  }

  /**
   * @throws DataError `index-out-of-range`, `wrong-length` or `not-finite` for a matrix that cannot be computed with.
   */
  static from(
    matrix: CsrMatrix,
    { engine = defaultEngine() }: { readonly engine?: Engine | undefined } = {},
  ): SparseTensor {
    checkFeatureMatrix("SparseTensor.from", matrix);
    const values = matrix.values && keep(tensor(matrix.values, [matrix.values.length], { engine }));
    return new SparseTensor(matrix, engine, values, { made: undefined });
  }

  /** The same structure with other values, `[nonzeros]`. */
  withValues(values: Tensor): SparseTensor {
    return new SparseTensor(this.structure, this.engine, values, this.#columns);
  }

  /** @internal The transposed structure: what the gradient of the dense factor walks. */
  get columns(): ByColumn {
    const { indptr, indices, columns } = this.structure;
    this.#columns.made ??= groupByColumn(groupsOfPositions(indptr), indices, columns);
    return this.#columns.made;
  }
}

/**
 * Sparse times dense, `[rows, columns] x [columns, width] -> [rows, width]`.
 *
 * @throws ShapeError `shapes-differ`.
 */
export function sparseMatmul(sparse: SparseTensor, dense: Tensor): Tensor {
  const [rows, columns] = sparse.shape;
  const width = dense.shape[1];
  if (dense.shape.length !== 2 || dense.shape[0] !== columns || width === undefined) {
    throw new ShapeError(
      "shapes-differ",
      `sparseMatmul: got [${rows}, ${columns}] x [${dense.shape.join(", ")}]; expected the columns of the first to be the rows of the second.`,
    );
  }
  const { structure, values } = sparse;
  return record({
    name: "sparseMatmul",
    shape: [rows, width],
    inputs: values === undefined ? [dense] : [dense, values],
    forward: (out, engine) =>
      engine.run("sparseMatmul", {
        offsets: indexBuffer(engine, structure.indptr),
        indices: indexBuffer(engine, structure.indices),
        values: values?.buffer ?? null,
        permutation: null,
        dense: dense.buffer,
        out,
        width,
      }),
    backward: (gradient) => [transposedProduct(sparse, gradient, width)],
  });
}

/** `sparse^T gradient`, `[columns, width]`. */
function transposedProduct(sparse: SparseTensor, gradient: Tensor, width: number): Tensor {
  const { offsets, rows, permutation } = sparse.columns;
  const { values } = sparse;
  return record({
    name: "sparseMatmul gradient",
    shape: [sparse.shape[1], width],
    inputs: values === undefined ? [gradient] : [gradient, values],
    forward: (out, engine) =>
      engine.run("sparseMatmul", {
        offsets: indexBuffer(engine, offsets),
        indices: indexBuffer(engine, rows),
        values: values?.buffer ?? null,
        permutation: indexBuffer(engine, permutation),
        dense: gradient.buffer,
        out,
        width,
      }),
    backward: () => [],
  });
}

/** Drops each stored value with `probability` and scales the others up, as {@link dropout} does for dense tensors. */
export function sparseDropout(sparse: SparseTensor, probability: number, seed: number): SparseTensor {
  if (probability === 0) return sparse;
  const { length } = sparse.structure.indices;
  const values = sparse.values ?? tensor(new Float32Array(length).fill(1), [length], { engine: sparse.engine });
  return sparse.withValues(dropout(values, probability, seed));
}
