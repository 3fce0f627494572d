/**
 * The largest difference of two lists of numbers, relative to the largest finite magnitude that is expected, or to 1 where that is larger. NaN where
 * one is NaN and the other is not; infinite where the lengths differ, or an infinity is missing.
 */
export function largestError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [largest, scale] = [0, 1];
  for (let k = 0; k < expected.length; k++) {
    if (Number.isFinite(expected[k])) scale = Math.max(scale, Math.abs(expected[k]!));
    if (Object.is(got[k], expected[k])) continue;
    largest = Math.max(largest, Math.abs(got[k]! - expected[k]!));
  }
  return largest / scale;
}
