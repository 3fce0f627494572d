import { createHash } from "node:crypto";
import type { Element, ElementContent } from "hast";
import { toHtml } from "hast-util-to-html";
import { h } from "hastscript";
import type { Heading } from "./heading.ts";
import { pageStyle } from "./page-style.ts";

/** What a page shows. */
export interface HtmlPage {
  readonly heading: Heading;
  /** In the tab of the browser. Default: that of the heading. */
  readonly title?: string;
  /** The style of what is this page's own; it comes after that of all pages. */
  readonly style: string;
  readonly content: readonly ElementContent[];
  readonly footer: string;
  /** What the page runs. Default: nothing. */
  readonly script?: PageScript;
}

/** A script of a page, and what it reads. */
interface PageScript {
  readonly code: string;
  /** The element that holds `data` as JSON. */
  readonly id: string;
  readonly data: unknown;
}

/**
 * One HTML file that needs nothing else: style, script and data are in it, and its content security policy forbids the browser to fetch
 * anything or to run any other script. All names go in as text, never as markup.
 */
export function pageInHtml({ heading, title = heading.title, style, content, footer, script }: HtmlPage): string {
  const wholeStyle = pageStyle + style;
  const policy = [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src ${hashOf(script.code)}`]),
    `style-src ${hashOf(wholeStyle)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = h("html", { lang: "en" }, [
    h("head", [
      h("meta", { charSet: "utf-8" }),
      h("meta", { httpEquiv: "Content-Security-Policy", content: policy }),
      h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      h("title", title),
      h("style", wholeStyle),
    ]),
    h("body", [
      h("main", [h("h1", heading.title), h("p.lead", heading.subtitle), ...content, h("footer", h("p", footer))]),
      ...(script === undefined ? [] : scriptElements(script)),
    ]),
  ]);
  return `<!doctype html>\n${toHtml(page)}\n`;
}

/** A part of a page with a title. */
export function section(title: string, ...content: ElementContent[]): Element {
  return h("section", [h("h2", title), ...content]);
}

function scriptElements({ code, id, data }: PageScript): Element[] {
  return [h("script", { id, type: "application/json" }, jsonForScript(data)), h("script", code)];
}

/** JSON that cannot end the script element that it stands in. */
function jsonForScript(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
