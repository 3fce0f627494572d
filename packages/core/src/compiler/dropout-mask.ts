import { dropThreshold } from "../engine/kernels.ts";
import type { Local } from "./assembler.ts";
import type { RowKernel } from "./row-kernel.ts";
import { emitSplat } from "./vector-math.ts";

/**
 * Pushes `1 / (1 - probability)` in the lanes whose weight is kept, from edge `k` and the present head on, and 0 in the others. The
 * hash is that of `keepsElement`: the mask is a function of seed, position and head alone.
 */
export function emitDropoutScale(kernel: RowKernel, k: Local, probability: number): void {
  const { f, scratch } = kernel;
  const x = scratch.take();
  const splatInteger = (value: number): void => {
    f.i32x4([value, value, value, value]);
  };
  const shiftXor = (bits: number): void => {
    f.tee(x).get(x).i32(bits).op("i32x4.shr_u", "v128.xor");
  };
  kernel.pushElements(k, 0x9e3779b9 | 0);
  shiftXor(16);
  splatInteger(0x7feb352d);
  f.op("i32x4.mul");
  shiftXor(15);
  splatInteger(0x846ca68b | 0);
  f.op("i32x4.mul");
  shiftXor(16);
  splatInteger(dropThreshold(probability) | 0);
  f.op("i32x4.ge_u");
  emitSplat(f, 1 / (1 - probability));
  f.op("v128.and");
  scratch.give(x);
}
