import { FunctionBuilder, type Local } from "./assembler.ts";

/** ln 2 in two parts, so that the reduced argument is exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = Math.LN2 - LN2_HIGH;
/** 1.5 * 2^23: adding it rounds to a whole number, which then stands in the low bits. */
const ROUND = 12582912;
/** e^r = 1 + c1 r + ... + c5 r^5 on ±ln2/2, relative error 1e-7: least-squares fit with weights pushed to equal ripples. */
const [C1, C2, C3, C4, C5] = [
  0.9999997071891571, 0.4999914951925213, 0.16667636198231583, 0.04189793039134447, 0.008290314446543292,
] as const;

/**
 * Replaces the vector on the stack by its exponential: `2^n * e^r` with `n` whole and `|r| <= ln2/2`. Arguments below -87 give about
 * 1e-38, those above 88 about 1.6e38; NaN stays NaN. Changes `x`, `n` and `square`.
 */
export function emitExp(f: FunctionBuilder, x: Local, n: Local, square: Local, isBounded: boolean): void {
  // pmax(a, b) is b where a < b, else a: with the argument first NaN is kept.
  f.splat(-87).op("f32x4.pmax");
  if (!isBounded) f.splat(88).op("f32x4.pmin");
  f.tee(x).splat(Math.LOG2E).op("f32x4.mul").splat(ROUND).op("f32x4.add").set(n);
  // r = x - n ln 2
  f.get(x).get(n).splat(ROUND).op("f32x4.sub").tee(x).splat(LN2_HIGH).op("f32x4.mul", "f32x4.sub");
  f.get(x).splat(LN2_LOW).op("f32x4.mul", "f32x4.sub").tee(x).get(x).op("f32x4.mul").set(square);
  // In pairs of terms (Estrin), which do not wait for one another as term after term does.
  const pair = (low: number, high: number): FunctionBuilder =>
    f.get(x).splat(high).op("f32x4.mul").splat(low).op("f32x4.add");
  pair(C4, C5).get(square).op("f32x4.mul");
  pair(C2, C3).op("f32x4.add").get(square).op("f32x4.mul");
  pair(1, C1).op("f32x4.add").get(n).i32(23).op("i32x4.shl", "i32x4.add");
}

/** Pushes the sum of a vector's lanes, or the largest of them, as a number; changes `x`. */
export function emitOverLanes(f: FunctionBuilder, x: Local, operation: "f32x4.add" | "f32x4.max"): void {
  f.get(x).shuffle(x, x, [2, 3, 0, 1]).op(operation).tee(x);
  f.shuffle(x, x, [1, 0, 3, 2]).op(operation).extractF32(0);
}

/** Pushes the vector of the lane sums of four vectors, in their order; changes the locals. */
export function emitFourLaneSums(f: FunctionBuilder, [a, b, c, d]: readonly [Local, Local, Local, Local]): void {
  // x0+x2 | x1+x3 | y0+y2 | y1+y3 in the order x0 x1 y0 y1 + x2 x3 y2 y3
  f.shuffle(a, b, [0, 1, 4, 5]).shuffle(a, b, [2, 3, 6, 7]).op("f32x4.add").set(a);
  f.shuffle(c, d, [0, 1, 4, 5]).shuffle(c, d, [2, 3, 6, 7]).op("f32x4.add").set(c);
  f.shuffle(a, c, [0, 2, 4, 6]).shuffle(a, c, [1, 3, 5, 7]).op("f32x4.add");
}

/** Transposes four vectors of four lanes in place. */
export function emitTranspose(
  f: FunctionBuilder,
  [a, b, c, d]: readonly [Local, Local, Local, Local],
  [s, t, u, v]: readonly [Local, Local, Local, Local],
): void {
  f.shuffle(a, b, [0, 4, 1, 5]).set(s).shuffle(a, b, [2, 6, 3, 7]).set(t);
  f.shuffle(c, d, [0, 4, 1, 5]).set(u).shuffle(c, d, [2, 6, 3, 7]).set(v);
  f.shuffle(s, u, [0, 1, 4, 5]).set(a).shuffle(s, u, [2, 3, 6, 7]).set(b);
  f.shuffle(t, v, [0, 1, 4, 5]).set(c).shuffle(t, v, [2, 3, 6, 7]).set(d);
}

/** Index of the function `ln` in every module. */
export const LN = 0;

/** The smallest number with all its digits; below, the bits of the exponent say nothing. */
const LEAST_NORMAL = 1.1754943508222875e-38;

/**
 * A function `ln(x)` of four numbers: `x = m * 2^e` with `m` in sqrt(1/2) to sqrt(2), and `ln m = 2 atanh((m - 1) / (m + 1))` by its series to
 * the ninth power, relative error 1e-7. -Infinity for 0, and for what is too small to have all its digits; NaN for negative numbers.
 */
export function logFunction(): FunctionBuilder {
  const f = new FunctionBuilder("ln", ["v128"], ["v128"]);
  const given = f.parameter(0);
  const local = (): Local => f.local("v128");
  const [x, bits, exponent, t, square] = [local(), local(), local(), local(), local()];
  // Shifting by the bits of sqrt(1/2) makes the exponent field count from there.
  const SQRT_HALF_BITS = 0x3f3504f3;
  f.get(given).i32x4(SQRT_HALF_BITS).op("i32x4.sub").tee(bits);
  f.i32(23).op("i32x4.shr_s", "f32x4.convert_i32x4_s").set(exponent);
  f.get(bits).i32x4(0x007fffff).op("v128.and").i32x4(SQRT_HALF_BITS).op("i32x4.add").tee(x);
  f.splat(1).op("f32x4.sub").get(x).splat(1).op("f32x4.add", "f32x4.div");
  emitTwiceAtanh(f, t, square, 9);
  f.get(exponent).splat(Math.LN2).op("f32x4.mul", "f32x4.add");
  // Else the root of the argument, which is NaN for a negative number, or -Infinity.
  f.splat(Number.NEGATIVE_INFINITY).get(given).op("f32x4.sqrt");
  f.get(given).op("f32x4.abs").splat(LEAST_NORMAL).op("f32x4.lt", "v128.bitselect");
  f.get(given).splat(LEAST_NORMAL).op("f32x4.ge").get(given).splat(Number.POSITIVE_INFINITY);
  f.op("f32x4.lt", "v128.and", "v128.bitselect");
  return f;
}

/**
 * Replaces the vector on the stack, numbers from 0 to 1, by `ln(1 + t) = 2 atanh(t / (2 + t))`, which keeps its digits where `t` is small: terms up to
 * the thirteenth power, of which the next is 2e-8 at `t = 1`.
 */
export function emitLog1p(f: FunctionBuilder, s: Local, square: Local): void {
  f.tee(s).get(s).splat(2).op("f32x4.add", "f32x4.div");
  emitTwiceAtanh(f, s, square, 13);
}

/** Replaces the vector on the stack by `2 atanh(s) = s * (2 + 2/3 s^2 + 2/5 s^4 ...)`, up to the power `last` of `s`. Changes `s` and `square`. */
function emitTwiceAtanh(f: FunctionBuilder, s: Local, square: Local, last: number): void {
  f.tee(s)
    .get(s)
    .op("f32x4.mul")
    .set(square)
    .splat(2 / last);
  for (let power = last - 2; power > 0; power -= 2)
    f.get(square)
      .op("f32x4.mul")
      .splat(2 / power)
      .op("f32x4.add");
  f.get(s).op("f32x4.mul");
}
