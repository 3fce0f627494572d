/**
 * Kendall's tau-b (Kendall, "The Treatment of Ties in Ranking Problems", Biometrika 1945): how far two lists of numbers order things alike, from -1 to 1,
 *
 *     (agreeing pairs - disagreeing pairs) / sqrt(pairs that differ in a * pairs that differ in b)
 *
 * Undefined if all numbers of a list are equal.
 */
export function kendallTau(a: readonly number[], b: readonly number[]): number | undefined {
  let [agreement, differentInA, differentInB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const [inA, inB] = [Math.sign(a[i]! - a[j]!), Math.sign(b[i]! - b[j]!)];
      agreement += inA * inB;
      differentInA += Math.abs(inA);
      differentInB += Math.abs(inB);
    }
  }
  const pairs = Math.sqrt(differentInA * differentInB);
  return pairs === 0 ? undefined : agreement / pairs;
}
