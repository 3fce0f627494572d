/** How many are kept. */
const MOST = 8;

/** What was made for these numbers before, or what `make` makes now. */
export type Recent<Made extends object> = (numbers: readonly number[], make: () => Made) => Made;

/**
 * Keeps what was made for the keys that were asked for last. Attention over the same neighborhood object in every step reuses what engines
 * and position biases computed for it; over an equal one it would be computed again.
 */
export function recent<Made extends object>(): Recent<Made> {
  const known = new Map<string, Made>();
  return (numbers, make) => {
    const key = numbers.join(" ");
    const made = known.get(key) ?? make();
    // A map lists its keys in the order in which they were set: the first is the one that was asked for least recently.
    known.delete(key);
    known.set(key, made);
    for (const oldest of known.keys()) {
      if (known.size <= MOST) break;
      known.delete(oldest);
    }
    return made;
  };
}
