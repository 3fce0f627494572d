import type { Element, Root } from "hast";
import { fromHtml } from "hast-util-from-html";

/** Every element of a page as a browser would read it. */
export function elementsOf(html: string): Element[] {
  const all: Element[] = [];
  const visit = (parent: Root | Element) => {
    for (const child of parent.children) {
      if (child.type !== "element") continue;
      all.push(child);
      visit(child);
    }
  };
  visit(fromHtml(html));
  return all;
}

/** The text in an element. */
export function textOf(element: Element): string {
  return element.children
    .map((child) => (child.type === "text" ? child.value : child.type === "element" ? textOf(child) : ""))
    .join("");
}

/** What could run or load something: elements that do, and names of attributes that react to events. */
export function dangersIn(html: string): string[] {
  return elementsOf(html).flatMap(({ tagName, properties }) => [
    ...(["script", "img", "iframe", "object", "embed", "link", "a"].includes(tagName) ? [tagName] : []),
    ...Object.keys(properties).filter((name) => /^(on|src|href|xlink)/i.test(name)),
  ]);
}
