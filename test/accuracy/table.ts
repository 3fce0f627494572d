import Table from "cli-table3";
import type { AccuracyRow } from "./measure.ts";

/** The rows as a table for a terminal, with what was chosen below it. */
export function table(rows: readonly AccuracyRow[]): string {
  const grid = new Table({
    head: ["dataset", "protocol", "seeds", "splits", "mean ± std (%)", "epochs", "ms / epoch", "published"],
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
      `${row.metric} ${row.mean.toFixed(2)} ± ${row.std.toFixed(2)}`,
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
