/** What the page wants of a training that goes on: whether it is to wait, and whether it is to end. */
export class TrainingControl {
  readonly #stopping = new AbortController();
  #waiting: PromiseWithResolvers | undefined;

  /** Aborted when training is to end. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Whether training is to wait at its next step. */
  get isPaused(): boolean {
    return this.#waiting !== undefined;
  }

  pause(): void {
    this.#waiting ??= withResolvers();
  }

  resume(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  stop(): void {
    this.#stopping.abort();
    this.resume();
  }

  /** Resolves at once, or when training is to go on or to end. */
  async passed(): Promise<void> {
    await this.#waiting?.promise;
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  resolve(): void;
}

/** `Promise.withResolvers`, which Node 20 has not. */
function withResolvers(): PromiseWithResolvers {
  let resolve = (): void => {};
  const promise = new Promise<void>((act) => {
    resolve = act;
  });
  return { promise, resolve: () => resolve() };
}
