import { createHash } from "node:crypto";
import type { Element } from "hast";
import { describe, expect, it } from "vitest";
import { type HtmlPage, pageInHtml, section } from "./page.ts";
import { dangersIn, elementsOf, textOf } from "./testing/elements.ts";

const plain: HtmlPage = {
  heading: { title: "Club", subtitle: "34 members" },
  style: ".own { color: red; }",
  content: [section("Accuracy", { type: "text", value: "all right" })],
  footer: "Made by hand.",
};
const script = { code: "draw();", id: "scene", data: { name: "</script><!--<script>", line: "\u2028" } };

const named = (elements: readonly Element[], tagName: string) =>
  elements.filter((element) => element.tagName === tagName);

function policyOf(elements: readonly Element[]): string {
  return String(elements.find(({ properties }) => properties["httpEquiv"] !== undefined)?.properties["content"]);
}

const hashOf = (element: Element | undefined): string =>
  `'sha256-${createHash("sha256").update(textOf(element!)).digest("base64")}'`;

describe("a page in HTML", () => {
  it("has a heading, its content and a footer", () => {
    const elements = elementsOf(pageInHtml(plain));
    expect(["title", "h1", "p", "h2"].map((tagName) => named(elements, tagName).map(textOf))).toEqual([
      ["Club"],
      ["Club"],
      ["34 members", "Made by hand."],
      ["Accuracy"],
    ]);
    expect(named(elementsOf(pageInHtml({ ...plain, title: "Labels" })), "title").map(textOf)).toEqual(["Labels"]);
  });

  it("forbids everything but its own style", () => {
    const elements = elementsOf(pageInHtml(plain));
    const [style] = named(elements, "style");
    expect(textOf(style!)).toContain(".own { color: red; }");
    expect(policyOf(elements)).toBe(
      `default-src 'none'; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`,
    );
  });

  it("lets its own script run by its hash, and holds the data that it reads, which cannot end it", () => {
    const elements = elementsOf(pageInHtml({ ...plain, script }));
    const [data, code, ...others] = named(elements, "script");
    expect(others).toEqual([]);
    expect(policyOf(elements)).toContain(`script-src ${hashOf(code)};`);
    expect(data?.properties).toEqual({ id: "scene", type: "application/json" });
    expect(textOf(data!)).not.toContain("<");
    expect(JSON.parse(textOf(data!))).toEqual(script.data);
  });

  it("writes names as text", () => {
    const name = '<b onclick="alert(1)">x</b></title><script>alert(2)</script>';
    const html = pageInHtml({ ...plain, heading: { title: name, subtitle: name }, footer: name });
    expect(dangersIn(html)).toEqual([]);
    expect(textOf(named(elementsOf(html), "h1")[0]!)).toBe(name);
  });
});
