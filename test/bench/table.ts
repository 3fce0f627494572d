import Table from "cli-table3";
import { type Bound, isReached, type Row } from "./ours/bench-group.ts";
import type { ContestRow } from "./run/contest.ts";
import type { Verdict } from "./run/floors.ts";

const mebibyte = 2 ** 20;

/** Where a table is shown. */
export type TableFormat = "terminal" | "markdown";

/** Rows of cells as a table. */
function grid(head: readonly string[], rows: readonly (readonly (string | number)[])[], format: TableFormat): string {
  if (format === "markdown") {
    const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line), ""].join("\n");
  }
  const drawn = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) drawn.push([...row]);
  return drawn.toString();
}

/** What programs took. */
export function table(rows: readonly ContestRow[], format: TableFormat = "terminal"): string {
  return grid(
    ["work", "threads", "by", "ms", "of it", "times as long", "peak MiB"],
    rows.map((row) => [
      row.work,
      row.threads,
      row.name,
      milliseconds(row.total),
      partsOf(row),
      row.ratio.toFixed(2),
      row.peakBytes === undefined ? "" : (row.peakBytes / mebibyte).toFixed(0),
    ]),
    format,
  );
}

/** Floors and what was reached. */
export function verdictTable(verdicts: readonly Verdict[], format: TableFormat = "terminal"): string {
  return grid(
    ["work", "threads", "at its best", "of", "times ours", "floor", ""],
    verdicts.map((verdict) => [
      verdict.work,
      verdict.threads,
      verdict.name,
      verdict.of,
      verdict.reached.toFixed(2),
      verdict.atLeast,
      verdict.isReached ? "reached" : "not reached",
    ]),
    format,
  );
}

/** Lines whose columns are those of the first. */
export function rowTable(rows: readonly Row[], format: TableFormat = "terminal"): string {
  const head = Object.keys(rows[0] ?? {});
  return grid(
    head,
    rows.map((row) => head.map((column) => shown(row[column]))),
    format,
  );
}

/** What must hold and whether it does. */
export function boundTable(bounds: readonly Bound[], format: TableFormat = "terminal"): string {
  return grid(
    ["what", "reached", "must be", ""],
    bounds.map((bound) => [
      bound.what,
      shown(bound.reached),
      `${bound.sense} ${bound.bound}`,
      isReached(bound) ? "reached" : "not reached",
    ]),
    format,
  );
}

function shown(cell: string | number | undefined): string {
  if (typeof cell !== "number") return cell ?? "";
  return Number.isInteger(cell) ? String(cell) : cell.toFixed(Math.abs(cell) < 10 ? 2 : 1);
}

/** One number after the point below a hundred, two below ten. */
export function milliseconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

function partsOf({ parts }: ContestRow): string {
  const named = Object.entries(parts);
  if (named.length < 2) return "";
  return named.map(([name, value]) => `${name} ${milliseconds(value)}`).join(", ");
}
