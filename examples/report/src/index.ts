export type { Heading } from "./heading.ts";
export { type HtmlPage, pageInHtml, section } from "./page.ts";
export { pictureInSvg, type SvgPicture } from "./picture.ts";
export { rounded } from "./rounded.ts";
export { choicesTable, table } from "./table.ts";
