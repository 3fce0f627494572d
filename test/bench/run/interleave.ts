import type { Contestant } from "./contestant.ts";

/** The times of one contestant, in milliseconds: a row for each round, a number for each part of the work. */
export interface Times {
  readonly name: string;
  readonly rounds: readonly (readonly number[])[];
}

/**
 * Lets each contestant do the work in turn, A B A B, so that what else the machine does falls on all of them alike.
 *
 * @param warmUp Rounds before those that count, in which compilers may still be at work.
 */
export async function interleave(
  contestants: readonly Contestant[],
  rounds: number,
  warmUp: number,
  onRound: (round: number) => void = () => {},
): Promise<readonly Times[]> {
  const times = contestants.map(({ name }) => ({ name, rounds: [] as number[][] }));
  for (let round = -warmUp; round < rounds; round++) {
    onRound(round + warmUp);
    for (const [k, contestant] of contestants.entries()) {
      const taken = await contestant.run();
      if (round >= 0) times[k]?.rounds.push(taken);
    }
  }
  return times;
}

/** The middle value; of two middle ones their mean. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The milliseconds of whole rounds, all parts together. */
export function totals({ rounds }: Times): number[] {
  return rounds.map((parts) => parts.reduce((a, b) => a + b, 0));
}

/** The median, over the parts, of one contestant. */
export function medianParts({ rounds }: Times): number[] {
  return (rounds[0] ?? []).map((_, part) => median(rounds.map((parts) => parts[part] ?? Number.NaN)));
}

/** How many times as long as `ours` the other took: the median of the ratios of the rounds, each with its neighbor in time. */
export function medianRatio(ours: Times, other: Times): number {
  const mine = totals(ours);
  return median(totals(other).map((time, round) => time / (mine[round] ?? Number.NaN)));
}
