import { createHash } from "node:crypto";
import type { ElementContent } from "hast";
import { toHtml } from "hast-util-to-html";
import { h } from "hastscript";
import { reportStyle } from "./style.ts";

/**
 * One HTML file that needs nothing else: its style is in it, it has no script, and its content security policy forbids the browser to fetch
 * or to run anything. All names go in as text, never as markup.
 */
export function page(title: string, lead: string, content: readonly ElementContent[]): string {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${createHash("sha256").update(reportStyle).digest("base64")}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const html = h("html", { lang: "en" }, [
    h("head", [
      h("meta", { charSet: "utf-8" }),
      h("meta", { httpEquiv: "Content-Security-Policy", content: policy }),
      h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      h("title", title),
      h("style", reportStyle),
    ]),
    h("body", [
      h("main", [
        h("h1", title),
        h("p.lead", lead),
        ...content,
        h(
          "footer",
          h(
            "p",
            "Made by the molecule-property-prediction example of Vicinal. Molecules are drawn by openchemlib (BSD).",
          ),
        ),
      ]),
    ]),
  ]);
  return `<!doctype html>\n${toHtml(html)}\n`;
}

/** A part of a page with a title. */
export function section(title: string, ...content: ElementContent[]): ElementContent {
  return h("section", [h("h2", title), ...content]);
}
