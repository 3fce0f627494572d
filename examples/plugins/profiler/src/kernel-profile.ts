import Table from "cli-table3";

/** What is known of a kernel. */
export interface KernelRecord {
  /** Its name. */
  readonly kernel: string;
  /** How often it ran. */
  readonly calls: number;
  /** How long that took in all, in milliseconds. */
  readonly milliseconds: number;
  /** The bytes of the buffers that it was given, in all calls together. */
  readonly bytes: number;
}

/** How often kernels ran, how long they took and how much they were given. */
export class KernelProfile {
  readonly #records = new Map<string, KernelRecord>();
  readonly #now: () => number;

  /** @param now The time in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Runs a kernel, and writes down what it took, also if it throws. */
  record<Result>(kernel: string, bytes: number, run: () => Result): Result {
    const before = this.#now();
    try {
      return run();
    } finally {
      const {
        calls,
        milliseconds,
        bytes: earlier,
      } = this.#records.get(kernel) ?? { calls: 0, milliseconds: 0, bytes: 0 };
      const taken = this.#now() - before;
      this.#records.set(kernel, {
        kernel,
        calls: calls + 1,
        milliseconds: milliseconds + taken,
        bytes: earlier + bytes,
      });
    }
  }

  /** What was written down, what took longest first. */
  get records(): readonly KernelRecord[] {
    return [...this.#records.values()].sort(
      (a, b) => b.milliseconds - a.milliseconds || (a.kernel < b.kernel ? -1 : 1),
    );
  }

  /** Forgets what was written down. */
  reset(): void {
    this.#records.clear();
  }

  /** {@link records} in print. */
  toString(): string {
    const { records } = this;
    const total = records.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const table = new Table({
      head: ["kernel", "calls", "ms", "share", "MB", "GB/s"],
      colAligns: ["left", "right", "right", "right", "right", "right"],
      style: { head: [], border: [] },
    });
    for (const { kernel, calls, milliseconds, bytes } of records) {
      const share = total === 0 ? 0 : milliseconds / total;
      const rate = milliseconds === 0 ? "" : (bytes / milliseconds / 1e6).toFixed(1);
      table.push([
        kernel,
        calls,
        milliseconds.toFixed(2),
        `${(100 * share).toFixed(0)} %`,
        (bytes / 1e6).toFixed(2),
        rate,
      ]);
    }
    return table.toString();
  }
}
