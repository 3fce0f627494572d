import Table from "cli-table3";

/**
 * A table without borders, indented by two spaces. Its first column is aligned to the left, like `leftColumns` in all; the others to the right.
 */
export function tableInText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { leftColumns = 1 }: { readonly leftColumns?: number } = {},
): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (column < leftColumns ? "left" : "right")),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    chars: borderless,
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd())
    .join("\n");
}

/** Such as 95.5 %. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
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
