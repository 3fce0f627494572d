import { setTimeout } from "node:timers/promises";
import type { Times } from "./interleave.ts";

/** One of several ways to do a piece of work in this process. */
export interface Variant {
  readonly name: string;
  /** Does the work once. */
  run(): void;
}

/** How {@link inTurn} measures. */
export interface InTurnOptions {
  readonly rounds: number;
  /** Rounds before those that count. */
  readonly warmUp: number;
  /** Work that is shorter is done several times over. Default 5. */
  readonly leastMilliseconds?: number;
}

/** Most repetitions within a round. */
const mostRepeats = 200;

/**
 * Does work in several ways within this process, A B A B, so that what else the machine does falls on all of them alike. Milliseconds of the work
 * done once.
 */
export async function inTurn(
  variants: readonly Variant[],
  { rounds, warmUp, leastMilliseconds = 5 }: InTurnOptions,
): Promise<readonly Times[]> {
  const times = variants.map(({ name }) => ({ name, rounds: [] as number[][] }));
  const repeats = variants.map(() => 1);
  for (let round = -warmUp; round < rounds; round++) {
    for (const [k, { run }] of variants.entries()) {
      const begin = performance.now();
      for (let repeat = 0; repeat < repeats[k]!; repeat++) run();
      const taken = (performance.now() - begin) / repeats[k]!;
      if (round >= 0) times[k]?.rounds.push([taken]);
      else repeats[k] = Math.max(1, Math.min(mostRepeats, Math.ceil(leastMilliseconds / taken)));
      // So that threads that start, and all else that waits for the main one, get their turn.
      await setTimeout(0);
    }
  }
  return times;
}
