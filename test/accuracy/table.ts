import Table from "cli-table3";
import type { AccuracyRow } from "./accuracy-row.ts";

/** The rows as a table for a terminal, with what was chosen below it. */
export function table(rows: readonly AccuracyRow[]): string {
  const grid = new Table({
    head: ["dataset", "protocol", "seeds", "splits", "mean ± std", "epochs", "ms / epoch", "published"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [null, 22, null, null, null, null, null, 34],
  });
  for (const row of rows) {
    grid.push([
      row.dataset,
      row.protocol,
      row.seeds,
      row.splits,
      figure(row),
      row.epochs.toFixed(0),
      row.millisecondsPerEpoch.toFixed(1),
      row.published
        .map(({ model, value, std }) => `${model} ${value}${std === undefined ? "" : ` ± ${std}`}`)
        .join(", "),
    ]);
  }
  const choices = rows.flatMap((row) =>
    row.choices.map(({ option, value, reason }) => `  ${option} ${value} (${reason})`),
  );
  return `${grid.toString()}\nChosen:\n${choices.join("\n")}`;
}

/** Figures in percent, errors in the unit of the target. */
function figure({ metric, mean, std }: AccuracyRow): string {
  const isError = metric === "rmse";
  const digits = isError ? 3 : 2;
  return `${metric} ${mean.toFixed(digits)} ± ${std.toFixed(digits)}${isError ? "" : " %"}`;
}
