import { xmlText } from "@vicinal/example-graph-files";
import type { ElementContent } from "hast";
import { toHtml } from "hast-util-to-html";
import { s } from "hastscript";
import type { Heading } from "../result/heading.ts";
import { drawing, drawingStyle } from "./drawing.ts";
import { legend } from "./legend.ts";
import type { Scene } from "./scene.ts";

const FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const HEADER = 84;
const SIDE = 32;

const pictureStyle = `
.page { fill: #ffffff; stroke: #d8dde3; }
.title, .legend-text { fill: #14181d; }
.subtitle { fill: #56616f; }
@media (prefers-color-scheme: dark) {
  .page { fill: #14181d; stroke: #333b45; }
  .title, .legend-text { fill: #f4f6f8; }
  .subtitle { fill: #a3afbd; }
}
`;

/** The picture as a file of its own: a page with heading, graph and legend, light or dark as the reader prefers. */
export function pictureSvg(scene: Scene, { title, subtitle }: Heading): string {
  const bottom = HEADER + scene.height;
  const key = legend(scene, SIDE, bottom, scene.width - 2 * SIDE);
  const height = bottom + key.height + 22;
  const image = s(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${scene.width} ${height}`,
      width: scene.width,
      height,
      role: "img",
      "font-family": FONTS,
    },
    [
      s("title", `${title}: ${subtitle}`),
      s("style", drawingStyle + pictureStyle),
      s("rect.page", { x: 0.5, y: 0.5, width: scene.width - 1, height: height - 1, rx: 10 }),
      s("text.title", { x: SIDE, y: 42, "font-size": 24, "font-weight": 650 }, title),
      s("text.subtitle", { x: SIDE, y: 68, "font-size": 15 }, subtitle),
      s("g", { transform: `translate(0 ${HEADER})` }, drawing(scene)),
      key.content,
    ],
  );
  return `${svgText(image)}\n`;
}

/** The graph alone, for a page that has its own style, heading and legend. */
export function pictureInPage(scene: Scene, label: string): ElementContent {
  const viewBox = `0 0 ${scene.width} ${scene.height}`;
  return s("svg.picture", { viewBox, role: "img", ariaLabel: label }, drawing(scene));
}

/** Well-formed XML, whatever the names hold. The library writes for HTML, where `]]>` may stand in text. */
function svgText(image: ElementContent): string {
  const text = toHtml(image, { space: "svg", closeSelfClosing: true, closeEmptyElements: true });
  return xmlText(text).replaceAll("]]>", "]]&gt;");
}
