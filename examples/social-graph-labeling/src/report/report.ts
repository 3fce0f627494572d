import { createHash } from "node:crypto";
import type { LabeledGraph } from "@vicinal/example-graph-files";
import type { NodeLabeling } from "@vicinal/graph";
import type { Element, ElementContent } from "hast";
import { toHtml } from "hast-util-to-html";
import { h } from "hastscript";
import type { Scene } from "../picture/scene.ts";
import { type Evaluation, NOTHING_HELD_OUT } from "../result/evaluation.ts";
import type { Heading } from "../result/heading.ts";
import type { RankedAttention } from "../result/most-attended.ts";
import { bundlePage } from "./bundle.ts";
import { figure } from "./figure.ts";
import { attentionTable, choicesTable, confusionTable, scoresTable } from "./report-tables.ts";
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

/**
 * One HTML file that needs nothing else: style, script and data are in it, and its content security policy forbids the browser to fetch
 * anything or to run any other script. All names go in as text, never as markup.
 */
export async function createReport(content: ReportContent): Promise<string> {
  const script = await bundlePage();
  const { title } = content.heading;
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(reportStyle)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page: Element = h("html", { lang: "en" }, [
    h("head", [
      h("meta", { charSet: "utf-8" }),
      h("meta", { httpEquiv: "Content-Security-Policy", content: policy }),
      h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      h("title", `${title}: labels by graph attention`),
      h("style", reportStyle),
    ]),
    h("body", [
      body(content),
      h("script#scene", { type: "application/json" }, jsonForScript(content.scene)),
      h("script", script),
    ]),
  ]);
  return `<!doctype html>\n${toHtml(page)}\n`;
}

function body(content: ReportContent): Element {
  const { heading, scene, labeling, evaluation, mostAttended, input } = content;
  const metric = metricNames[input.metric ?? "accuracy"];
  return h("main", [
    h("h1", heading.title),
    h("p.lead", heading.subtitle),
    figure(scene, `${heading.title}: ${heading.subtitle}`),
    evaluation === undefined
      ? section("Accuracy", h("p", NOTHING_HELD_OUT))
      : h("div.columns", [
          section("Accuracy", scoresTable(evaluation)),
          section("Confusion", confusionTable(evaluation)),
        ]),
    section("Training", h("div.panels", trainingCurve(labeling.history, labeling.bestEpoch, metric))),
    h("div.columns", [
      section("Most attended edges", attentionTable(mostAttended, input.nodeName)),
      section("What was chosen, and why", choicesTable(labeling.choices)),
    ]),
    h(
      "footer",
      h(
        "p",
        "Made by the social-graph-labeling example of Vicinal. The graph is drawn by sigma.js and graphology (MIT).",
      ),
    ),
  ]);
}

function section(title: string, content: ElementContent | ElementContent[]): Element {
  return h("section", [h("h2", title), ...(Array.isArray(content) ? content : [content])]);
}

/** JSON that cannot end the script element that it stands in. */
export function jsonForScript(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
