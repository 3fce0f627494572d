// Rows of any width in vectors of four. A load may run past the end of a row: the allocator keeps the last bytes of memory
// free, and what is read there is never stored nor summed. A store may not.

// Whole vectors and their remainder take one path, lane by lane the same arithmetic, so that a result does not depend
// on where a range was split.

/** Stores the first `count` lanes, at least one; all four when there are more. */
@inline
export function storeLanes(address: usize, value: v128, count: u32): void {
  if (count >= 4) {
    v128.store(address, value);
  } else {
    storeFewLanes(address, value, count);
  }
}

function storeFewLanes(address: usize, value: v128, count: u32): void {
  if (count >= 2) {
    v128.store_lane<u64>(address, value, 0);
    if (count == 3) v128.store_lane<u32>(address, value, 2, 8);
  } else {
    v128.store_lane<u32>(address, value, 0);
  }
}

/** Loads four lanes, of which those from `count` on are replaced by those of `filler`. */
@inline
export function loadLanes(address: usize, count: u32, filler: v128): v128 {
  let value = v128.load(address);
  if (count < 4) value = v128.bitselect(value, filler, i32x4.lt_u(i32x4(0, 1, 2, 3), i32x4.splat(count)));
  return value;
}

/** The sum of the lanes, in the order that {@link sumFour} has. */
@inline
export function sumLanes(v: v128): f32 {
  const pairs = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.add(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** The sums of the lanes of four vectors, as one vector. */
@inline
export function sumFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

/** The maximum of the lanes; NaN where a lane is NaN. */
@inline
export function maxLanes(v: v128): f32 {
  const pairs = f32x4.max(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.max(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** Lanes 0 and 1 in float64. */
@inline
export function promoteLow(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

/** Lanes 2 and 3 in float64. */
@inline
export function promoteHigh(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

/** Two pairs of float64 as four float32. */
@inline
export function demote(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}
