import { percent, tableInText } from "@vicinal/example-terminal";
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

function titled(title: string, head: readonly string[], rows: readonly (readonly string[])[], leftColumns = 1): string {
  return `${title}\n${tableInText(head, rows, { leftColumns })}`;
}
