import type { ElementContent } from "hast";
import { toHtml } from "hast-util-to-html";
import { s } from "hastscript";
import { knownOf, type MoleculeInput } from "../input/molecule-input.ts";
import { shortened } from "../input/read-molecules.ts";
import type { Learned } from "../learn/learn.ts";
import { xmlText } from "../output/xml-text.ts";
import type { Extremes } from "../result/closeness.ts";
import type { Heading } from "../result/heading.ts";
import { knownInWords, predictionInWords } from "../result/in-words.ts";
import { drawnMolecule, moleculeStyle, shareColors } from "./drawn-molecule.ts";
import { plotStyle } from "./plot.ts";
import { type PlotContent, predictionPlot } from "./prediction-plot.ts";

const FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const WIDTH = 1040;
const HEADER = 92;
const SIDE = 28;
const PLOT = 460;
const card = { width: 250, height: 216, gap: 16, drawing: 150 };

const pictureStyle = `
.page { fill: #ffffff; stroke: #d8dde3; }
.frame { fill: #ffffff; stroke: #d8dde3; }
.title { fill: #14181d; }
.subtitle { fill: #56616f; }
.caption { fill: #14181d; }
@media (prefers-color-scheme: dark) {
  .page { fill: #14181d; stroke: #333b45; }
  .title { fill: #f4f6f8; }
  .subtitle { fill: #a3afbd; }
}
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
  const image = s(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      role: "img",
      "font-family": FONTS,
    },
    [
      s("title", `${title}: ${subtitle}`),
      s("style", plotStyle + moleculeStyle + pictureStyle),
      s("rect.page", { x: 0.5, y: 0.5, width: WIDTH - 1, height: height - 1, rx: 10 }),
      s("text.title", { x: SIDE, y: 42, "font-size": 23, "font-weight": 650 }, shortened(title, 80)),
      s("text.subtitle", { x: SIDE, y: 68, "font-size": 15 }, shortened(subtitle, 140)),
      s("g", { transform: `translate(${SIDE - 8} ${HEADER})` }, predictionPlot(content, 0, PLOT)),
      ...cards.map(({ molecule, place }, index) => {
        const x = left + (index % 2) * (card.width + card.gap);
        const y = HEADER + 8 + Math.floor(index / 2) * (card.height + card.gap);
        return s("g", { transform: `translate(${x} ${y})` }, moleculeCard(input, learned, molecule, place));
      }),
      ...legend(input, height - 30, learned.answers.attention !== undefined),
    ],
  );
  return `${svgText(image)}\n`;
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

/** Well-formed XML, whatever the names hold. The library writes for HTML, where `]]>` may stand in text. */
function svgText(image: ElementContent): string {
  const text = toHtml(image, { space: "svg", closeSelfClosing: true, closeEmptyElements: true });
  return xmlText(text).replaceAll("]]>", "]]&gt;");
}
