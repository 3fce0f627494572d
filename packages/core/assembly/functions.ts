// Elementary functions of four numbers at once, accurate to about 3e-7 relative. The coefficients are minimax fits on the
// reduced ranges. NaN in gives NaN out in every one of them.

import { demote, promoteHigh, promoteLow } from "./lanes";

// Constants are read from memory: V8 makes one that is written in the code anew for every vector, in several instructions, which
// takes exp from 4.8 to 7.6 ns.

/** Four times the number at a constant's address. */
@inline
function four(address: usize): v128 {
  return v128.load_splat<f32>(address);
}

const HALF = memory.data<f32>([0.5]);
const ONE = memory.data<f32>([1]);
const TWO = memory.data<f32>([2]);
const INFINITE = memory.data<f32>([Infinity]);
const SIGN_BIT = memory.data<u32>([0x80000000]);

const LOG2_E = memory.data<f32>([1.4426950408889634]);
// ln 2 in two parts: a multiple of the first by any exponent is exact.
const LN2_HIGH = memory.data<f32>([0.693359375]);
const LN2_LOW = memory.data<f32>([-2.1219444e-4]);
// Adding this rounds to an integer and leaves it, plus 127, in the low bits.
const ROUND = memory.data<f32>([12583039]);
const BIAS = memory.data<u32>([127]);
// Below the first, exp has no normal float32; above the second, none at all.
const EXP_LOWEST = memory.data<f32>([-87.3365]);
const EXP_HIGHEST = memory.data<f32>([88.72283]);
const EXP_3 = memory.data<f32>([1.6666436592403244e-1]);
const EXP_4 = memory.data<f32>([4.1667892996422984e-2]);
const EXP_5 = memory.data<f32>([8.373846299075309e-3]);
const EXP_6 = memory.data<f32>([1.384938789996827e-3]);

/** exp(r) - 1 for |r| <= ln(2) / 2, in pairs of terms (Estrin): what follows waits half as long for it as for term after term. */
@inline
function expm1Reduced(r: v128): v128 {
  const square = f32x4.mul(r, r);
  const first = f32x4.add(f32x4.mul(four(EXP_3), r), four(HALF));
  const second = f32x4.add(f32x4.mul(four(EXP_5), r), four(EXP_4));
  const high = f32x4.add(f32x4.mul(four(EXP_6), square), second);
  const q = f32x4.add(f32x4.mul(high, square), first);
  return f32x4.add(f32x4.mul(q, square), r);
}

/** The integer nearest to x / ln 2, plus the number at {@link ROUND}. */
@inline
function rounded(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, four(LOG2_E)), four(ROUND));
}

@inline
function reduced(x: v128, n: v128): v128 {
  return f32x4.sub(f32x4.sub(x, f32x4.mul(n, four(LN2_HIGH))), f32x4.mul(n, four(LN2_LOW)));
}

/** exp(x) for x <= 88; what softmax needs, whose exponents are not positive. */
@inline
export function expBounded(x: v128): v128 {
  const t = rounded(x);
  const power = expm1Reduced(reduced(x, f32x4.sub(t, four(ROUND))));
  const scaled = f32x4.mul(f32x4.add(power, four(ONE)), i32x4.shl(t, 23));
  return v128.andnot(scaled, f32x4.lt(x, four(EXP_LOWEST)));
}

@inline
export function exp(x: v128): v128 {
  // The exponent is added, not multiplied: at 88.5 the factor would be 2^128, which float32 does not have.
  const t = rounded(x);
  const power = expm1Reduced(reduced(x, f32x4.sub(t, four(ROUND))));
  const exponent = i32x4.shl(i32x4.sub(t, four(BIAS)), 23);
  const scaled = i32x4.add(f32x4.add(power, four(ONE)), exponent);
  const finite = v128.andnot(scaled, f32x4.lt(x, four(EXP_LOWEST)));
  return v128.bitselect(finite, f32x4.add(x, four(INFINITE)), f32x4.le(x, four(EXP_HIGHEST)));
}

/** exp(x) - 1 for x <= 0, exact to the last bits near 0 too. */
@inline
export function expm1NotPositive(x: v128): v128 {
  // The argument first: NaN is kept.
  const bounded = f32x4.pmax(x, four(EXP_LOWEST));
  const t = rounded(bounded);
  const power = expm1Reduced(reduced(bounded, f32x4.sub(t, four(ROUND))));
  // 2^n, of which nothing is left near 0 once 1 is taken off.
  const scale = i32x4.shl(t, 23);
  return f32x4.add(f32x4.mul(power, scale), f32x4.sub(scale, four(ONE)));
}

