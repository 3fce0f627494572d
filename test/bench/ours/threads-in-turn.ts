import { setThreads } from "@vicinal/core";
import { inTurn } from "../run/in-turn.ts";
import { median, medianRatio, totals } from "../run/interleave.ts";
import type { BenchSetting } from "./bench-group.ts";

/** One count of threads, and what the work took with it. */
export interface ThreadTime {
  readonly threads: number;
  /** The median. */
  readonly milliseconds: number;
  /** How many times as fast as with the first count of threads: the median of the ratios of neighboring rounds. */
  readonly speedup: number;
}

/** Rounds before those that count: code is compiled in them, and threads start. */
const warmUp = 3;

/** Measures work with each count of threads in turn. */
export async function threadsInTurn(
  run: () => void,
  { threads, rounds }: Pick<BenchSetting, "threads" | "rounds">,
): Promise<readonly ThreadTime[]> {
  const variants = threads.map((count) => ({
    name: String(count),
    run: () => {
      setThreads(count);
      run();
    },
  }));
  const times = await inTurn(variants, { rounds, warmUp });
  return times.map((each, k) => ({
    threads: threads[k]!,
    milliseconds: median(totals(each)),
    speedup: 1 / medianRatio(times[0]!, each),
  }));
}
