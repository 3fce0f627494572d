import type { MoleculeRow } from "./page-state.ts";

/** The orders in which molecules can be shown. */
export const rankings = ["written", "highest", "lowest", "uncertain", "farthest"] as const;

/** One of {@link rankings}. */
export type Ranking = (typeof rankings)[number];

/** Molecules in another order, by their first target. Those without what they are ranked by come last, as written. */
export function ranked(rows: readonly MoleculeRow[], ranking: Ranking): readonly MoleculeRow[] {
  if (ranking === "written") return rows;
  const keyed = rows.map((row) => ({ row, key: keyOf(row, ranking) ?? Number.NEGATIVE_INFINITY }));
  return keyed.sort((a, b) => (a.key === b.key ? a.row.place - b.row.place : b.key - a.key)).map(({ row }) => row);
}

/** The larger, the earlier. */
function keyOf({ prediction }: MoleculeRow, ranking: Exclude<Ranking, "written">): number | undefined {
  const value = prediction?.values[0];
  if (prediction === undefined || value === undefined) return undefined;
  switch (ranking) {
    case "highest":
      return value;
    case "lowest":
      return -value;
    case "uncertain":
      return prediction.uncertainty?.[0];
    case "farthest": {
      const known = prediction.known[0];
      return known === undefined ? undefined : Math.abs(value - known);
    }
  }
}
