import type { Expression } from "../expression/expression.ts";
import type { Local } from "./assembler.ts";
import { emitDropoutScale } from "./dropout-mask.ts";
import type { Operand, RowKernel } from "./row-kernel.ts";
import { emitExp, emitLaneMax, emitLaneSum, emitSplat, LN } from "./vector-math.ts";

/** Stands below any sum of exponentials of a row with edges, and keeps a row without from dividing by zero. */
const NO_EDGES = 1e-30;

/** Stands below any maximum that can be subtracted: the logits of a row, or of a part of one, may all be -Infinity. */
const LEAST = -3.4028234663852886e38;

/**
 * Softmax of a row in place: the slot's logits become `exp(l - max)`, zero where dropped; `inverse` gets what they must be multiplied
 * with, and the operand `saved` the logarithm of the sum of exponentials.
 */
export function emitSoftmax(
  kernel: RowKernel,
  logits: Expression,
  inverse: Expression,
  saved: Operand,
  probability: number,
): void {
  if (kernel.lanes === "heads") softmaxOfHeads(kernel, logits, inverse, saved, probability);
  else softmaxOfEdges(kernel, logits, inverse, saved, probability);
}

/** Four heads at a time: every lane is a row of its own. */
function softmaxOfHeads(
  kernel: RowKernel,
  logits: Expression,
  inverse: Expression,
  saved: Operand,
  probability: number,
): void {
  const { f } = kernel;
  const [row, end, at, k] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  const [m, shift] = [f.local("v128"), f.local("v128")];
  const [s, x, n, square] = kernel.quad();
  const step = 4 * kernel.heads;
  kernel.forEachHead(() => {
    kernel.pushSlotRow(logits);
    f.tee(row).get(kernel.count);
    kernel.toSlotBytes();
    f.op("i32.add").set(end);

    emitSplat(f, Number.NEGATIVE_INFINITY);
    f.set(m).get(row).set(at);
    f.countTo(at, end, step, () => f.get(m).get(at).at("v128.load").op("f32x4.pmax").set(m));
    f.get(m);
    emitSplat(f, LEAST);
    f.op("f32x4.pmax").set(shift);

    f.i32x4([0, 0, 0, 0]).set(s).get(row).set(at).i32(0).set(k);
    f.countTo(at, end, step, () => {
      f.get(at).get(at).at("v128.load").get(shift).op("f32x4.sub");
      emitExp(f, x, n, square, true);
      f.tee(x).get(s).op("f32x4.add").set(s);
      emitDropped(kernel, x, k, 1, probability);
      f.at("v128.store");
    });
    saveDivisor(kernel, s, inverse, saved, () => f.get(m));
  }, 4);
}

/** Four edges of one head at a time. */
function softmaxOfEdges(
  kernel: RowKernel,
  logits: Expression,
  inverse: Expression,
  saved: Operand,
  probability: number,
): void {
  const { f } = kernel;
  const [row, end, padded, at, k] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  const top = f.local("f32");
  const m = f.local("v128");
  const [s, x, n, square] = kernel.quad();
  kernel.forEachHead(() => {
    kernel.pushSlotRow(logits);
    f.tee(row).get(kernel.count).i32(2).op("i32.shl", "i32.add").set(end);
    f.get(row).get(kernel.stride).op("i32.add").set(padded);
    f.get(end).set(at);
    f.countTo(at, padded, 4, () => f.get(at).f32(Number.NEGATIVE_INFINITY).at("f32.store"));

    emitSplat(f, Number.NEGATIVE_INFINITY);
    f.set(m).get(row).set(at);
    f.countTo(at, padded, 16, () => f.get(m).get(at).at("v128.load").op("f32x4.pmax").set(m));
    emitLaneMax(f, m);
    f.tee(top).op("f32x4.splat");
    emitSplat(f, LEAST);
    f.op("f32x4.pmax").set(m);

    f.i32x4([0, 0, 0, 0]).set(s).get(row).set(at).i32(0).set(k);
    f.countTo(at, padded, 16, () => {
      f.get(at).get(at).at("v128.load").get(m).op("f32x4.sub");
      emitExp(f, x, n, square, true);
      f.tee(x).get(s).op("f32x4.add").set(s);
      emitDropped(kernel, x, k, 4, probability);
      f.at("v128.store");
    });
    saveDivisor(kernel, s, inverse, saved, () => f.get(top).op("f32x4.splat"));
  });
}

/**
 * Writes what the weights of a row must be multiplied with, one over their sum, and the logarithm of the sum; `pushShift` pushes what was
 * subtracted from the logarithms of the weights before.
 */
export function saveDivisor(
  kernel: RowKernel,
  sums: Local,
  inverse: Expression,
  saved: Operand,
  pushShift?: () => void,
): void {
  const { f } = kernel;
  const ofHeads = kernel.lanes === "heads";
  if (!ofHeads) {
    emitLaneSum(f, sums);
    f.op("f32x4.splat").set(sums);
  }
  const store = (): void => {
    if (ofHeads) f.at("v128.store");
    else f.extractF32(0).at("f32.store");
  };
  f.get(sums);
  emitSplat(f, NO_EDGES);
  f.op("f32x4.max").set(sums);
  kernel.pushSlotRow(inverse);
  emitSplat(f, 1);
  f.get(sums).op("f32x4.div");
  store();
  kernel.pushScalarTarget(saved);
  f.get(sums).call(LN);
  if (pushShift !== undefined) {
    pushShift();
    f.op("f32x4.add");
  }
  store();
}

/** Pushes weights as dropout leaves them, and counts `k` on. */
function emitDropped(kernel: RowKernel, weights: Local, k: Local, step: number, probability: number): void {
  const { f } = kernel;
  f.get(weights);
  if (probability === 0) return;
  emitDropoutScale(kernel, k, probability);
  f.op("f32x4.mul").get(k).i32(step).op("i32.add").set(k);
}
