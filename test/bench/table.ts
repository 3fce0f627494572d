import Table from "cli-table3";
import type { ContestRow } from "./attention/contest.ts";

const mebibyte = 2 ** 20;

/** The rows as a table for a terminal. */
export function table(rows: readonly ContestRow[]): string {
  const grid = new Table({
    head: ["work", "threads", "by", "forward ms", "backward ms", "both ms", "times as long", "peak MiB"],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    grid.push([
      row.work,
      row.threads,
      row.name,
      row.forward.toFixed(1),
      row.backward.toFixed(1),
      row.total.toFixed(1),
      row.ratio.toFixed(2),
      row.peakBytes === undefined ? "" : (row.peakBytes / mebibyte).toFixed(0),
    ]);
  }
  return grid.toString();
}
