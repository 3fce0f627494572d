// Elementary functions whose results have the same bits in every JavaScript engine. The language leaves those of `Math.exp`, `Math.log`, `Math.sin`,
// `Math.cos` and `**` to the engine, and engines differ in the last bits, even V8 from one version to the next; it does not leave +, -, *, / and
// the square root. Each is within a few units in the last place.

/** ln 2 in two parts: the product of the first with any exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** Half of pi in three parts: the products of the first two with whole numbers below 2^20 are exact. */
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_MIDDLE = 6.077100506303966e-11;
const HALF_PI_LOW = 2.0222662487111665e-21;

/** A double as its bits, the most significant first. */
const bits = new DataView(new ArrayBuffer(8));

/** 2^n for -1022 <= n <= 1023. */
function powerOfTwo(n: number): number {
  bits.setUint32(0, (n + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** e^x: `2^n e^r` with `|r| <= ln(2) / 2`, and Taylor's series for the rest. */
export function portableExp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.79) return Number.POSITIVE_INFINITY;
  if (x < -745.2) return 0;
  const n = Math.round(x * Math.LOG2E);
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  let sum = 1;
  for (let k = 14; k > 0; k--) sum = 1 + (r / k) * sum;
  // In two steps: at the ends 2^n itself is no normal double.
  const half = n >> 1;
  return sum * powerOfTwo(half) * powerOfTwo(n - half);
}

/** The natural logarithm: `n ln 2 + 2 artanh((m - 1) / (m + 1))` for `x = 2^n m` with m near 1. */
export function portableLog(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const isSubnormal = x < 2.2250738585072014e-308;
  bits.setFloat64(0, isSubnormal ? x * 0x40_0000_0000_0000 : x);
  const high = bits.getUint32(0);
  let n = (high >>> 20) - (isSubnormal ? 1077 : 1023);
  bits.setUint32(0, (high & 0xf_ffff) | 0x3ff0_0000);
  let m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    n++;
  }
  const s = (m - 1) / (m + 1);
  let sum = 0;
  for (let k = 23; k > 1; k -= 2) sum = s * s * (1 / k + sum);
  return n * LN2_HIGH + (2 * s + (2 * s * sum + n * LN2_LOW));
}

/** The sine of an angle in radians; exact to the last bits for angles up to a million. */
export function portableSin(x: number): number {
  return sineOfTurned(x, 0);
}

/** The cosine of an angle in radians; exact to the last bits for angles up to a million. */
export function portableCos(x: number): number {
  return sineOfTurned(x, 1);
}

/** The sine of `x` and some quarter turns. */
function sineOfTurned(x: number, quarters: number): number {
  const n = Math.round(x / HALF_PI_HIGH);
  const r = x - n * HALF_PI_HIGH - n * HALF_PI_MIDDLE - n * HALF_PI_LOW;
  const quadrant = (n + quarters) % 4;
  const value = quadrant % 2 === 0 ? r * alternatingSeries(r * r, 16) : alternatingSeries(r * r, 17);
  return quadrant > 1 || (quadrant < 0 && quadrant > -3) ? -value : value;
}

/** `1 - square / (last (last + 1)) + ...`: Taylor's series of the cosine for an odd `last`, of the sine over its argument for an even one. */
function alternatingSeries(square: number, last: number): number {
  let sum = 1;
  for (let k = last; k > 0; k -= 2) sum = 1 - (square / (k * (k + 1))) * sum;
  return sum;
}

/**
 * `base^exponent` for a positive base: by squaring for a whole exponent, which is exact wherever the powers on the way are; by the square root
 * for half of one; else `e^(exponent ln base)`.
 */
export function portablePower(base: number, exponent: number): number {
  const halves = 2 * exponent;
  if (!Number.isSafeInteger(halves)) return portableExp(exponent * portableLog(base));
  let result = 1;
  let square = Math.sqrt(base);
  for (let rest = Math.abs(halves), isRoot = true; rest > 0; rest = Math.floor(rest / 2), isRoot = false) {
    if (rest % 2 === 1) result *= square;
    // Not the square of the rounded root.
    square = isRoot ? base : square * square;
  }
  return exponent < 0 ? 1 / result : result;
}
