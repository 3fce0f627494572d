import { xmlText } from "@vicinal/example-graph-files";
import type { ElementContent } from "hast";
import { toHtml } from "hast-util-to-html";
import { s } from "hastscript";
import type { Heading } from "./heading.ts";

const FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

const frameStyle = `
.page { fill: #ffffff; stroke: #d8dde3; }
.title { fill: #14181d; }
.subtitle { fill: #56616f; }
@media (prefers-color-scheme: dark) {
  .page { fill: #14181d; stroke: #333b45; }
  .title { fill: #f4f6f8; }
  .subtitle { fill: #a3afbd; }
}
`;

/** What a picture shows. */
export interface SvgPicture {
  /** As it stands on the page. */
  readonly heading: Heading;
  /** What is read out in its place. Default: that of the heading. */
  readonly label?: Heading;
  readonly width: number;
  readonly height: number;
  /** Where the heading begins, from the left. */
  readonly side: number;
  /** Of the title. */
  readonly fontSize: number;
  /** The style of what is this picture's own. */
  readonly style: string;
  readonly content: readonly ElementContent[];
}

/** A picture as a file of its own: a page with a heading, light or dark as the reader prefers. Well-formed XML, whatever the names hold. */
export function pictureInSvg({ heading, label = heading, width, height, side, ...picture }: SvgPicture): string {
  const image = s(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "font-family": FONTS,
    },
    [
      s("title", `${label.title}: ${label.subtitle}`),
      s("style", picture.style + frameStyle),
      s("rect.page", { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 10 }),
      s("text.title", { x: side, y: 42, "font-size": picture.fontSize, "font-weight": 650 }, heading.title),
      s("text.subtitle", { x: side, y: 68, "font-size": 15 }, heading.subtitle),
      ...picture.content,
    ],
  );
  // The library writes for HTML, where `]]>` may stand in text.
  const text = toHtml(image, { space: "svg", closeSelfClosing: true, closeEmptyElements: true });
  return `${xmlText(text).replaceAll("]]>", "]]&gt;")}\n`;
}
