import { rounded, table } from "@vicinal/example-report";
import { percent } from "@vicinal/example-terminal";
import type { Element, ElementContent } from "hast";
import { h, s } from "hastscript";
import { type Evaluation, partInWords } from "../result/evaluation.ts";
import type { RankedAttention } from "../result/most-attended.ts";
import { SHADES } from "./style.ts";

/** Every way of labelling with its scores, and a bar for the accuracy. */
export function scoresTable({ methods, part, nodes, right }: Evaluation): ElementContent[] {
  const areas = methods.some(({ rocAuc }) => rocAuc !== undefined);
  const figures = ["Accuracy", "Macro F1", ...(areas ? ["ROC AUC"] : [])];
  return [
    table(
      ["", ...figures],
      methods.map(({ method, accuracy, macroF1, rocAuc }, index) =>
        h("tr", { className: index === methods.length - 1 ? "ours" : "" }, [
          h("th", { scope: "row" }, [method, meter(accuracy)]),
          number(percent(accuracy)),
          number(percent(macroF1)),
          ...(areas ? [number(rocAuc === undefined ? "–" : percent(rocAuc))] : []),
        ]),
      ),
      figures,
    ),
    h(
      "p.note",
      `${right.toLocaleString("en")} of ${nodes.toLocaleString("en")} ${partInWords(part)} are labelled right.`,
    ),
  ];
}

export function confusionTable({ classes, confusion }: Evaluation): Element {
  const most = Math.max(...confusion.flat(), 1);
  const rows = confusion.map((row, actual) =>
    h("tr", [
      h("th", { scope: "row" }, classes[actual]!),
      ...row.map((count, predicted) =>
        h(
          "td",
          { className: `shade-${Math.ceil((SHADES * count) / most)}${actual === predicted ? " right" : ""}` },
          count.toLocaleString("en"),
        ),
      ),
    ]),
  );
  return h(
    "div.scroll",
    { tabIndex: 0, role: "group", ariaLabel: "Confusion table" },
    h("table.confusion", [
      h("thead", h("tr", [h("th", "is ↓ predicted →"), ...classes.map((name) => h("th", { scope: "col" }, name))])),
      h("tbody", rows),
    ]),
  );
}

export function attentionTable(
  ranked: readonly RankedAttention[],
  nodeName: (node: string) => string,
): ElementContent[] {
  if (ranked.length === 0) return [h("p", "No node attends to another: the graph has no edges.")];
  return [
    table(
      ["Node", "attends to", "Attention", "Equal share"],
      ranked.map(({ target, source, weight, equalShare }) =>
        h("tr", [
          h("td", nodeName(target)),
          h("td", nodeName(source)),
          number(percent(weight)),
          number(percent(equalShare)),
        ]),
      ),
      ["Attention", "Equal share"],
    ),
    h(
      "p.note",
      "Ranked by how far the attention is above an equal share over all that the node attends to, itself included.",
    ),
  ];
}

function number(text: string): Element {
  return h("td.number", text);
}

/** A bar as a drawing: style attributes would need a hole in the page's security policy. */
function meter(share: number): Element {
  const bar = s("rect", { width: rounded(100 * share), height: 8 });
  return h("div.meter", { ariaHidden: "true" }, s("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none" }, bar));
}
