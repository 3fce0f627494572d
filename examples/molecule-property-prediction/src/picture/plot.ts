import { rounded } from "@vicinal/example-report";
import { type ScaleLinear, scaleLinear } from "d3-scale";
import type { ElementContent } from "hast";
import { s } from "hastscript";

/** Room of a plot with what stands beside its axes. */
const margin = { left: 54, right: 16, top: 12, bottom: 46 };

/** A square plot of one number against another on the same scale, with the diagonal. */
export interface SquarePlot {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  readonly axes: ElementContent[];
}

/** Axes for both directions, over the same range, and the diagonal. */
export function squarePlot(
  side: number,
  range: readonly [number, number],
  labels: { readonly x: string; readonly y: string },
): SquarePlot {
  const scale = scaleLinear().domain(range).nice(5);
  const x = scale.copy().range([margin.left, side - margin.right]);
  const y = scale.copy().range([side - margin.bottom, margin.top]);
  const [left, right] = x.range() as [number, number];
  const [bottom, top] = y.range() as [number, number];
  const ticks = scale.ticks(5);
  const inWords = scale.tickFormat(5);
  return {
    x,
    y,
    axes: [
      ...ticks.flatMap((tick) => [
        s("line.grid", { x1: left, x2: right, y1: rounded(y(tick)), y2: rounded(y(tick)) }),
        s("line.grid", { x1: rounded(x(tick)), x2: rounded(x(tick)), y1: top, y2: bottom }),
        s("text.tick.end", { x: left - 8, y: rounded(y(tick)) }, inWords(tick)),
        s("text.tick.middle", { x: rounded(x(tick)), y: bottom + 16 }, inWords(tick)),
      ]),
      s("line.diagonal", { x1: left, y1: bottom, x2: right, y2: top }),
      s("text.tick.middle", { x: rounded((left + right) / 2), y: side - 8 }, labels.x),
      s("text.tick.middle", { transform: `translate(12 ${rounded((top + bottom) / 2)}) rotate(-90)` }, labels.y),
    ],
  };
}

/** The style of plots, light and dark. */
export const plotStyle = `
.grid { stroke: #d8dde3; }
.tick { fill: #56616f; font-size: 12px; dominant-baseline: central; }
.tick.end { text-anchor: end; }
.tick.middle { text-anchor: middle; }
.diagonal { stroke: #56616f; stroke-dasharray: 4 3; }
.learned { fill: none; stroke: #a3afbd; stroke-opacity: .55; stroke-width: 4; stroke-linecap: round; }
.spread { stroke: #0b7d6b; stroke-opacity: .5; stroke-width: 1.5; }
.tested { fill: #0b7d6b; fill-opacity: .85; }
.roc { fill: none; stroke: #0b7d6b; stroke-width: 2.5; stroke-linejoin: round; }
@media (prefers-color-scheme: dark) {
  .grid { stroke: #333b45; }
  .tick { fill: #a3afbd; }
  .diagonal { stroke: #a3afbd; }
  .learned { stroke: #56616f; }
  .spread { stroke: #4cc4ae; }
  .tested { fill: #4cc4ae; }
  .roc { stroke: #4cc4ae; }
}
`;
