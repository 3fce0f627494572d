import { type Heading, pictureInSvg } from "@vicinal/example-report";
import type { ElementContent } from "hast";
import { s } from "hastscript";
import { knownOf, type MoleculeInput } from "../input/molecule-input.ts";
import { shortened } from "../input/read-molecules.ts";
import type { Learned } from "../learn/learn.ts";
import type { Extremes } from "../result/closeness.ts";
import { knownInWords, predictionInWords } from "../result/in-words.ts";
import { drawnMolecule, moleculeStyle, shareColors } from "./drawn-molecule.ts";
import { plotStyle } from "./plot.ts";
import { type PlotContent, predictionPlot } from "./prediction-plot.ts";

const WIDTH = 1040;
const HEADER = 92;
const SIDE = 28;
const PLOT = 460;
const card = { width: 250, height: 216, gap: 16, drawing: 150 };

const cardStyle = `
.frame { fill: #ffffff; stroke: #d8dde3; }
.caption { fill: #14181d; }
`;

/** The first target's plot, and beside it two molecules that were predicted worst and two that were predicted best, as a file of its own. */
export function pictureSvg(content: PlotContent, extremes: Extremes, { title, subtitle }: Heading): string {
  const { input, learned } = content;
  const left = SIDE + PLOT + 24;
  const cards = [
    ...extremes.worst.slice(0, 2).map((molecule) => ({ molecule, place: "far off" })),
    ...extremes.best.slice(0, 2).map((molecule) => ({ molecule, place: "close" })),
  ];
  const height = HEADER + PLOT + 60;
  return pictureInSvg({
    heading: { title: shortened(title, 80), subtitle: shortened(subtitle, 140) },
    label: { title, subtitle },
    width: WIDTH,
    height,
    side: SIDE,
    fontSize: 23,
    style: plotStyle + moleculeStyle + cardStyle,
    content: [
      s("g", { transform: `translate(${SIDE - 8} ${HEADER})` }, predictionPlot(content, 0, PLOT)),
      ...cards.map(({ molecule, place }, index) => {
        const x = left + (index % 2) * (card.width + card.gap);
        const y = HEADER + 8 + Math.floor(index / 2) * (card.height + card.gap);
        return s("g", { transform: `translate(${x} ${y})` }, moleculeCard(input, learned, molecule, place));
      }),
      ...legend(input, height - 30, learned.answers.attention !== undefined),
    ],
  });
}

function moleculeCard(input: MoleculeInput, learned: Learned, molecule: number, place: string): ElementContent[] {
  const [value] = learned.answers.values.subarray(molecule * input.targetNames.length);
  const known = knownOf(input, molecule)[0]!;
  const uncertainty = learned.answers.uncertainty?.[molecule * input.targetNames.length];
  const text = (y: number, size: number, weight: number, words: string) =>
    s("text.caption", { x: 12, y, "font-size": size, "font-weight": weight }, words);
  return [
    s("rect.frame", { x: 0, y: 0, width: card.width, height: card.height, rx: 8 }),
    drawnMolecule(input.molecules[molecule]!, learned.answers.attention?.[molecule], {
      x: 5,
      y: 5,
      width: card.width - 10,
      height: card.drawing,
    }),
    text(card.drawing + 24, 14, 650, shortened(input.names[molecule]!, 32)),
    text(card.drawing + 42, 12.5, 400, `predicted ${predictionInWords(input.task, value!, uncertainty)} (${place})`),
    text(card.drawing + 58, 12.5, 400, `${input.origin} ${knownInWords(input.task, known)}`),
  ];
}

function legend({ task }: MoleculeInput, y: number, attends: boolean): ElementContent[] {
  const words = (x: number, text: string) =>
    s("text.subtitle", { x, y, "font-size": 13, "dominant-baseline": "central" }, text);
  const dots =
    task === "regression"
      ? [
          s("circle.tested", { cx: SIDE + 54, cy: y, r: 4 }),
          words(SIDE + 64, "held out, with the spread of the networks"),
          s("path.learned", { d: `M${SIDE + 342} ${y}h0` }),
          words(SIDE + 352, "learned from"),
        ]
      : [];
  if (!attends) return dots;
  const left = SIDE + PLOT + 30;
  const disc = (x: number, fill: string) => s("circle", { cx: x, cy: y, r: 7, fill, "fill-opacity": 0.7 });
  return [
    ...dots,
    disc(left + 2, shareColors.more),
    words(left + 16, "more attention than an equal share"),
    disc(left + 266, shareColors.less),
    words(left + 280, "less"),
  ];
}
