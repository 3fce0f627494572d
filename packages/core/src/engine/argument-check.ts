import { EngineError } from "../errors.ts";
import type { FloatBuffer, IndexBuffer } from "./buffers.ts";
import type { Summarize } from "./index-summary.ts";
import type { KernelArguments, KernelName } from "./kernels.ts";

/** The check of each kernel's arguments. */
export type ArgumentChecks<Names extends KernelName = KernelName> = {
  readonly [Name in Names]: (args: KernelArguments[Name], check: Check) => void;
};

type Sized = { readonly length: number };

/** What the arguments of one call of a kernel are checked with; every check throws EngineError `kernel-arguments`. */
export class Check {
  readonly #kernel: KernelName;
  readonly #summarize: Summarize;

  constructor(kernel: KernelName, summarize: Summarize) {
    this.#kernel = kernel;
    this.#summarize = summarize;
  }

  refuse(got: string, expected: string): never {
    throw new EngineError("kernel-arguments", `${this.#kernel}: got ${got}; expected ${expected}.`);
  }

  /** Sizes and counts are integers that are not negative. */
  counts(sizes: Readonly<Record<string, number>>): void {
    for (const [name, size] of Object.entries(sizes)) {
      if (!Number.isSafeInteger(size) || size < 0) this.refuse(`${name} ${size}`, "an integer that is not negative");
    }
  }

  length(name: string, buffer: Sized, expected: number): void {
    if (buffer.length !== expected) this.refuse(`${name} of ${buffer.length} numbers`, `${expected}`);
  }

  /** The lengths of those arguments that are there, by name. */
  lengths<Name extends string>(
    args: NoInfer<Readonly<Record<Name, Sized | null>>>,
    expected: Readonly<Record<Name, number>>,
  ): void {
    for (const name in expected) {
      const buffer = args[name];
      if (buffer !== null) this.length(name, buffer, expected[name]);
    }
  }

  /** All arguments that are numbers of an engine are of one length. */
  alike<Args extends object>(args: Args, length: number): void {
    for (const name in args) {
      const value = args[name];
      if (isFloats(value)) this.length(name, value, length);
    }
  }

  /** What is written is no other argument. */
  separate<Args extends object>(args: Args, ...written: readonly (keyof Args)[]): void {
    for (const out of written) {
      const buffer = args[out];
      for (const name in args) {
        if (args[name] !== buffer || name === out || buffer === null) continue;
        this.refuse("an input that is also written", "buffers of their own");
      }
    }
  }

  probability(probability: number): void {
    if (!(probability >= 0 && probability < 1)) {
      this.refuse(`probability ${probability}`, "0 or more, and less than 1");
    }
  }

  /** Every number of `index` names one of `rows` rows. */
  rows(name: string, index: IndexBuffer, rows: number): void {
    const { max } = this.#summarize(index);
    if (max >= rows) this.refuse(`${name} up to ${max}`, `numbers below ${rows}`);
  }

  /** Every number of `index` names a row of `width` numbers of `x`. */
  rowsOf(name: string, index: IndexBuffer, x: Sized, width: number): void {
    if (width > 0) this.rows(name, index, Math.floor(x.length / width));
  }

  /** A number for each row and head, one row of heads and channels, and as many of them as there are rows. */
  headRows(
    scalars: Sized,
    one: Sized,
    rows: Sized,
    { heads, channels }: { readonly heads: number; readonly channels: number },
  ): void {
    this.counts({ heads, channels });
    this.length("the one row", one, heads * channels);
    if (heads > 0 && scalars.length % heads !== 0) this.refuse(`${scalars.length} numbers of ${heads} heads`, "rows");
    this.length("the rows", rows, scalars.length * channels);
  }

  /** The counts of rows and positions of a CSR structure. */
  structure(offsets: IndexBuffer): { rows: number; positions: number } {
    const { max, areRowStarts } = this.#summarize(offsets);
    if (!areRowStarts) this.refuse("offsets that are not row starts", "rows + 1 ascending numbers from 0");
    return { rows: offsets.length - 1, positions: max };
  }

  /** Every position maps to one of `entries` entries. */
  entries(permutation: IndexBuffer | null, positions: number, entries: number): void {
    if (permutation === null) {
      if (entries < positions) this.refuse(`${entries} entries for ${positions} positions`, "one each at least");
      return;
    }
    this.length("permutation", permutation, positions);
    this.rows("permutation", permutation, entries);
  }

  /** All of the multi-indices of `shape` fall within `buffer`. */
  strided(buffer: Sized, name: string, shape: readonly number[], strides: readonly number[], offset: number): void {
    if (shape.length > 6) this.refuse(`${shape.length} dimensions`, "at most 6");
    if (strides.length !== shape.length) this.refuse(`${strides.length} strides of ${name}`, `${shape.length}`);
    for (const count of shape) this.counts({ size: count });
    if (shape.includes(0)) return;
    let lowest = offset;
    let highest = offset;
    for (let d = 0; d < shape.length; d++) {
      const reach = (shape[d]! - 1) * strides[d]!;
      lowest += Math.min(0, reach);
      highest += Math.max(0, reach);
    }
    const within =
      Number.isSafeInteger(lowest) && Number.isSafeInteger(highest) && lowest >= 0 && highest < buffer.length;
    if (!within) this.refuse(`strides of ${name} that reach from ${lowest} to ${highest}`, `0 to ${buffer.length - 1}`);
  }
}

function isFloats(value: unknown): value is FloatBuffer {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "float";
}