const ARTANH_3 = memory.data<f32>([6.666641314576968e-1]);
const ARTANH_5 = memory.data<f32>([4.00216984546242e-1]);
const ARTANH_7 = memory.data<f32>([2.7999149538225887e-1]);
const ARTANH_9 = memory.data<f32>([2.8024421937766925e-1]);

/** 2 artanh(s) = log((1 + s) / (1 - s)) for |s| <= 1/3. */
@inline
function twiceArtanh(s: v128): v128 {
  const z = f32x4.mul(s, s);
  let q = four(ARTANH_9);
  q = f32x4.add(f32x4.mul(q, z), four(ARTANH_7));
  q = f32x4.add(f32x4.mul(q, z), four(ARTANH_5));
  q = f32x4.add(f32x4.mul(q, z), four(ARTANH_3));
  return f32x4.add(f32x4.add(s, s), f32x4.mul(f32x4.mul(s, z), q));
}

const SMALLEST_NORMAL = memory.data<f32>([1.17549435e-38]);
const TWO_TO_25 = memory.data<f32>([33554432]);
const TWENTY_FIVE = memory.data<u32>([25]);
// The bits of sqrt(1/2), and those of the mantissa.
const SQRT_HALF_BITS = memory.data<u32>([0x3f3504f3]);
const MANTISSA_BITS = memory.data<u32>([0x007fffff]);

@inline
export function log(x: v128): v128 {
  // Subnormal numbers are scaled up first.
  const subnormal = f32x4.lt(x, four(SMALLEST_NORMAL));
  const scaled = v128.bitselect(f32x4.mul(x, four(TWO_TO_25)), x, subnormal);
  // The mantissa in [sqrt(1/2), sqrt(2)), and the exponent that goes with it.
  const shifted = i32x4.sub(scaled, four(SQRT_HALF_BITS));
  const exponent = i32x4.sub(i32x4.shr_s(shifted, 23), v128.and(subnormal, four(TWENTY_FIVE)));
  const mantissa = i32x4.add(v128.and(shifted, four(MANTISSA_BITS)), four(SQRT_HALF_BITS));
  const s = f32x4.div(f32x4.sub(mantissa, four(ONE)), f32x4.add(mantissa, four(ONE)));
  const e = f32x4.convert_i32x4_s(exponent);
  const low = f32x4.add(twiceArtanh(s), f32x4.mul(e, four(LN2_LOW)));
  const regular = f32x4.add(f32x4.mul(e, four(LN2_HIGH)), low);
  // 0 gives -Infinity, Infinity itself, a negative number or NaN gives NaN.
  const zero = f32x4.eq(x, f32x4.splat(0));
  const special = v128.bitselect(f32x4.neg(four(INFINITE)), f32x4.sqrt(x), zero);
  const isRegular = v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.lt(x, four(INFINITE)));
  return v128.bitselect(regular, special, isRegular);
}

@inline
export function tanh(x: v128): v128 {
  const e = expm1NotPositive(f32x4.neg(f32x4.mul(f32x4.abs(x), four(TWO))));
  const magnitude = f32x4.div(f32x4.neg(e), f32x4.add(e, four(TWO)));
  return v128.or(magnitude, v128.and(x, four(SIGN_BIT)));
}

@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(four(ONE), f32x4.add(four(ONE), exp(f32x4.neg(x))));
}

/** log(1 + exp(x)) = max(x, 0) + log(1 + u) with u = exp(-|x|), and log(1 + u) = 2 artanh(u / (2 + u)). */
@inline
export function softplus(x: v128): v128 {
  const u = expBounded(f32x4.neg(f32x4.abs(x)));
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), twiceArtanh(f32x4.div(u, f32x4.add(u, four(TWO)))));
}

const INVERSE_SQRT_TWO_PI = memory.data<f32>([0.3989422804014327]);
// Beyond it float32 has no tail of the normal distribution.
const TAIL_END = memory.data<f32>([20]);
const TAIL_SCALE = memory.data<f32>([0.3]);
const TAIL_1 = memory.data<f32>([0.1196245402097702]);
const TAIL_2 = memory.data<f32>([0.12082631140947342]);
const TAIL_3 = memory.data<f32>([0.09946508705615997]);
const TAIL_4 = memory.data<f32>([0.13003253936767578]);
const TAIL_5 = memory.data<f32>([-0.05644993111491203]);
const TAIL_6 = memory.data<f32>([0.20934619009494781]);
const TAIL_7 = memory.data<f32>([-0.1589336097240448]);
const TAIL_8 = memory.data<f32>([0.03608880937099457]);

/** |x|, but no more than what the tail needs: an infinite one would make Infinity times 0. */
@inline
function tailArgument(x: v128): v128 {
  return f32x4.pmin(f32x4.abs(x), four(TAIL_END));
}

/** exp(-a^2 / 2). */
@inline
function bell(a: v128): v128 {
  return expBounded(f32x4.neg(f32x4.mul(f32x4.mul(a, a), four(HALF))));
}

