import { OptionError } from "./errors.ts";
import { portableCos, portableLog } from "./portable-math.ts";

/**
 * Seeded random numbers: xoshiro128** 1.1 (Blackman and Vigna, 2018), its state filled by splitmix32. The same seed gives the same
 * numbers in Node and in every browser.
 */
export class Random {
  readonly #state: Uint32Array;

  /** @throws OptionError `out-of-range` unless the seed is a whole number from 0 to 2^53 - 1. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new OptionError(
        "out-of-range",
        `Random: got the seed ${seed}; expected a whole number from 0 to 2^53 - 1.`,
      );
    }
    let a = (seed ^ Math.imul(Math.floor(seed / 0x1_0000_0000), 0x85ebca6b)) | 0;
    this.#state = new Uint32Array(4).map(() => {
      a = (a + 0x9e3779b9) | 0;
      let x = a ^ (a >>> 16);
      x = Math.imul(x, 0x21f0aaad);
      x ^= x >>> 15;
      x = Math.imul(x, 0x735a2d97);
      return x ^ (x >>> 15);
    });
  }

  /** A whole number from 0 to 2^32 - 1. */
  bits(): number {
    const s = this.#state;
    const x = Math.imul(s[1]!, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** A number from `low` up to but not including `high`. Default 0 to 1. */
  uniform(low = 0, high = 1): number {
    // 53 bits, so that every representable step of a double in [0, 1) can occur.
    const unit = ((this.bits() >>> 5) * 0x400_0000 + (this.bits() >>> 6)) / 0x20_0000_0000_0000;
    return low + (high - low) * unit;
  }

  /** A whole number from 0 up to but not including `count`. */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** A number from the normal distribution (Box and Muller, 1958). Default mean 0, deviation 1. */
  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * portableLog(1 - this.uniform()));
    return mean + deviation * radius * portableCos(2 * Math.PI * this.uniform());
  }

  /** Puts items into a random order, in place (Fisher and Yates), and returns them. */
  shuffle<Items extends { [index: number]: unknown; readonly length: number }>(items: Items): Items {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }

  /** Four numbers `[4]` that all draws to come follow from: a copy, for {@link restore}. */
  get state(): Uint32Array {
    return this.#state.slice();
  }

  /**
   * Goes on where a generator was when it gave this `state` of four numbers.
   *
   * @throws OptionError `out-of-range` unless it is four whole numbers below 2^32, not all zero.
   */
  restore(state: ArrayLike<number>): void {
    const numbers = Uint32Array.from(state);
    if (numbers.length !== 4 || numbers.some((x, k) => x !== state[k]) || numbers.every((x) => x === 0)) {
      throw new OptionError(
        "out-of-range",
        `Random.restore: got ${state.length} numbers; expected the four of a state, whole ones below 2^32 and not all zero.`,
      );
    }
    this.#state.set(numbers);
  }

  /** A generator of its own, seeded by this one: what two parts draw from it does not depend on the order in which they draw. */
  fork(): Random {
    return new Random(this.bits() * 0x20_0000 + (this.bits() >>> 11));
  }
}
