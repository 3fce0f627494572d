import type { Matrix } from "ml-matrix";
import { checkPositive } from "../../check-options.ts";
import { checkOptionNames, DataError } from "../../errors.ts";
import { sequentialColor } from "./color-scale.ts";
import { escapeText, monospace, textWidth, visibleLabel } from "./svg-text.ts";

/** Options of {@link attentionSvg}. */
export interface AttentionSvgOptions {
  /** A label for each row: what attends. */
  readonly rows: readonly string[];
  /** A label for each column: what is attended to. */
  readonly columns: readonly string[];
  /** Drawn above. Default: none. */
  readonly title?: string;
  /** What the rows are, drawn beside their labels. Default: none. */
  readonly rowTitle?: string;
  /** What the columns are, drawn above their labels. Default: none. */
  readonly columnTitle?: string;
  /** Width and height of a cell, in pixels. Default 24. */
  readonly cellSize?: number;
}

const optionNames = ["rows", "columns", "title", "rowTitle", "columnTitle", "cellSize"];

/** Pixels. */
const padding = 16;
const gap = 8;
const titleSize = 15;
const largestLabel = 13;
const legend = { steps: 40, stepWidth: 4, height: 12 };

/**
 * Attention weights as a heat map: a self-contained SVG document, with a cell for each weight (rows attend to columns), labels, and a legend from 0 to the
 * largest weight. White is 0, the
 * darkest blue the largest weight; where all weights are 0 the legend goes to 1. Pointing at a cell shows the exact weight. The drawing lies on a white card, so
 * that it reads on light and dark pages; it needs no script, no style sheet and no font.
 *
 * Markup in labels is escaped. Labels of spaces are drawn as open boxes, so that the characters of a text can be labels.
 *
 * @param weights `[rows, columns]`, such as one of {@link weightMatrices}.
 * @throws DataError `wrong-length` unless there is a label for each row and each column, `not-finite` or `out-of-range` for a weight that is
 * not finite or negative; OptionError `out-of-range` unless `cellSize` is positive, `unknown-option`.
 */
export function attentionSvg(weights: Matrix, options: AttentionSvgOptions): string {
  checkOptionNames("attentionSvg", options, optionNames);
  const { rows, columns, title = "", cellSize = 24 } = options;
  const largest = check(weights, rows, columns, cellSize);
  const upper = largest === 0 ? 1 : largest;
  const layout = layoutOf(options, cellSize, shorten(upper));
  const name = `${title === "" ? "Attention" : title}: ${weights.rows} rows x ${weights.columns} columns, weights from 0 to ${shorten(upper)}`;
  const { width, height } = layout;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
      `aria-label="${escapeText(name)}" font-family="${monospace}" font-size="${layout.labelSize}" fill="#1f2328">`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#ffffff" stroke="#d0d7de"/>`,
    ...drawTitles(options, layout),
    ...drawLabels(options, layout, cellSize),
    ...drawCells(weights, options, layout, cellSize, upper),
    ...drawLegend(layout, shorten(upper)),
    "</svg>",
  ].join("\n");
}

/** Where things are, in pixels. */
interface Layout {
  readonly width: number;
  readonly height: number;
  /** Of the cells. */
  readonly left: number;
  readonly top: number;
  /** Of the cells, or of the rows' title where that is longer. */
  readonly bottom: number;
  readonly labelSize: number;
  /** Degrees by which column labels are turned: they lie flat where all fit. */
  readonly turn: 0 | -45;
}

function layoutOf(options: AttentionSvgOptions, cellSize: number, upper: string): Layout {
  const { rows, columns, title = "", rowTitle = "", columnTitle = "" } = options;
  // Lines of turned labels are closer than the cells are wide.
  const labelSize = Math.min(largestLabel, round(Math.SQRT1_2 * cellSize));
  const widthOf = (label: string): number => textWidth(visibleLabel(label)) * labelSize;
  const columnWidths = columns.map(widthOf);
  const widestColumn = largestOf(columnWidths);
  const turn = widestColumn <= cellSize - 2 ? 0 : -45;
  const diagonal = Math.SQRT1_2;
  const labelHeight = turn === 0 ? labelSize : (widestColumn + labelSize) * diagonal;
  const left = padding + (rowTitle === "" ? 0 : largestLabel + gap) + largestOf(rows.map(widthOf)) + gap;
  const head = (title === "" ? 0 : titleSize + 1.5 * gap) + (columnTitle === "" ? 0 : largestLabel + gap);
  const top = padding + head + labelHeight + gap;
  // A title of the rows may be longer than the cells are high.
  const bottom = top + Math.max(rows.length * cellSize, textWidth(rowTitle) * largestLabel);
  const reaches = [
    left + columns.length * cellSize,
    left + textWidth(columnTitle) * largestLabel,
    padding + textWidth(title) * titleSize,
    left + legendWidth(upper),
    ...(turn === 0 ? [] : columnWidths.map((w, c) => left + (c + 0.5) * cellSize + (w + labelSize) * diagonal)),
  ];
  return {
    width: Math.ceil(largestOf(reaches) + padding),
    height: Math.ceil(bottom + 2 * gap + legend.height + padding),
    left: round(left),
    top: round(top),
    bottom: round(bottom),
    labelSize,
    turn,
  };
}

