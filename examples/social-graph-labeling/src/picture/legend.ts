import { rounded } from "@vicinal/example-report";
import type { ElementContent } from "hast";
import { s } from "hastscript";
import { doubt } from "./palette.ts";
import type { Scene } from "./scene.ts";

interface LegendEntry {
  readonly symbol: ElementContent[];
  readonly text: string;
}

/** A legend, and how high it is. Text cannot be measured here: its width is estimated from its length. */
export interface Legend {
  readonly content: ElementContent;
  readonly height: number;
}

const ROW = 26;
const FONT = 14;

/** The classes with their colours, then what rings, greys and widths mean, in as many rows as the width asks for. */
export function legend(scene: Scene, left: number, top: number, width: number): Legend {
  const { nodes, edges } = scene;
  const classes = scene.classes.map(({ name, color, nodes: count }) => ({
    symbol: [s("circle.node", { r: 7, fill: color })],
    text: `${name} (${count.toLocaleString("en")})`,
  }));
  const signs: LegendEntry[] = [];
  if (nodes.some(({ known }) => known !== undefined)) {
    signs.push({ symbol: [s("circle.ring.known", { r: 6 })], text: "label was known" });
  }
  const wrong = nodes.find(({ missed }) => missed !== undefined);
  if (wrong !== undefined) {
    const stroke = scene.classes[wrong.missed ?? 0]?.color ?? "#000000";
    signs.push({ symbol: [s("circle.ring.missed", { r: 6, stroke })], text: "predicted wrong (dashes: true label)" });
  }
  signs.push({ symbol: [s("circle.node", { r: 7, fill: doubt })], text: "greyer: less sure" });
  if (edges.length > 0) {
    const lines = [1, 2.5, 5].map((thickness, row) =>
      s("line", { x1: -8, x2: 8, y1: row * 6 - 6, y2: row * 6 - 6, "stroke-width": thickness, "stroke-opacity": 0.6 }),
    );
    signs.push({ symbol: [s("g", { className: "edge" }, lines)], text: "wider: more attention" });
  }
  const upper = flow(classes, left, top, width);
  const lower = flow(signs, left, upper.bottom + 4, width);
  return { content: s("g.legend", [...upper.content, ...lower.content]), height: lower.bottom - top };
}

function flow(
  entries: readonly LegendEntry[],
  left: number,
  top: number,
  width: number,
): { content: ElementContent[]; bottom: number } {
  let x = left;
  let y = top;
  const content = entries.map(({ symbol, text }) => {
    const room = 24 + text.length * FONT * 0.52 + 22;
    if (x > left && x + room > left + width) {
      x = left;
      y += ROW;
    }
    const at = `translate(${rounded(x + 9)} ${y + ROW / 2})`;
    x += room;
    return s("g", { transform: at }, [
      ...symbol,
      s("text.legend-text", { x: 16, y: 0, "font-size": FONT, "dominant-baseline": "central" }, text),
    ]);
  });
  return { content, bottom: y + ROW };
}
