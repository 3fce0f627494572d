import { type Heading, pageInHtml } from "@vicinal/example-report";
import type { ElementContent } from "hast";
import { reportStyle } from "./style.ts";

/** A page of this example. */
export function page(heading: Heading, content: readonly ElementContent[]): string {
  return pageInHtml({
    heading,
    style: reportStyle,
    content,
    footer: "Made by the molecule-property-prediction example of Vicinal. Molecules are drawn by openchemlib (BSD).",
  });
}
