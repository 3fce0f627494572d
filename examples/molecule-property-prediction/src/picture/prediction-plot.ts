import type { Split } from "@vicinal/datasets";
import { rounded } from "@vicinal/example-report";
import type { ElementContent } from "hast";
import { s } from "hastscript";
import type { MoleculeInput } from "../input/molecule-input.ts";
import { judgedBy } from "../learn/hold-out.ts";
import type { Learned } from "../learn/learn.ts";
import { knownInWords, predictionInWords } from "../result/in-words.ts";
import { squarePlot } from "./plot.ts";

/** What a plot of predictions is drawn from. */
export interface PlotContent {
  readonly input: MoleculeInput;
  readonly split: Split;
  readonly learned: Learned;
}

/** One molecule in a plot. */
interface Point {
  readonly name: string;
  readonly known: number;
  readonly predicted: number;
  readonly uncertainty: number | undefined;
}

/**
 * Numbers against predictions: those of molecules that were held out as large dots with the spread of the networks, those that were learned from behind
 * them. Of answers yes and no, the ROC curve.
 */
export function predictionPlot(content: PlotContent, target: number, side: number): ElementContent[] {
  return content.input.task === "regression"
    ? parityPlot(content, target, side)
    : rocPlot(pointsOf(content, target, judgedBy(content.split)), side);
}

function parityPlot(content: PlotContent, target: number, side: number): ElementContent[] {
  const { input, split } = content;
  const shown = judgedBy(split);
  const tested = pointsOf(content, target, shown);
  const learned = shown === split.train ? [] : pointsOf(content, target, split.train);
  const values = [...tested, ...learned].flatMap(({ known, predicted }) => [known, predicted]);
  const [least, most] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const range: [number, number] = least < most ? [least, most] : [(least || 0) - 1, (least || 0) + 1];
  const { x, y, axes } = squarePlot(side, Number.isFinite(range[0]) ? range : [-1, 1], {
    x: input.origin,
    y: "predicted",
  });
  return [
    ...axes,
    s("path.learned", {
      d: learned.map(({ known, predicted }) => `M${rounded(x(known), 1)} ${rounded(y(predicted), 1)}h0`).join(""),
    }),
    ...tested.map((point) => {
      const [cx, cy] = [rounded(x(point.known)), rounded(y(point.predicted))];
      const { predicted, uncertainty = 0 } = point;
      return s("g", [
        s(
          "title",
          `${point.name}: predicted ${predictionInWords("regression", predicted, point.uncertainty)}, ${input.origin} ${knownInWords("regression", point.known)}`,
        ),
        s("line.spread", {
          x1: cx,
          x2: cx,
          y1: rounded(y(predicted - uncertainty)),
          y2: rounded(y(predicted + uncertainty)),
        }),
        s("circle.tested", { cx, cy, r: 3.5 }),
      ]);
    }),
  ];
}

/** The share of yes that is found against the share of no that is taken for yes, for every threshold (Fawcett, 2006). */
function rocPlot(points: readonly Point[], side: number): ElementContent[] {
  const { x, y, axes } = squarePlot(side, [0, 1], { x: "no that is taken for yes", y: "yes that is found" });
  const positives = points.filter(({ known }) => known === 1).length;
  const negatives = points.length - positives;
  const sorted = [...points].sort((a, b) => b.predicted - a.predicted);
  let [found, mistaken] = [0, 0];
  const corners: [number, number][] = [[0, 0]];
  for (const [place, { known, predicted }] of sorted.entries()) {
    if (known === 1) found++;
    else mistaken++;
    // Of equal predictions none comes before the other.
    if (sorted[place + 1]?.predicted === predicted) continue;
    corners.push([mistaken / Math.max(1, negatives), found / Math.max(1, positives)]);
  }
  const curve = corners.map(([no, yes]) => `${rounded(x(no))},${rounded(y(yes))}`).join(" ");
  return [...axes, ...(positives > 0 && negatives > 0 ? [s("polyline.roc", { points: curve })] : [])];
}

/** Of the molecules whose number is known. */
function pointsOf({ input, learned: { answers } }: PlotContent, target: number, members: Uint32Array): Point[] {
  const width = input.targetNames.length;
  return Array.from(members, (molecule): Point => {
    const place = molecule * width + target;
    return {
      name: input.names[molecule]!,
      known: input.targets[place]!,
      predicted: answers.values[place]!,
      uncertainty: answers.uncertainty?.[place],
    };
  }).filter(({ known }) => !Number.isNaN(known));
}
