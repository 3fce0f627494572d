import Table from "cli-table3";
import { printable } from "./printable.ts";

/**
 * A table without borders, indented by two spaces, whose fields cannot control the terminal.
 *
 * @param leftColumns How many columns, from the first, are aligned to the left; the others to the right. Default 1.
 */
export function tableInText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { leftColumns = 1 }: { readonly leftColumns?: number } = {},
): string {
  const table = new Table({
    head: head.map(printable),
    colAligns: head.map((_, column) => (column < leftColumns ? "left" : "right")),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    chars: borderless,
  });
  for (const row of rows) table.push(row.map(printable));
  return table
    .toString()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd())
    .join("\n");
}

/** What was chosen and why, for the `choices` of a task. */
export function choicesInText(
  choices: readonly { readonly option: string; readonly value: string | number | boolean; readonly reason: string }[],
): string {
  const rows = choices.map(({ option, value, reason }) => [option, String(value), reason]);
  return `What was chosen, and why\n${tableInText(["option", "value", "reason"], rows, { leftColumns: 3 })}`;
}

const borderless = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};
