import { dropThreshold } from "../engine/kernels.ts";
import type { FunctionBuilder, Local } from "./assembler.ts";
import type { RowKernel } from "./row-kernel.ts";

/**
 * Pushes `1 / (1 - dropout)` in the lanes whose weight is kept, from edge `k` and the present head on, and 0 in the others. The
 * hash is that of `keepsElement`: the mask is a function of seed, position and head alone.
 */
export function emitDropoutScale(kernel: RowKernel, k: Local): void {
  const { f, dropout } = kernel;
  const x = f.take();
  const shiftXor = (bits: number): FunctionBuilder => f.tee(x).get(x).i32(bits).op("i32x4.shr_u", "v128.xor");
  kernel.pushElements(k, 0x9e3779b9 | 0);
  shiftXor(16).i32x4(0x7feb352d).op("i32x4.mul");
  shiftXor(15)
    .i32x4(0x846ca68b | 0)
    .op("i32x4.mul");
  shiftXor(16)
    .i32x4(dropThreshold(dropout) | 0)
    .op("i32x4.ge_u");
  f.splat(1 / (1 - dropout))
    .op("v128.and")
    .give(x);
}
