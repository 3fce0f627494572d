import { matmul, SparseTensor, sparseMatmul, type Tensor, transpose } from "@vicinal/core";
import type { NodeFeatureTensor } from "./graph-layer.ts";

/** `x W^T` for a weight `[outputs, inputs]`: a `Linear` without its bias, or of a part of its columns. */
export function product(x: NodeFeatureTensor, weight: Tensor): Tensor {
  return x instanceof SparseTensor ? sparseMatmul(x, transpose(weight)) : matmul(x, weight, { transposeB: true });
}
