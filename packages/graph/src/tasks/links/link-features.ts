import { type Engine, type FeatureMatrix, keep, SparseTensor, tensor } from "@vicinal/core";
import { normalizeRows } from "../../convert/normalize-rows.ts";
import type { NodeFeatureTensor } from "../../layers/graph-layer.ts";

/** Features of nodes as a network of links reads them. */
export function linkFeatures(
  matrix: FeatureMatrix,
  normalizeFeatures: boolean,
  engine: Engine | undefined,
): NodeFeatureTensor {
  const read = normalizeFeatures ? normalizeRows(matrix) : matrix;
  if (read.kind === "csr") return SparseTensor.from(read, { engine });
  return keep(tensor(read.values, [read.rows, read.columns], { engine }));
}
