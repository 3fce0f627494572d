/** Means and deviations of targets: what turns them into numbers of mean 0 and deviation 1, and back. */
export interface Standardization {
  /** `[targets]`, in the unit of each. */
  readonly mean: readonly number[];
  /** `[targets]`: population standard deviations, in the unit of each; 1 where all known numbers are equal, or none is known. */
  readonly deviation: readonly number[];
}

/**
 * The means and deviations of targets over those of some items that are known.
 *
 * @param values `[items * targets]`, NaN where unknown.
 * @param targets Count of targets.
 * @param items Numbers of items.
 */
export function standardizationOf(
  values: ArrayLike<number>,
  targets: number,
  items: ArrayLike<number>,
): Standardization {
  const columns = Array.from({ length: targets }, (_, target) => {
    const known = Array.from(items, (item) => values[item * targets + target]!).filter((value) => !Number.isNaN(value));
    const mean = known.reduce((total, value) => total + value, 0) / Math.max(1, known.length);
    const isConstant = known.every((value) => value === known[0]);
    const variance = known.reduce((total, value) => total + (value - mean) ** 2, 0) / Math.max(1, known.length);
    return { mean, deviation: isConstant ? 1 : Math.sqrt(variance) };
  });
  return { mean: columns.map(({ mean }) => mean), deviation: columns.map(({ deviation }) => deviation) };
}