function drawTitles({ title = "", rowTitle = "", columnTitle = "" }: AttentionSvgOptions, layout: Layout): string[] {
  const { left, top } = layout;
  const parts: string[] = [];
  const belowTitle = padding + (title === "" ? 0 : titleSize + 1.5 * gap);
  if (title !== "") {
    parts.push(text(padding, padding + titleSize / 2, title, `font-size="${titleSize}" font-weight="bold"`));
  }
  const quiet = `font-size="${largestLabel}" fill="#59636e"`;
  if (columnTitle !== "") parts.push(text(left, belowTitle + largestLabel / 2, columnTitle, quiet));
  if (rowTitle !== "") {
    const x = padding + largestLabel / 2;
    parts.push(text(x, top, rowTitle, `${quiet} text-anchor="end" transform="rotate(-90 ${x} ${top})"`));
  }
  return parts;
}

function drawLabels({ rows, columns }: AttentionSvgOptions, layout: Layout, cellSize: number): string[] {
  const { left, top, labelSize, turn } = layout;
  return [
    '<g text-anchor="end">',
    ...rows.map((label, r) => text(left - gap, top + (r + 0.5) * cellSize, visibleLabel(label))),
    "</g>",
    `<g text-anchor="${turn === 0 ? "middle" : "start"}">`,
    ...columns.map((label, c) => {
      const [x, y] = [round(left + (c + 0.5) * cellSize), round(top - gap - (turn === 0 ? labelSize / 2 : 0))];
      return text(x, y, visibleLabel(label), turn === 0 ? "" : `transform="rotate(${turn} ${x} ${y})"`);
    }),
    "</g>",
  ];
}

function drawCells(
  weights: Matrix,
  { rows, columns }: AttentionSvgOptions,
  { left, top }: Layout,
  cellSize: number,
  upper: number,
): string[] {
  const cells = rows.flatMap((row, r) =>
    columns.map((column, c) => {
      const weight = weights.get(r, c);
      return (
        `<rect x="${round(left + c * cellSize)}" y="${round(top + r * cellSize)}" width="${cellSize}" height="${cellSize}" ` +
        `fill="${sequentialColor(weight / upper)}"><title>${escapeText(`"${row}" attends to "${column}": ${weight}`)}</title></rect>`
      );
    }),
  );
  return [`<g stroke="#e1e4e8" stroke-width="${Math.min(1, round(cellSize / 16))}">`, ...cells, "</g>"];
}

/** The bar is made of steps, not of a gradient: that would need an identifier, which clashes where a page holds several drawings. */
function drawLegend({ left, bottom }: Layout, upper: string): string[] {
  const top = bottom + 2 * gap;
  const barLeft = round(left + textWidth("0") * largestLabel + gap);
  const steps = Array.from({ length: legend.steps }, (_, k) => {
    const color = sequentialColor(k / (legend.steps - 1));
    return `<rect x="${round(barLeft + k * legend.stepWidth)}" y="${top}" width="${legend.stepWidth}" height="${legend.height}" fill="${color}"/>`;
  });
  const barWidth = legend.steps * legend.stepWidth;
  const middle = top + legend.height / 2;
  const size = `font-size="${largestLabel}"`;
  return [
    text(left, middle, "0", size),
    '<g shape-rendering="crispEdges">',
    ...steps,
    "</g>",
    `<rect x="${barLeft}" y="${top}" width="${barWidth}" height="${legend.height}" fill="none" stroke="#d0d7de"/>`,
    text(barLeft + barWidth + gap, middle, upper, size),
  ];
}

function legendWidth(upper: string): number {
  return legend.steps * legend.stepWidth + 2 * gap + textWidth(`0${upper}`) * largestLabel;
}

/** Text whose middle is at this height. */
function text(x: number, y: number, content: string, attributes = ""): string {
  const more = attributes === "" ? "" : ` ${attributes}`;
  return `<text x="${round(x)}" y="${round(y)}" dy="0.35em" style="white-space: pre"${more}>${escapeText(content)}</text>`;
}

function largestOf(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}

/** A number with three digits that count. */
function shorten(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** The largest weight, if all is well. */
function check(weights: Matrix, rows: readonly string[], columns: readonly string[], cellSize: number): number {
  checkPositive("attentionSvg", "the cellSize", cellSize);
  for (const [side, labels, count] of [
    ["rows", rows, weights.rows],
    ["columns", columns, weights.columns],
  ] as const) {
    if (labels.length === count) continue;
    throw new DataError(
      "wrong-length",
      `attentionSvg: got ${labels.length} labels of ${side} for ${count} ${side} of weights; expected one label each.`,
    );
  }
  let largest = 0;
  for (let r = 0; r < weights.rows; r++) {
    for (let c = 0; c < weights.columns; c++) {
      const weight = weights.get(r, c);
      if (!(weight >= 0 && Number.isFinite(weight))) {
        throw new DataError(
          weight < 0 && Number.isFinite(weight) ? "out-of-range" : "not-finite",
          `attentionSvg: the weight of row ${r} ("${rows[r]}"), column ${c} ("${columns[c]}") is ${weight}; expected finite numbers, 0 or more.`,
        );
      }
      largest = Math.max(largest, weight);
    }
  }
  return largest;
}
