import type { Expression } from "../expression/expression.ts";
import type { Local } from "./assembler.ts";
import { emitDropoutScale } from "./dropout-mask.ts";
import { type Operand, type RowKernel, VECTOR, WORD } from "./row-kernel.ts";
import { quad } from "./vector-loops.ts";
import { emitExp, emitOverLanes, LN } from "./vector-math.ts";

/** Stands below any sum of exponentials of a row with edges, and keeps a row without from dividing by zero. */
const NO_EDGES = 1e-30;

/** Stands below any maximum that can be subtracted: the logits of a row, or of a part of one, may all be -Infinity. */
const LEAST = -3.4028234663852886e38;

/**
 * Softmax of a row in place: the slot's logits become `exp(l - max)`, zero where dropped; `inverse` gets what they must be multiplied
 * with, and the operand `saved` the logarithm of the sum of exponentials. Where lanes are heads, each is a row of its own; else what is left of a row's
 * last four edges is filled with logits that weigh nothing.
 */
export function emitSoftmax(kernel: RowKernel, logits: Expression, inverse: Expression, saved: Operand): void {
  const { f } = kernel;
  const ofHeads = kernel.lanes === "heads";
  const [row, end] = [f.local("i32"), f.local("i32")];
  const padded = ofHeads ? end : f.local("i32");
  const [at, k] = [f.local("i32"), f.local("i32")];
  const top = ofHeads ? undefined : f.local("f32");
  const m = f.local("v128");
  const shift = ofHeads ? f.local("v128") : m;
  const [s, x, n, square] = quad(f);
  const step = ofHeads ? 4 * kernel.heads : VECTOR;
  kernel.forEachHead(
    () => {
      kernel.pushSlotRow(logits);
      f.tee(row);
      if (ofHeads) {
        f.get(kernel.count);
        kernel.toSlotBytes().op("i32.add").set(end);
      } else {
        f.addWords(kernel.count).set(end).get(row).get(kernel.stride).op("i32.add").set(padded).get(end).set(at);
        f.countTo(at, padded, WORD, () => f.get(at).f32(Number.NEGATIVE_INFINITY).at("f32.store"));
      }

      f.splat(Number.NEGATIVE_INFINITY).set(m).get(row).set(at);
      f.countTo(at, padded, step, () => f.get(m).get(at).at("v128.load").op("f32x4.pmax").set(m));
      if (top === undefined) f.get(m);
      else {
        emitOverLanes(f, m, "f32x4.max");
        f.tee(top).op("f32x4.splat");
      }
      f.splat(LEAST).op("f32x4.pmax").set(shift);

      f.splat(0).set(s).get(row).set(at).i32(0).set(k);
      f.countTo(at, padded, step, () => {
        f.get(at).get(at).at("v128.load").get(shift).op("f32x4.sub");
        emitExp(f, x, n, square, true);
        f.tee(x).get(s).op("f32x4.add").set(s).get(x);
        if (kernel.dropout > 0) {
          emitDropoutScale(kernel, k);
          f.op("f32x4.mul").setSum(k, k, ofHeads ? 1 : 4);
        }
        f.at("v128.store");
      });
      saveDivisor(kernel, s, inverse, saved, () => (top === undefined ? f.get(m) : f.get(top).op("f32x4.splat")));
    },
    ofHeads ? 4 : 1,
  );
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
    emitOverLanes(f, sums, "f32x4.add");
    f.op("f32x4.splat").set(sums);
  }
  const store = (): void => {
    if (ofHeads) f.at("v128.store");
    else f.extractF32(0).at("f32.store");
  };
  f.get(sums).splat(NO_EDGES).op("f32x4.max").set(sums);
  kernel.pushSlotRow(inverse);
  f.splat(1).get(sums).op("f32x4.div");
  store();
  kernel.pushScalar(saved.name).get(sums).call(LN);
  if (pushShift !== undefined) {
    pushShift();
    f.op("f32x4.add");
  }
  store();
}
