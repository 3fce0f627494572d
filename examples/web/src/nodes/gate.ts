/** Something to wait at: open until it is closed, and then shut until it is opened. */
export class Gate {
  #opened: PromiseWithResolver | undefined;

  get isClosed(): boolean {
    return this.#opened !== undefined;
  }

  close(): void {
    this.#opened ??= withResolver();
  }

  open(): void {
    this.#opened?.resolve();
    this.#opened = undefined;
  }

  /** Resolves when the gate is open. */
  async passed(): Promise<void> {
    while (this.#opened !== undefined) await this.#opened.promise;
  }
}

interface PromiseWithResolver {
  readonly promise: Promise<void>;
  resolve(): void;
}

function withResolver(): PromiseWithResolver {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve() };
}
