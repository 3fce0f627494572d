// Sparsemax and entmax-1.5 over the positions of CSR rows. Ranges are of rows.
//
// Both look for the threshold tau at which the distances d = max((alpha - 1) (logit - max) - tau, 0) have the norm 1: their sum for
// sparsemax, whose weights are the distances, and their Euclidean norm for entmax-1.5, whose weights are their squares. A norm is convex
// in tau, so Newton's method from the left of the root, -1, comes from below and never passes it; for sparsemax it is the active-set
// iteration of Michelot (1986). A handful of passes over a row do. tau is kept in float64, and taken off in two parts: the
// weights of a long row are as exact as those of a short one. Steps that start far from the root stop short of it by what sums of
// float32 may be wrong; a last one, from near by, goes all the way.

import { demote, loadLanes, maxLanes, promoteHigh, promoteLow, storeLanes, sumLanes } from "./lanes";
import { rowBegin, rowEnd } from "./segment";

// Positions whose weights are added in float32 before they join the float64 sum.
const BLOCK: u32 = 64;

// By how much of itself a norm may be wrong: twice BLOCK roundings of float32.
const MARGIN: f64 = 7.62939453125e-6;

// Each is a class, so that the compiler makes a loop for each. The objects are never made; only their type matters.

@unmanaged
class Sparsemax {
  @inline
  scaled(x: v128): v128 {
    return x;
  }
  @inline
  weight(d: v128): v128 {
    return d;
  }
  /** The derivative of the weight by the distance, but for a factor. */
  @inline
  slope(d: v128): v128 {
    return v128.and(f32x4.gt(d, f32x4.splat(0)), f32x4.splat(1));
  }
  /** From the sum of the weights. */
  @inline
  norm(weights: v128): v128 {
    return weights;
  }
  /** How far tau moves the norm, from the norm and the sum of the slopes. */
  @inline
  normSlope(norm: v128, slopes: v128): v128 {
    return slopes;
  }
  /** The slope where the weight is known. NaN stays. */
  @inline
  slopeAt(weight: v128): v128 {
    return v128.bitselect(f32x4.splat(1), weight, f32x4.gt(weight, f32x4.splat(0)));
  }
}

@unmanaged
class Entmax15 {
  @inline
  scaled(x: v128): v128 {
    return f32x4.mul(x, f32x4.splat(0.5));
  }
  @inline
  weight(d: v128): v128 {
    return f32x4.mul(d, d);
  }
  @inline
  slope(d: v128): v128 {
    return d;
  }
  @inline
  norm(weights: v128): v128 {
    return f64x2.sqrt(weights);
  }
  @inline
  normSlope(norm: v128, slopes: v128): v128 {
    return f64x2.div(slopes, norm);
  }
  @inline
  slopeAt(weight: v128): v128 {
    return f32x4.sqrt(weight);
  }
}

/** What is taken off the logits of a row: nothing of one of -Infinity, which stays so, and NaN of one that has no weights. */
@inline
function shift(max: v128): v128 {
  const infinite = f32x4.splat(Infinity);
  return v128.andnot(v128.or(max, f32x4.eq(max, infinite)), f32x4.eq(max, f32x4.neg(infinite)));
}

@inline
function distance<Kind>(logit: v128, max: v128, tauHigh: v128, tauLow: v128): v128 {
  const scaled = changetype<Kind>(0).scaled(f32x4.sub(logit, max));
  return f32x4.max(f32x4.sub(f32x4.sub(scaled, tauHigh), tauLow), f32x4.splat(0));
}

/** How far tau is from where the norm is 1, to first order, for two lanes. */
@inline
function newtonStep<Kind>(norm: v128, slopes: v128, margin: f64): v128 {
  const least = f64x2.mul(norm, f64x2.splat(1 - margin));
  return f64x2.div(f64x2.sub(least, f64x2.splat(1)), changetype<Kind>(0).normSlope(norm, slopes));
}

/** tau after a step towards the root, for two lanes; the same once it is near. */
@inline
function approached<Kind>(tau: v128, weights: v128, slopes: v128): v128 {
  const norm = changetype<Kind>(0).norm(weights);
  const next = f64x2.add(tau, newtonStep<Kind>(norm, slopes, MARGIN));
  return v128.bitselect(next, tau, f64x2.gt(f64x2.mul(norm, f64x2.splat(1 - MARGIN)), f64x2.splat(1)));
}

/** tau after the last step, from near by; the same for a row without weights. */
@inline
function settled<Kind>(tau: v128, weights: v128, slopes: v128): v128 {
  const norm = changetype<Kind>(0).norm(weights);
  return v128.bitselect(f64x2.add(tau, newtonStep<Kind>(norm, slopes, 0)), tau, f64x2.gt(norm, f64x2.splat(0)));
}

