/** How many are kept. */
const MOST = 8;

/**
 * Keeps what was made for the keys that were asked for last. Attention over the same neighborhood object in every step reuses what engines
 * and position biases computed for it; over an equal one it would be computed again.
 */
export class Recent<Made extends object> {
  readonly #made = new Map<string, Made>();

  /** What was made for these numbers before, or what `make` makes now. */
  get(numbers: readonly number[], make: () => Made): Made {
    const key = numbers.join(" ");
    const made = this.#made.get(key) ?? make();
    // A map lists its keys in the order in which they were set: the first is the one that was asked for least recently.
    this.#made.delete(key);
    this.#made.set(key, made);
    for (const oldest of this.#made.keys()) {
      if (this.#made.size <= MOST) break;
      this.#made.delete(oldest);
    }
    return made;
  }
}
