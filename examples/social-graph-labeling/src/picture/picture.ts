import { type Heading, pictureInSvg } from "@vicinal/example-report";
import type { ElementContent } from "hast";
import { s } from "hastscript";
import { drawing, drawingStyle } from "./drawing.ts";
import { legend } from "./legend.ts";
import type { Scene } from "./scene.ts";

const HEADER = 84;
const SIDE = 32;

const legendStyle = `
.legend-text { fill: #14181d; }
@media (prefers-color-scheme: dark) {
  .legend-text { fill: #f4f6f8; }
}
`;

/** The picture as a file of its own: a page with heading, graph and legend, light or dark as the reader prefers. */
export function pictureSvg(scene: Scene, heading: Heading): string {
  const bottom = HEADER + scene.height;
  const key = legend(scene, SIDE, bottom, scene.width - 2 * SIDE);
  return pictureInSvg({
    heading,
    width: scene.width,
    height: bottom + key.height + 22,
    side: SIDE,
    fontSize: 24,
    style: drawingStyle + legendStyle,
    content: [s("g", { transform: `translate(0 ${HEADER})` }, drawing(scene)), key.content],
  });
}

/** The graph alone, for a page that has its own style, heading and legend. */
export function pictureInPage(scene: Scene, label: string): ElementContent {
  const viewBox = `0 0 ${scene.width} ${scene.height}`;
  return s("svg.picture", { viewBox, role: "img", ariaLabel: label }, drawing(scene));
}
