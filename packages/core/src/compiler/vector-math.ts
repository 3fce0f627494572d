import { FunctionBuilder, floatBits, type Local } from "./assembler.ts";

/** Pushes a vector of one repeated number. */
export function emitSplat(f: FunctionBuilder, value: number): void {
  const bits = floatBits(value);
  f.i32x4([bits, bits, bits, bits]);
}

/** ln 2 in two parts, so that the reduced argument is exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = Math.LN2 - LN2_HIGH;
/** 1.5 * 2^23: adding it rounds to a whole number, which then stands in the low bits. */
const ROUND = 12582912;
/** e^r = 1 + c1 r + ... + c5 r^5 on ±ln2/2, relative error 1e-7: least-squares fit with weights pushed to equal ripples. */
const EXP = [0.9999997071891571, 0.4999914951925213, 0.16667636198231583, 0.04189793039134447, 0.008290314446543292];

/**
 * Replaces the vector on the stack by its exponential: `2^n * e^r` with `n` whole and `|r| <= ln2/2`. Arguments below -87 give about
 * 1e-38, those above 88 about 1.6e38; NaN stays NaN. Changes `x`, `n` and `square`.
 */
export function emitExp(f: FunctionBuilder, x: Local, n: Local, square: Local, isBounded: boolean): void {
  // pmax(a, b) is b where a < b, else a: with the argument first NaN is kept.
  emitSplat(f, -87);
  f.op("f32x4.pmax");
  if (!isBounded) {
    emitSplat(f, 88);
    f.op("f32x4.pmin");
  }
  f.tee(x);
  emitSplat(f, Math.LOG2E);
  f.op("f32x4.mul");
  emitSplat(f, ROUND);
  f.op("f32x4.add").set(n);
  // r = x - n ln 2
  f.get(x).get(n);
  emitSplat(f, ROUND);
  f.op("f32x4.sub").tee(x);
  emitSplat(f, LN2_HIGH);
  f.op("f32x4.mul", "f32x4.sub").get(x);
  emitSplat(f, LN2_LOW);
  f.op("f32x4.mul", "f32x4.sub").tee(x).get(x).op("f32x4.mul").set(square);
  // In pairs of terms (Estrin), which do not wait for one another as term after term does.
  const pair = (low: number, high: number): void => {
    f.get(x);
    emitSplat(f, high);
    f.op("f32x4.mul");
    emitSplat(f, low);
    f.op("f32x4.add");
  };
  pair(EXP[3]!, EXP[4]!);
  f.get(square).op("f32x4.mul");
  pair(EXP[1]!, EXP[2]!);
  f.op("f32x4.add").get(square).op("f32x4.mul");
  pair(1, EXP[0]!);
  f.op("f32x4.add").get(n).i32(23).op("i32x4.shl", "i32x4.add");
}

/** Pushes the sum of a vector's lanes as a number; changes `x`. */
export function emitLaneSum(f: FunctionBuilder, x: Local): void {
  f.get(x).get(x).get(x).shuffle([2, 3, 0, 1]).op("f32x4.add").tee(x);
  f.get(x).get(x).shuffle([1, 0, 3, 2]).op("f32x4.add").extractF32(0);
}

/** Pushes the largest of a vector's lanes as a number; changes `x`. */
export function emitLaneMax(f: FunctionBuilder, x: Local): void {
  f.get(x).get(x).get(x).shuffle([2, 3, 0, 1]).op("f32x4.max").tee(x);
  f.get(x).get(x).shuffle([1, 0, 3, 2]).op("f32x4.max").extractF32(0);
}

/** Pushes the vector of the lane sums of four vectors, in their order; changes the locals. */
export function emitFourLaneSums(f: FunctionBuilder, [a, b, c, d]: readonly [Local, Local, Local, Local]): void {
  const pairSums = (x: Local, y: Local): void => {
    // x0+x2 | x1+x3 | y0+y2 | y1+y3 in the order x0 x1 y0 y1 + x2 x3 y2 y3
    f.get(x).get(y).shuffle([0, 1, 4, 5]).get(x).get(y).shuffle([2, 3, 6, 7]).op("f32x4.add");
  };
  pairSums(a, b);
  f.set(a);
  pairSums(c, d);
  f.set(c);
  f.get(a).get(c).shuffle([0, 2, 4, 6]).get(a).get(c).shuffle([1, 3, 5, 7]).op("f32x4.add");
}