/** What float32 leaves of tau, for four lanes. */
@inline
function remainder(low: v128, high: v128, rounded: v128): v128 {
  return demote(f64x2.sub(low, promoteLow(rounded)), f64x2.sub(high, promoteHigh(rounded)));
}

export function segmentEntmax(
  isSparsemax: i32, logits: usize, offsets: usize, out: usize, heads: u32, start: u32, end: u32,
): void {
  if (isSparsemax) weightsOfRows<Sparsemax>(logits, offsets, out, heads, start, end);
  else weightsOfRows<Entmax15>(logits, offsets, out, heads, start, end);
}

function weightsOfRows<Kind>(logits: usize, offsets: usize, out: usize, heads: u32, start: u32, end: u32): void {
  for (let row = start; row < end; row++) {
    const first = rowBegin(offsets, row);
    const count = rowEnd(offsets, row) - first;
    const at = (first * heads) << 2;
    if (heads == 1) weightsAlong<Kind>(logits + at, out + at, count);
    else weightsAcross<Kind>(logits + at, out + at, count, heads);
  }
}

/** One head: four positions a vector. */
@inline
function weightsAlong<Kind>(logits: usize, out: usize, count: u32): void {
  const lowest = f32x4.splat(-Infinity);
  let m = lowest;
  for (let p: u32 = 0; p < count; p += 4) m = f32x4.max(m, loadLanes(logits + (p << 2), count - p, lowest));
  m = shift(f32x4.splat(maxLanes(m)));
  let tau = f64x2.splat(-1);
  let isNear = false;
  let high = demote(tau, tau);
  let low = f32x4.splat(0);
  while (!isNear) {
    let weightSum: f64 = 0;
    let slopeSum: f64 = 0;
    for (let p: u32 = 0; p < count; ) {
      const blockEnd = min(count, p + BLOCK * 4);
      let weight = f32x4.splat(0);
      let slope = weight;
      for (; p < blockEnd; p += 4) {
        const d = distance<Kind>(loadLanes(logits + (p << 2), blockEnd - p, lowest), m, high, low);
        weight = f32x4.add(weight, changetype<Kind>(0).weight(d));
        slope = f32x4.add(slope, changetype<Kind>(0).slope(d));
      }
      p = blockEnd;
      weightSum += <f64>sumLanes(weight);
      slopeSum += <f64>sumLanes(slope);
    }
    const weights = f64x2.splat(weightSum);
    const slopes = f64x2.splat(slopeSum);
    const next = approached<Kind>(tau, weights, slopes);
    isNear = !v128.any_true(f64x2.gt(next, tau));
    tau = isNear ? settled<Kind>(tau, weights, slopes) : next;
    high = demote(tau, tau);
    low = remainder(tau, tau, high);
  }
  for (let p: u32 = 0; p < count; p += 4) {
    const d = distance<Kind>(v128.load(logits + (p << 2)), m, high, low);
    storeLanes(out + (p << 2), changetype<Kind>(0).weight(d), count - p);
  }
}

/** Several heads: four heads a vector. A head whose tau is near stays as it is while the others go on. */
@inline
function weightsAcross<Kind>(logits: usize, out: usize, count: u32, heads: u32): void {
  const pitch = heads << 2;
  for (let h: u32 = 0; h < heads; h += 4) {
    const bytes = h << 2;
    let m = f32x4.splat(-Infinity);
    let from = logits + bytes;
    for (let p: u32 = 0; p < count; p++) {
      m = f32x4.max(m, v128.load(from));
      from += pitch;
    }
    m = shift(m);
    let tauLow = f64x2.splat(-1);
    let tauHigh = tauLow;
    let isNear = false;
    let high = demote(tauLow, tauHigh);
    let low = f32x4.splat(0);
    while (!isNear) {
      let weightsLow = f64x2.splat(0);
      let weightsHigh = weightsLow;
      let slopesLow = weightsLow;
      let slopesHigh = weightsLow;
      from = logits + bytes;
      for (let p: u32 = 0; p < count; ) {
        const blockEnd = min(count, p + BLOCK);
        let weight = f32x4.splat(0);
        let slope = weight;
        for (; p < blockEnd; p++) {
          const d = distance<Kind>(v128.load(from), m, high, low);
          weight = f32x4.add(weight, changetype<Kind>(0).weight(d));
          slope = f32x4.add(slope, changetype<Kind>(0).slope(d));
          from += pitch;
        }
        weightsLow = f64x2.add(weightsLow, promoteLow(weight));
        weightsHigh = f64x2.add(weightsHigh, promoteHigh(weight));
        slopesLow = f64x2.add(slopesLow, promoteLow(slope));
        slopesHigh = f64x2.add(slopesHigh, promoteHigh(slope));
      }
      const nextLow = approached<Kind>(tauLow, weightsLow, slopesLow);
      const nextHigh = approached<Kind>(tauHigh, weightsHigh, slopesHigh);
      isNear = !v128.any_true(v128.or(f64x2.gt(nextLow, tauLow), f64x2.gt(nextHigh, tauHigh)));
      tauLow = isNear ? settled<Kind>(tauLow, weightsLow, slopesLow) : nextLow;
      tauHigh = isNear ? settled<Kind>(tauHigh, weightsHigh, slopesHigh) : nextHigh;
      high = demote(tauLow, tauHigh);
      low = remainder(tauLow, tauHigh, high);
    }
    from = logits + bytes;
    let to = out + bytes;
    for (let p: u32 = 0; p < count; p++) {
      storeLanes(to, changetype<Kind>(0).weight(distance<Kind>(v128.load(from), m, high, low)), heads - h);
      from += pitch;
      to += pitch;
    }
  }
}

