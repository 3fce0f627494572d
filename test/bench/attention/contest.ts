import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Contestant, type ContestantCommand } from "../run/contestant.ts";
import { interleave, median, medianParts, medianRatio, totals } from "../run/interleave.ts";
import { type AttentionWork, answersOf, writeInputs } from "./attention-work.ts";
import { tolerance, worstDifference } from "./compare-answers.ts";

/** Which program does the work, and how: it is given the folders of inputs and answers, and the work. */
export interface AttentionContestant {
  readonly name: string;
  readonly command: string;
  /** What comes before the arguments that all programs share. */
  readonly before: readonly string[];
  /** What comes after them. */
  readonly after?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** What one contestant took for one piece of work. */
export interface ContestRow {
  readonly work: string;
  readonly threads: number;
  readonly name: string;
  /** Medians, in milliseconds. */
  readonly forward: number;
  readonly backward: number;
  /** The median of whole rounds. */
  readonly total: number;
  /** How many times as long as the first contestant it took: the median of the ratios of neighboring rounds. */
  readonly ratio: number;
  /** Of the whole process, in bytes; undefined where the system does not tell. */
  readonly peakBytes: number | undefined;
  /** How far its answer is from the first one's. */
  readonly difference: number;
}

/** How {@link contest} is run. */
export interface ContestOptions {
  readonly threads: number;
  readonly rounds: number;
  readonly warmUp: number;
  readonly onRound?: (round: number) => void;
}

/** What the tables call a piece of work. */
export function workName({ score, nodes, edges, heads, channels }: AttentionWork): string {
  return `${score} ${heads}x${channels}, ${nodes} nodes, ${edges} edges`;
}

/**
 * Lets contestants do one piece of work side by side, the first being the one that the others are compared with.
 *
 * @throws Error when a contestant cannot run, or gives another answer than the first: a comparison of different results is worthless.
 */
export async function contest(
  work: AttentionWork,
  entries: readonly AttentionContestant[],
  { threads, rounds, warmUp, onRound }: ContestOptions,
): Promise<readonly ContestRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "vicinal-bench-"));
  const contestants: Contestant[] = [];
  try {
    const inputs = join(folder, "inputs");
    await writeInputs(inputs, work);
    const differences: number[] = [];
    for (const [k, entry] of entries.entries()) {
      const answers = join(folder, String(k));
      await mkdir(answers);
      contestants.push(await Contestant.start(commandOf(entry, inputs, answers, work, threads)));
      const difference = await worstDifference(answers, join(folder, "0"), answersOf(work.score));
      if (!(difference <= tolerance)) {
        throw new Error(
          `${entry.name}: its answer to ${workName(work)} is ${difference} from that of ${entries[0]?.name}; expected at most ${tolerance}.`,
        );
      }
      differences.push(difference);
    }
    const times = await interleave(contestants, rounds, warmUp, onRound);
    const first = times[0];
    if (first === undefined) return [];
    const rows: ContestRow[] = [];
    for (const [k, each] of times.entries()) {
      const [forward = Number.NaN, backward = Number.NaN] = medianParts(each);
      rows.push({
        work: workName(work),
        threads,
        name: each.name,
        forward,
        backward,
        total: median(totals(each)),
        ratio: medianRatio(first, each),
        peakBytes: await contestants[k]?.peakBytes(),
        difference: differences[k] ?? Number.NaN,
      });
    }
    return rows;
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

function commandOf(
  { name, command, before, after = [], environment }: AttentionContestant,
  inputs: string,
  answers: string,
  { score, nodes, edges, heads, channels }: AttentionWork,
  threads: number,
): ContestantCommand {
  const count = String(threads);
  return {
    name,
    command,
    arguments: [...before, inputs, answers, score, ...[nodes, edges, heads, channels].map(String), ...after],
    environment: { ...environment, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count, VICINAL_BENCH_THREADS: count },
  };
}