/**
 * 1 - Phi(a) for a >= 0, where Phi is the normal distribution, as exp(-a^2 / 2) times a polynomial in t = 1 / (1 + 0.3 a): the form
 * of Hastings (1955), fitted for relative error.
 */
@inline
function normalTail(a: v128): v128 {
  const t = f32x4.div(four(ONE), f32x4.add(f32x4.mul(a, four(TAIL_SCALE)), four(ONE)));
  let q = four(TAIL_8);
  q = f32x4.add(f32x4.mul(q, t), four(TAIL_7));
  q = f32x4.add(f32x4.mul(q, t), four(TAIL_6));
  q = f32x4.add(f32x4.mul(q, t), four(TAIL_5));
  q = f32x4.add(f32x4.mul(q, t), four(TAIL_4));
  q = f32x4.add(f32x4.mul(q, t), four(TAIL_3));
  q = f32x4.add(f32x4.mul(q, t), four(TAIL_2));
  q = f32x4.add(f32x4.mul(q, t), four(TAIL_1));
  return f32x4.mul(bell(a), f32x4.mul(q, t));
}

/** x Phi(x) = max(x, 0) - |x| (1 - Phi(|x|)). */
@inline
export function gelu(x: v128): v128 {
  const a = tailArgument(x);
  return f32x4.sub(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(a, normalTail(a)));
}

/** Phi(x) + x exp(-x^2 / 2) / sqrt(2 pi): for negative x one minus that of -x. */
@inline
export function geluDerivative(x: v128): v128 {
  const a = tailArgument(x);
  const low = f32x4.sub(normalTail(a), f32x4.mul(a, f32x4.mul(bell(a), four(INVERSE_SQRT_TWO_PI))));
  return v128.bitselect(f32x4.sub(four(ONE), low), low, f32x4.gt(x, f32x4.splat(0)));
}

/** The multiple of pi/2 nearest to x, for two numbers in float64: float32 has too few digits for the difference. */
@inline
function quarterTurns(x: v128): v128 {
  return f64x2.nearest(f64x2.mul(x, f64x2.splat(0.6366197723675814)));
}

@inline
function withoutTurns(x: v128, turns: v128): v128 {
  const high = f64x2.sub(x, f64x2.mul(turns, f64x2.splat(1.5707963267948966)));
  return f64x2.sub(high, f64x2.mul(turns, f64x2.splat(6.123233995736766e-17)));
}

/** turns modulo 4. */
@inline
function quadrant(turns: v128): v128 {
  const whole = f64x2.mul(f64x2.floor(f64x2.mul(turns, f64x2.splat(0.25))), f64x2.splat(4));
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.sub(turns, whole));
}

const SIN_3 = memory.data<f32>([-1.666665490870096e-1]);
const SIN_5 = memory.data<f32>([8.332175849684261e-3]);
const SIN_7 = memory.data<f32>([-1.9516977849850042e-4]);
const COS_4 = memory.data<f32>([4.1666646807448644e-2]);
const COS_6 = memory.data<f32>([-1.3887364496210888e-3]);
const COS_8 = memory.data<f32>([2.4438092036250076e-5]);

/** sin(x + ahead * pi/2): `ahead` 0 gives the sine, 1 the cosine. */
export function sine(x: v128, ahead: i32): v128 {
  const low = promoteLow(x);
  const high = promoteHigh(x);
  const lowTurns = quarterTurns(low);
  const highTurns = quarterTurns(high);
  const r = demote(withoutTurns(low, lowTurns), withoutTurns(high, highTurns));
  const turns = v128.shuffle<i32>(quadrant(lowTurns), quadrant(highTurns), 0, 1, 4, 5);
  const q = i32x4.add(turns, i32x4.splat(ahead));

  const z = f32x4.mul(r, r);
  let s = four(SIN_7);
  s = f32x4.add(f32x4.mul(s, z), four(SIN_5));
  s = f32x4.add(f32x4.mul(s, z), four(SIN_3));
  s = f32x4.add(r, f32x4.mul(f32x4.mul(r, z), s));
  let c = four(COS_8);
  c = f32x4.add(f32x4.mul(c, z), four(COS_6));
  c = f32x4.add(f32x4.mul(c, z), four(COS_4));
  c = f32x4.mul(f32x4.mul(c, z), z);
  c = f32x4.add(f32x4.sub(four(ONE), f32x4.mul(z, four(HALF))), c);

  const odd = i32x4.eq(v128.and(q, i32x4.splat(1)), i32x4.splat(1));
  const sign = i32x4.shl(v128.and(q, i32x4.splat(2)), 30);
  return v128.xor(v128.bitselect(c, s, odd), sign);
}