/** Transposes four vectors of four lanes in place. */
export function emitTranspose(
  f: FunctionBuilder,
  [a, b, c, d]: readonly [Local, Local, Local, Local],
  spare: readonly [Local, Local, Local, Local],
): void {
  const [s, t, u, v] = spare;
  f.get(a).get(b).shuffle([0, 4, 1, 5]).set(s);
  f.get(a).get(b).shuffle([2, 6, 3, 7]).set(t);
  f.get(c).get(d).shuffle([0, 4, 1, 5]).set(u);
  f.get(c).get(d).shuffle([2, 6, 3, 7]).set(v);
  f.get(s).get(u).shuffle([0, 1, 4, 5]).set(a);
  f.get(s).get(u).shuffle([2, 3, 6, 7]).set(b);
  f.get(t).get(v).shuffle([0, 1, 4, 5]).set(c);
  f.get(t).get(v).shuffle([2, 3, 6, 7]).set(d);
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
  const integer = (value: number): FunctionBuilder => f.i32x4([value, value, value, value]);
  // Shifting by the bits of sqrt(1/2) makes the exponent field count from there.
  const SQRT_HALF_BITS = 0x3f3504f3;
  f.get(given);
  integer(SQRT_HALF_BITS).op("i32x4.sub").tee(bits).i32(23).op("i32x4.shr_s", "f32x4.convert_i32x4_s").set(exponent);
  f.get(bits);
  integer(0x007fffff).op("v128.and");
  integer(SQRT_HALF_BITS).op("i32x4.add").tee(x);
  emitSplat(f, 1);
  f.op("f32x4.sub").get(x);
  emitSplat(f, 1);
  f.op("f32x4.add", "f32x4.div").tee(t).get(t).op("f32x4.mul").set(square);
  emitSplat(f, 2 / 9);
  for (const coefficient of [2 / 7, 2 / 5, 2 / 3, 2]) {
    f.get(square).op("f32x4.mul");
    emitSplat(f, coefficient);
    f.op("f32x4.add");
  }
  f.get(t).op("f32x4.mul").get(exponent);
  emitSplat(f, Math.LN2);
  f.op("f32x4.mul", "f32x4.add");
  // Else the root of the argument, which is NaN for a negative number, or -Infinity.
  emitSplat(f, Number.NEGATIVE_INFINITY);
  f.get(given).op("f32x4.sqrt").get(given).op("f32x4.abs");
  emitSplat(f, LEAST_NORMAL);
  f.op("f32x4.lt", "v128.bitselect").get(given);
  emitSplat(f, LEAST_NORMAL);
  f.op("f32x4.ge").get(given);
  emitSplat(f, Number.POSITIVE_INFINITY);
  f.op("f32x4.lt", "v128.and", "v128.bitselect");
  return f;
}

/** 2 atanh(s) = s * (2 + 2/3 s^2 + ... ): terms up to s^13, of which the next is 2e-8 at s = 1/3. */
const ATANH = [2, 2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11, 2 / 13];

/**
 * Replaces the vector on the stack, numbers from 0 to 1, by `ln(1 + t) = 2 atanh(t / (2 + t))`, which keeps its digits where `t` is small.
 */
export function emitLog1p(f: FunctionBuilder, s: Local, square: Local): void {
  f.tee(s).get(s);
  emitSplat(f, 2);
  f.op("f32x4.add", "f32x4.div").tee(s).get(s).op("f32x4.mul").set(square);
  emitSplat(f, ATANH[ATANH.length - 1]!);
  for (const coefficient of ATANH.slice(0, -1).reverse()) {
    f.get(square).op("f32x4.mul");
    emitSplat(f, coefficient);
    f.op("f32x4.add");
  }
  f.get(s).op("f32x4.mul");
}
