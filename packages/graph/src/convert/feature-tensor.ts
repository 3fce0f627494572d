import { type Engine, type FeatureMatrix, SparseTensor, type Tensor, tensor } from "@vicinal/core";

/** A feature matrix on an engine, `[rows, columns]`, as layers read it: sparse features stay sparse. */
export function featureTensor(
  matrix: FeatureMatrix,
  { engine }: { readonly engine?: Engine | undefined } = {},
): Tensor | SparseTensor {
  if (matrix.kind === "csr") return SparseTensor.from(matrix, { engine });
  const { rows, columns, values } = matrix;
  return tensor(values, [rows, columns], { engine });
}
