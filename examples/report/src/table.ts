import type { Choice } from "@vicinal/graph";
import type { Element } from "hast";
import { h } from "hastscript";

/** @param numbers The columns that hold numbers. */
export function table(columns: readonly string[], rows: readonly Element[], numbers: readonly string[] = []): Element {
  return h("div.scroll", [
    h("table", [
      h(
        "thead",
        h(
          "tr",
          columns.map((name) => h("th", { scope: "col", className: numbers.includes(name) ? "number" : "" }, name)),
        ),
      ),
      h("tbody", [...rows]),
    ]),
  ]);
}

/** What a task chose by itself, or was given, and why. */
export function choicesTable(choices: readonly Choice[]): Element {
  return table(
    ["Option", "Value", "Reason"],
    choices.map(({ option, value, reason }) =>
      h("tr", [h("th", { scope: "row" }, option), h("td", String(value)), h("td", reason)]),
    ),
  );
}
