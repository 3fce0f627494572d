/** Whole numbers below 2^32, of which it is not known how many will come. The memory is kept for the next time. */
export class GrowingIndices {
  #values = new Uint32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Uint32Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** The value at a place below `length`. */
  at(place: number): number {
    return this.#values[place]!;
  }

  /** Adds to the value at a place below `length`. */
  add(place: number, amount: number): void {
    this.#values[place]! += amount;
  }

  /** A copy. */
  toArray(): Uint32Array {
    return this.#values.slice(0, this.#length);
  }
}