export function segmentEntmaxGradient(
  isSparsemax: i32, weights: usize, gradient: usize, offsets: usize, out: usize, heads: u32, start: u32, end: u32,
): void {
  if (isSparsemax) gradientsOfRows<Sparsemax>(weights, gradient, offsets, out, heads, start, end);
  else gradientsOfRows<Entmax15>(weights, gradient, offsets, out, heads, start, end);
}

function gradientsOfRows<Kind>(
  weights: usize, gradient: usize, offsets: usize, out: usize, heads: u32, start: u32, end: u32,
): void {
  for (let row = start; row < end; row++) {
    const first = rowBegin(offsets, row);
    const count = rowEnd(offsets, row) - first;
    const at = (first * heads) << 2;
    if (heads == 1) gradientAlong<Kind>(weights + at, gradient + at, out + at, count);
    else gradientAcross<Kind>(weights + at, gradient + at, out + at, count, heads);
  }
}

/** total / slopes, and 0 where no weight is positive. */
@inline
function meanOf(total: v128, slopes: v128): v128 {
  return v128.andnot(f32x4.div(total, slopes), f32x4.eq(slopes, f32x4.splat(0)));
}

@inline
function gradientAlong<Kind>(weights: usize, gradient: usize, out: usize, count: u32): void {
  const zero = f32x4.splat(0);
  let total: f64 = 0;
  let slopes: f64 = 0;
  for (let p: u32 = 0; p < count; ) {
    const blockEnd = min(count, p + BLOCK * 4);
    let sum = zero;
    let slope = zero;
    for (; p < blockEnd; p += 4) {
      const s = changetype<Kind>(0).slopeAt(loadLanes(weights + (p << 2), blockEnd - p, zero));
      sum = f32x4.add(sum, f32x4.mul(s, loadLanes(gradient + (p << 2), blockEnd - p, zero)));
      slope = f32x4.add(slope, s);
    }
    p = blockEnd;
    total += <f64>sumLanes(sum);
    slopes += <f64>sumLanes(slope);
  }
  const mean = meanOf(f32x4.splat(<f32>total), f32x4.splat(<f32>slopes));
  for (let p: u32 = 0; p < count; p += 4) {
    const change = f32x4.sub(v128.load(gradient + (p << 2)), mean);
    const s = changetype<Kind>(0).slopeAt(v128.load(weights + (p << 2)));
    storeLanes(out + (p << 2), f32x4.mul(s, change), count - p);
  }
}

@inline
function gradientAcross<Kind>(weights: usize, gradient: usize, out: usize, count: u32, heads: u32): void {
  const pitch = heads << 2;
  for (let h: u32 = 0; h < heads; h += 4) {
    let at = h << 2;
    let totalLow = f64x2.splat(0);
    let totalHigh = totalLow;
    let slopesLow = totalLow;
    let slopesHigh = totalLow;
    for (let p: u32 = 0; p < count; ) {
      const blockEnd = min(count, p + BLOCK);
      let sum = f32x4.splat(0);
      let slope = sum;
      for (; p < blockEnd; p++) {
        const s = changetype<Kind>(0).slopeAt(v128.load(weights + at));
        sum = f32x4.add(sum, f32x4.mul(s, v128.load(gradient + at)));
        slope = f32x4.add(slope, s);
        at += pitch;
      }
      totalLow = f64x2.add(totalLow, promoteLow(sum));
      totalHigh = f64x2.add(totalHigh, promoteHigh(sum));
      slopesLow = f64x2.add(slopesLow, promoteLow(slope));
      slopesHigh = f64x2.add(slopesHigh, promoteHigh(slope));
    }
    const mean = meanOf(demote(totalLow, totalHigh), demote(slopesLow, slopesHigh));
    at = h << 2;
    for (let p: u32 = 0; p < count; p++) {
      const s = changetype<Kind>(0).slopeAt(v128.load(weights + at));
      storeLanes(out + at, f32x4.mul(s, f32x4.sub(v128.load(gradient + at), mean)), heads - h);
      at += pitch;
    }
  }
}
