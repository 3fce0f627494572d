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
const legendSteps = 40;
const stepWidth = 4;
const barWidth = legendSteps * stepWidth;
const barHeight = 12;

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
  const { rows, columns, title = "", rowTitle = "", columnTitle = "", cellSize = 24 } = options;
  const largest = check(weights, rows, columns, cellSize);
  const upper = largest === 0 ? 1 : largest;
  const upperLabel = String(Number(upper.toPrecision(3)));

  // Lines of turned labels are closer than the cells are wide. Labels of columns lie flat where all fit.
  const labelSize = Math.min(largestLabel, round(Math.SQRT1_2 * cellSize));
  const [rowLabels, columnLabels] = [rows.map(visibleLabel), columns.map(visibleLabel)];
  const columnWidths = columnLabels.map((label) => textWidth(label) * labelSize);
  const widestColumn = largestOf(columnWidths);
  const isFlat = widestColumn <= cellSize - 2;
  const labelHeight = isFlat ? labelSize : (widestColumn + labelSize) * Math.SQRT1_2;

  // The corner of the cells.
  const belowTitle = padding + (title === "" ? 0 : titleSize + 1.5 * gap);
  const lineOf = (heading: string): number => (heading === "" ? 0 : largestLabel + gap);
  const left = round(padding + lineOf(rowTitle) + largestOf(rowLabels.map(textWidth)) * labelSize + gap);
  const top = round(belowTitle + lineOf(columnTitle) + labelHeight + gap);
  const columnAt = (c: number): number => round(left + c * cellSize);
  const rowAt = (r: number): number => round(top + r * cellSize);

  // A title of the rows may be longer than the cells are high.
  const legendTop = round(top + Math.max(rows.length * cellSize, textWidth(rowTitle) * largestLabel) + 2 * gap);
  const legendMiddle = legendTop + barHeight / 2;
  const barLeft = round(left + textWidth("0") * largestLabel + gap);
  const barEnd = barLeft + barWidth + gap;

  const width = Math.ceil(
    padding +
      largestOf([
        columnAt(columns.length),
        left + textWidth(columnTitle) * largestLabel,
        padding + textWidth(title) * titleSize,
        barEnd + textWidth(upperLabel) * largestLabel,
        ...(isFlat ? [] : columnWidths.map((w, c) => columnAt(c + 0.5) + (w + labelSize) * Math.SQRT1_2)),
      ]),
  );
  const height = Math.ceil(legendTop + barHeight + padding);

  const heading = (x: number, y: number, content: string, attributes: string): string[] =>
    content === "" ? [] : [text(x, y, content, attributes)];
  const quiet = `font-size="${largestLabel}" fill="#59636e"`;
  const rowTitleX = padding + largestLabel / 2;
  const labelY = round(top - gap - (isFlat ? labelSize / 2 : 0));
  const name = `${title === "" ? "Attention" : title}: ${weights.rows} rows x ${weights.columns} columns, weights from 0 to ${upperLabel}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
      `aria-label="${escapeText(name)}" font-family="${monospace}" font-size="${labelSize}" fill="#1f2328">`,
    rectangle(0.5, 0.5, width - 1, height - 1, 'rx="8" fill="#ffffff" stroke="#d0d7de"'),

    ...heading(padding, padding + titleSize / 2, title, `font-size="${titleSize}" font-weight="bold"`),
    ...heading(left, belowTitle + largestLabel / 2, columnTitle, quiet),
    ...heading(rowTitleX, top, rowTitle, `${quiet} text-anchor="end" ${turned(-90, rowTitleX, top)}`),

    '<g text-anchor="end">',
    ...rowLabels.map((label, r) => text(left - gap, rowAt(r + 0.5), label)),
    "</g>",
    `<g text-anchor="${isFlat ? "middle" : "start"}">`,
    ...columnLabels.map((label, c) => {
      const x = columnAt(c + 0.5);
      return text(x, labelY, label, isFlat ? "" : turned(-45, x, labelY));
    }),
    "</g>",

    `<g stroke="#e1e4e8" stroke-width="${Math.min(1, round(cellSize / 16))}">`,
    ...rows.flatMap((row, r) =>
      columns.map((column, c) => {
        const weight = weights.get(r, c);
        const tooltip = `<title>${escapeText(`"${row}" attends to "${column}": ${weight}`)}</title>`;
        const fill = `fill="${sequentialColor(weight / upper)}"`;
        return rectangle(columnAt(c), rowAt(r), cellSize, cellSize, fill, tooltip);
      }),
    ),
    "</g>",

    // The bar is made of steps, not of a gradient: that would need an identifier, which clashes where a page holds several drawings.
    text(left, legendMiddle, "0", `font-size="${largestLabel}"`),
    '<g shape-rendering="crispEdges">',
    ...Array.from({ length: legendSteps }, (_, k) => {
      const fill = `fill="${sequentialColor(k / (legendSteps - 1))}"`;
      return rectangle(barLeft + k * stepWidth, legendTop, stepWidth, barHeight, fill);
    }),
    "</g>",
    rectangle(barLeft, legendTop, barWidth, barHeight, 'fill="none" stroke="#d0d7de"'),
    text(barEnd, legendMiddle, upperLabel, `font-size="${largestLabel}"`),
    "</svg>",
  ].join("\n");
}

function rectangle(x: number, y: number, width: number, height: number, attributes: string, content = ""): string {
  const end = content === "" ? "/>" : `>${content}</rect>`;
  return `<rect x="${round(x)}" y="${y}" width="${width}" height="${height}" ${attributes}${end}`;
}

/** Text whose middle is at this height. */
function text(x: number, y: number, content: string, attributes = ""): string {
  const more = attributes === "" ? "" : ` ${attributes}`;
  return `<text x="${round(x)}" y="${round(y)}" dy="0.35em" style="white-space: pre"${more}>${escapeText(content)}</text>`;
}

function turned(degrees: number, x: number, y: number): string {
  return `transform="rotate(${degrees} ${x} ${y})"`;
}

function largestOf(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
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
          Number.isFinite(weight) ? "out-of-range" : "not-finite",
          `attentionSvg: the weight of row ${r} ("${rows[r]}"), column ${c} ("${columns[c]}") is ${weight}; expected finite numbers, 0 or more.`,
        );
      }
      largest = Math.max(largest, weight);
    }
  }
  return largest;
}
