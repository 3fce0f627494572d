import type { Shape } from "../attention/attention-group.ts";
import type { Skipped } from "../run/peer-group.ts";

/** What `npm run bench` measures in one go. */
export interface BenchGroup {
  readonly name: string;
  /** A sentence for `--help`. */
  readonly description: string;
  measure(setting: BenchSetting): Promise<Measured | Skipped>;
}

/** What all groups are told. */
export interface BenchSetting {
  /** Counts of edges. */
  readonly sizes: readonly number[];
  /** Heads and channels of attention. */
  readonly shapes: readonly Shape[];
  /** Counts of threads; the first is the one that the others are compared with. */
  readonly threads: readonly number[];
  readonly rounds: number;
  /** Whether work of that name is to be measured: `--filter`. */
  wants(name: string): boolean;
  /** For the progress bar: what is being measured. */
  onWork(name: string): void;
}

/** One line of a table: a cell for each column, by its name. */
export type Row = Readonly<Record<string, string | number>>;

/** What a group found. */
export interface Measured {
  readonly rows: readonly Row[];
  readonly bounds: readonly Bound[];
}

/** What must hold of our own figures. */
export interface Bound {
  readonly what: string;
  readonly reached: number;
  readonly sense: "at least" | "at most";
  readonly bound: number;
}

/** Whether it does. */
export function isReached({ reached, sense, bound }: Bound): boolean {
  return sense === "at least" ? reached >= bound : reached <= bound;
}
