import { choicesTable, type Heading, section } from "@vicinal/example-report";
import type { ElementContent } from "hast";
import { h, s } from "hastscript";
import type { Conflict } from "../input/same-molecules.ts";
import { type PlotContent, predictionPlot } from "../picture/prediction-plot.ts";
import type { Extremes } from "../result/closeness.ts";
import { type Evaluation, NOTHING_HELD_OUT, partInWords } from "../result/evaluation.ts";
import { type CardContent, moleculeCards } from "./molecule-cards.ts";
import { page } from "./page.ts";
import { conflictsTable, invalidTable, scoresTable } from "./report-tables.ts";
import { trainingCurve } from "./training-curve.ts";

/** Everything that the report tells. */
export interface ReportContent extends PlotContent {
  readonly heading: Heading;
  /** How the split was made. */
  readonly how: string;
  /** Undefined if no molecules were held out. */
  readonly evaluation: Evaluation | undefined;
  readonly extremes: Extremes;
  readonly conflicts: readonly Conflict[];
}

/** The most targets that get a plot of their own. */
const PLOTS = 12;
const SIDE = 420;

/** The report as one HTML file. */
export function createReport(content: ReportContent): string {
  const { heading, how, input, learned, evaluation, extremes, conflicts, split } = content;
  const { answers, trained } = learned;
  const cards: CardContent = {
    named: input,
    task: input.task,
    targetNames: input.targetNames,
    answers,
    known: { targets: input.targets, origin: input.origin },
  };
  const held = evaluation === undefined ? "learned from" : "held out";
  return page(heading, [
    ...(input.origin === "computed"
      ? [
          h(
            "p.note",
            "Nobody measured these numbers: openchemlib computed them, and the network had to find out how. The baseline on descriptors does not see openchemlib's own estimates.",
          ),
        ]
      : []),
    section(
      "How right the predictions are",
      evaluation === undefined ? h("p", NOTHING_HELD_OUT) : scoresTable(evaluation),
      ...(evaluation === undefined
        ? []
        : [
            h(
              "p.note.after",
              `On ${evaluation.molecules.toLocaleString("en")} ${partInWords(evaluation.part)}. Split: ${how}`,
            ),
          ]),
    ),
    h("div.columns", [
      section(input.task === "regression" ? `Predicted against ${input.origin}` : "ROC curves", ...plots(content)),
      section("Training", trainingCurve(trained.members)),
    ]),
    ...(answers.attention === undefined
      ? []
      : [
          h(
            "p.note",
            "In the drawings, orange discs mark atoms that the network attended to more than an equal share, blue ones less; the stronger, the farther. Attention tells what was looked at, not why a prediction is right. ± is the standard deviation between the networks.",
          ),
        ]),
    ...(extremes.worst.length === 0
      ? []
      : [
          section(`Farthest off, of those ${held}`, moleculeCards(cards, extremes.worst)),
          section(`Closest, of those ${held}`, moleculeCards(cards, extremes.best)),
        ]),
    ...(conflicts.length === 0
      ? []
      : [
          section(
            "Listed more than once, with different numbers",
            h("p.note", "A network can only learn their mean."),
            ...conflictsTable(conflicts, input),
          ),
        ]),
    ...(input.invalid.length === 0
      ? []
      : [section("Left out, because they hold no molecule", ...invalidTable(input.invalid))]),
    section("What was chosen, and why", choicesTable(trained.choices)),
    h(
      "p.note",
      `${split.train.length} molecules were learned from, ${split.validation.length} chose the epoch, ${split.test.length} were held back for testing.`,
    ),
  ]);
}

function plots(content: ReportContent): ElementContent[] {
  const { targetNames, task, origin } = content.input;
  const shown = targetNames.slice(0, PLOTS);
  const key = (symbol: ElementContent, text: string) =>
    h("span.key", [s("svg", { ariaHidden: "true", viewBox: "0 0 18 12" }, symbol), text]);
  return [
    ...shown.map((name, target) =>
      h("figure.panel", [
        h("figcaption", [
          h("strong", name),
          ...(task === "regression"
            ? [
                key(s("circle.tested", { cx: 9, cy: 6, r: 4 }), "held out, with the spread of the networks"),
                key(s("path.learned", { d: "M9 6h0" }), "learned from"),
              ]
            : []),
        ]),
        s(
          "svg.chart",
          {
            viewBox: `0 0 ${SIDE} ${SIDE}`,
            role: "img",
            ariaLabel: task === "regression" ? `${name}: predicted against ${origin}` : `${name}: ROC curve`,
          },
          predictionPlot(content, target, SIDE),
        ),
      ]),
    ),
    ...(targetNames.length > PLOTS ? [h("p.note.after", `The first ${PLOTS} of ${targetNames.length} targets.`)] : []),
  ];
}
