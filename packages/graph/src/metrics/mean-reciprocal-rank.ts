import { DataError } from "@vicinal/core";

/**
 * The mean over all positives of `1 / rank`, where a positive is ranked among negatives of its own:
 * `rank = 1 + negatives above it + negatives level with it / 2`. The mean of the best and the worst order of equals is neither flattered
 * nor punished by a model that gives everything one score.
 *
 * @param positives `[positives]`: one score each.
 * @param negatives `[positives, n]`: the scores that each is ranked among, row after row, equally many for each.
 * @returns Above 0 to 1.
 * @throws DataError `no-nodes` without positives or negatives; `wrong-length` when the negatives are not equally many for each;
 * `not-finite` for a score that is NaN.
 */
export function meanReciprocalRank(positives: ArrayLike<number>, negatives: ArrayLike<number>): number {
  const count = positives.length;
  if (count === 0 || negatives.length === 0) {
    throw new DataError(
      "no-nodes",
      `meanReciprocalRank: got ${count} positives and ${negatives.length} negatives; expected at least one of each.`,
    );
  }
  const each = negatives.length / count;
  if (!Number.isInteger(each)) {
    throw new DataError(
      "wrong-length",
      `meanReciprocalRank: got ${negatives.length} negatives for ${count} positives; expected equally many for each, row after row.`,
    );
  }
  checkNumbers("positive", positives);
  checkNumbers("negative", negatives);
  let total = 0;
  for (let p = 0; p < count; p++) {
    // Twice the rank: whole numbers, so that nothing is rounded.
    let halves = 2;
    for (let k = p * each; k < (p + 1) * each; k++) {
      if (negatives[k]! > positives[p]!) halves += 2;
      else if (negatives[k] === positives[p]) halves += 1;
    }
    total += 2 / halves;
  }
  return total / count;
}

function checkNumbers(what: string, scores: ArrayLike<number>): void {
  for (let i = 0; i < scores.length; i++) {
    if (!Number.isNaN(scores[i])) continue;
    throw new DataError(
      "not-finite",
      `meanReciprocalRank: the ${what} score ${i} is NaN; expected numbers that can be ordered.`,
    );
  }
}
