/** Of the time, a redrawing takes at most one part in this many, and leaves the others to the reader of the page. */
const partsOfTime = 6;

/** What a {@link Pace} takes from the host. */
export interface Clock {
  /** In milliseconds. */
  now(): number;
  /** Calls back when the picture that was asked for stands. */
  whenDrawn(act: () => void): void;
  later(act: () => void, milliseconds: number): void;
}

/** The time of the page. */
export const pageTime: Pick<Clock, "now" | "later"> = {
  now: () => performance.now(),
  later: (act, milliseconds) => setTimeout(act, milliseconds),
};

/**
 * Redraws no more often than the machine can bear: after each time it sees how long the picture took to stand, and waits some times as long. Of what is asked
 * for meanwhile it does the last. Where pictures are drawn without a graphics card this keeps a page alive.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #least: number;
  #wanted: (() => void) | undefined;
  #isWaiting = false;

  /** @param least Milliseconds from one time to the next at the least. */
  constructor(least: number, clock: Clock) {
    this.#least = least;
    this.#clock = clock;
  }

  /** Does something now, or when it may be done, unless something else is asked for by then. */
  ask(act: () => void): void {
    this.#wanted = act;
    if (!this.#isWaiting) this.#do();
  }

  #do(): void {
    const act = this.#wanted;
    if (act === undefined) return;
    this.#wanted = undefined;
    this.#isWaiting = true;
    const begin = this.#clock.now();
    act();
    this.#clock.whenDrawn(() => {
      const cost = this.#clock.now() - begin;
      this.#clock.later(
        () => {
          this.#isWaiting = false;
          this.#do();
        },
        Math.max(this.#least - cost, (partsOfTime - 1) * Math.max(0, cost - twoFrames)),
      );
    });
  }
}

/** What two frames take where nothing is in their way. In milliseconds. */
const twoFrames = 34;
