import type { LabeledGraph } from "@vicinal/example-graph-files";
import { choicesTable, type Heading, pageInHtml, section } from "@vicinal/example-report";
import type { NodeLabeling } from "@vicinal/graph";
import type { ElementContent } from "hast";
import { h } from "hastscript";
import type { Scene } from "../picture/scene.ts";
import { type Evaluation, NOTHING_HELD_OUT } from "../result/evaluation.ts";
import type { RankedAttention } from "../result/most-attended.ts";
import { bundlePage } from "./bundle.ts";
import { figure } from "./figure.ts";
import { attentionTable, confusionTable, scoresTable } from "./report-tables.ts";
import { reportStyle } from "./style.ts";
import { trainingCurve } from "./training-curve.ts";

/** Everything that the report tells. */
export interface ReportContent {
  readonly heading: Heading;
  readonly scene: Scene;
  readonly labeling: NodeLabeling;
  /** Undefined if no labels were held out. */
  readonly evaluation: Evaluation | undefined;
  readonly mostAttended: readonly RankedAttention[];
  readonly input: LabeledGraph;
}

const metricNames = { accuracy: "Accuracy", "macro-f1": "Macro F1", "roc-auc": "ROC AUC" } as const;

/** The report as one HTML file. */
export async function createReport(content: ReportContent): Promise<string> {
  const { heading, scene } = content;
  return pageInHtml({
    heading,
    title: `${heading.title}: labels by graph attention`,
    style: reportStyle,
    content: body(content),
    footer:
      "Made by the social-graph-labeling example of Vicinal. The graph is drawn by sigma.js and graphology (MIT).",
    script: { code: await bundlePage(), id: "scene", data: scene },
  });
}

function body({ heading, scene, labeling, evaluation, mostAttended, input }: ReportContent): ElementContent[] {
  const metric = metricNames[input.metric ?? "accuracy"];
  return [
    figure(scene, `${heading.title}: ${heading.subtitle}`),
    evaluation === undefined
      ? section("Accuracy", h("p", NOTHING_HELD_OUT))
      : h("div.columns", [
          section("Accuracy", ...scoresTable(evaluation)),
          section("Confusion", confusionTable(evaluation)),
        ]),
    section("Training", h("div.panels", trainingCurve(labeling.history, labeling.bestEpoch, metric))),
    h("div.columns", [
      section("Most attended edges", ...attentionTable(mostAttended, input.nodeName)),
      section("What was chosen, and why", choicesTable(labeling.choices)),
    ]),
  ];
}
