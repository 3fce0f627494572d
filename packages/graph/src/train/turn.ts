/** Time that a long computation may hold the thread before others get it: progress is drawn, an abort is heard. */
const turnMilliseconds = 40;

/** Gives way to other work from time to time. */
export class Turn {
  #began = performance.now();

  /** Waits for other work if the last wait is long enough ago. */
  async end(): Promise<void> {
    if (performance.now() - this.#began < turnMilliseconds) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#began = performance.now();
  }
}
