import type { Choice } from "@vicinal/graph";
import Table from "cli-table3";
import { type Evaluation, partInWords } from "../result/evaluation.ts";
import type { RankedAttention } from "../result/most-attended.ts";

/** The most characters that the names of classes may take as heads of columns. */
const NAMES_SIDE_BY_SIDE = 50;

/** The scores of every way of labelling, one a row. */
export function scoresInText({ methods, part, nodes }: Evaluation): string {
  const areas = methods.some(({ rocAuc }) => rocAuc !== undefined);
  const rows = methods.map(({ method, accuracy, macroF1, rocAuc }) => [
    method,
    percent(accuracy),
    percent(macroF1),
    ...(areas ? [rocAuc === undefined ? "-" : percent(rocAuc)] : []),
  ]);
  return titled(
    `On the ${nodes.toLocaleString("en")} ${partInWords(part)}`,
    ["", "accuracy", "macro F1", ...(areas ? ["ROC AUC"] : [])],
    rows,
  );
}

/** Counts by actual and predicted class. Where the names would not fit beside each other, columns are numbered. */
export function confusionInText({ classes, confusion }: Evaluation): string {
  const numbered = classes.join("  ").length > NAMES_SIDE_BY_SIDE;
  const name = (index: number) => (numbered ? `${index + 1} ${classes[index]}` : classes[index]!);
  const rows = confusion.map((row, actual) => [name(actual), ...row.map((count) => count.toLocaleString("en"))]);
  const columns = numbered ? classes.map((_, index) => String(index + 1)) : classes;
  return titled("Confusion (a row for what a node is, a column for what was predicted)", ["", ...columns], rows);
}

export function attentionInText(ranked: readonly RankedAttention[], nodeName: (node: string) => string): string {
  const rows = ranked.map(({ target, source, weight, equalShare }) => [
    nodeName(target),
    nodeName(source),
    percent(weight),
    percent(equalShare),
  ]);
  return titled(
    "Most attended edges, above an equal share",
    ["node", "attends to", "attention", "equal share"],
    rows,
    2,
  );
}

export function choicesInText(choices: readonly Choice[]): string {
  const rows = choices.map(({ option, value, reason }) => [option, String(value), reason]);
  return titled("What was chosen, and why", ["option", "value", "reason"], rows, 3);
}

/**
 * Text for a terminal: names come from files, and may hold characters that move the cursor, colour the screen or turn the direction
 * of reading.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, "\uFFFD");
}

function titled(title: string, head: string[], rows: readonly string[][], leftColumns = 1): string {
  const table = new Table({
    head: head.map(printable),
    colAligns: head.map((_, column) => (column < leftColumns ? "left" : "right")),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    chars: borderless,
  });
  for (const row of rows) table.push(row.map(printable));
  const lines = table.toString().split("\n");
  return `${title}\n${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}`;
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

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
