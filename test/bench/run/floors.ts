import type { ContestRow } from "./contest.ts";

/** What must hold beside a peer, at its best. */
export interface Floor {
  /** Whose programs: {@link ContestRow.peer}. */
  readonly against: string;
  readonly of: "time" | "memory";
  /** It must take at least so many times what ours takes. */
  readonly atLeast: number;
}

/** Whether a {@link Floor} was reached. */
export interface Verdict extends Floor {
  readonly work: string;
  readonly threads: number;
  /** The program of the peer that came closest to ours. */
  readonly name: string;
  /** How many times what ours takes. */
  readonly reached: number;
  readonly isReached: boolean;
}

/**
 * Holds the rows of one contest against floors; the first row is ours. Of a peer that has several programs the one that does best counts: who chose
 * it would be compared with. Floors against peers that took no part are left out.
 */
export function verdicts(rows: readonly ContestRow[], floors: readonly Floor[]): readonly Verdict[] {
  const [ours] = rows;
  if (ours === undefined) return [];
  return floors.flatMap((floor) => {
    const found = rows
      .filter((row) => row !== ours && row.peer === floor.against)
      .map((row) => ({ name: row.name, reached: timesOurs(row, ours, floor.of) }))
      .filter(({ reached }) => Number.isFinite(reached))
      .sort((a, b) => a.reached - b.reached)[0];
    if (found === undefined) return [];
    const { work, threads } = ours;
    return [{ ...floor, work, threads, ...found, isReached: found.reached >= floor.atLeast }];
  });
}

function timesOurs(row: ContestRow, ours: ContestRow, of: Floor["of"]): number {
  if (of === "time") return row.ratio;
  return (row.peakBytes ?? Number.NaN) / (ours.peakBytes ?? Number.NaN);
}
