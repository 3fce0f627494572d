import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { worstDifference } from "./compare-answers.ts";
import { Contestant, type ContestantCommand } from "./contestant.ts";
import { interleave, median, medianParts, medianRatio, totals } from "./interleave.ts";

/** One piece of work that several programs do side by side. */
export interface Work {
  /** What the tables call it. */
  readonly name: string;
  /** What the milliseconds are of that a program answers with, in their order. */
  readonly parts: readonly string[];
  /** What every program is given after the folders of inputs and answers. */
  readonly arguments: readonly string[];
  /** Writes what the programs read into a folder that is not there yet. */
  writeInputs(folder: string): Promise<void>;
  /** The files of an answer, without their ending `.f32`. */
  readonly answers: readonly string[];
  /** Answers that are further apart than this are not answers to the same question. */
  readonly tolerance: number;
}

/** Which program does the work, and how: it is given the folders of inputs and answers, and {@link Work.arguments}. */
export interface Entry {
  readonly name: string;
  /** Whose program it is, of which there may be several variants. Default: the name. */
  readonly peer?: string;
  readonly command: string;
  /** What comes before the arguments that all programs share. */
  readonly before: readonly string[];
  /** What comes after them. */
  readonly after?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** What one program took for one piece of work. */
export interface ContestRow {
  readonly work: string;
  readonly threads: number;
  readonly name: string;
  /** Whose program it is. */
  readonly peer: string;
  /** Medians of the parts, in milliseconds. */
  readonly parts: Readonly<Record<string, number>>;
  /** The median of whole rounds, in milliseconds. */
  readonly total: number;
  /** How many times as long as the first program it took: the median of the ratios of neighboring rounds. */
  readonly ratio: number;
  /** Of the whole process, in bytes; undefined where the system does not tell. */
  readonly peakBytes: number | undefined;
  /** How far its answer is from the first one's. */
  readonly difference: number;
}

/** A program that could not do the work. */
export interface LeftOut {
  readonly work: string;
  readonly name: string;
  readonly reason: string;
}

/** How {@link contest} is run. */
export interface ContestOptions {
  readonly threads: number;
  readonly rounds: number;
  readonly warmUp: number;
  readonly onRound?: (round: number) => void;
}

/** What came of a contest. */
export interface ContestResult {
  readonly rows: readonly ContestRow[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Lets programs do one piece of work side by side, the first being the one that the others are compared with. A peer that cannot run is left
 * out, and it is said why.
 *
 * @throws Error when the first cannot run, or when one gives another answer than the first: a comparison of different results is worthless.
 */
export async function contest(
  work: Work,
  entries: readonly Entry[],
  { threads, rounds, warmUp, onRound }: ContestOptions,
): Promise<ContestResult> {
  const folder = await mkdtemp(join(tmpdir(), "vicinal-bench-"));
  const started: { readonly entry: Entry; readonly contestant: Contestant; readonly difference: number }[] = [];
  const leftOut: LeftOut[] = [];
  try {
    const inputs = join(folder, "inputs");
    await work.writeInputs(inputs);
    for (const [k, entry] of entries.entries()) {
      const answers = join(folder, String(k));
      await mkdir(answers);
      const command = commandOf(entry, [inputs, answers, ...work.arguments], threads);
      const contestant = await Contestant.start(command).catch((error: unknown) => {
        if (k === 0) throw error;
        leftOut.push({ work: work.name, name: entry.name, reason: reasonOf(error) });
        return undefined;
      });
      if (contestant === undefined) continue;
      const difference = await worstDifference(answers, join(folder, "0"), work.answers);
      started.push({ entry, contestant, difference });
      if (!(difference <= work.tolerance)) {
        throw new Error(
          `${entry.name}: its answer to ${work.name} is ${difference} from that of ${entries[0]?.name}; expected at most ${work.tolerance}.`,
        );
      }
    }
    const times = await interleave(
      started.map(({ contestant }) => contestant),
      rounds,
      warmUp,
      onRound,
    );
    const rows: ContestRow[] = [];
    for (const [k, { entry, contestant, difference }] of started.entries()) {
      const [first, each] = [times[0]!, times[k]!];
      const parts = medianParts(each);
      rows.push({
        work: work.name,
        threads,
        name: entry.name,
        peer: entry.peer ?? entry.name,
        parts: Object.fromEntries(work.parts.map((name, part) => [name, parts[part] ?? Number.NaN])),
        total: median(totals(each)),
        ratio: medianRatio(first, each),
        peakBytes: await contestant.peakBytes(),
        difference,
      });
    }
    return { rows, leftOut };
  } finally {
    await Promise.all(started.map(({ contestant }) => contestant.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

function commandOf(
  { name, command, before, after = [], environment }: Entry,
  shared: readonly string[],
  threads: number,
): ContestantCommand {
  const count = String(threads);
  return {
    name,
    command,
    arguments: [...before, ...shared, ...after],
    environment: { ...environment, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count, VICINAL_BENCH_THREADS: count },
  };
}

/** Of a long complaint the last line that speaks of an error, if there is one. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.trim().split("\n");
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? message;
}
