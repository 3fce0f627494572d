import type { Scene } from "../../picture/scene.ts";

/** The box that tells about a node. Names come from files: they are written as text, never as markup. */
export class Tooltip {
  readonly #box: HTMLElement;
  readonly #scene: Scene;

  constructor(box: HTMLElement, scene: Scene) {
    this.#box = box;
    this.#scene = scene;
  }

  /** Shows the box beside a point of its container, within it. */
  show(index: number, point: { readonly x: number; readonly y: number }): void {
    const box = this.#box;
    box.replaceChildren(...this.#content(index));
    box.hidden = false;
    const room = box.parentElement!.getBoundingClientRect();
    const right = point.x + 16 + box.offsetWidth < room.width;
    const left = right ? point.x + 16 : Math.max(4, point.x - 16 - box.offsetWidth);
    box.style.left = `${Math.min(left, room.width - box.offsetWidth - 4)}px`;
    box.style.top = `${Math.max(4, Math.min(point.y - 20, room.height - box.offsetHeight - 4))}px`;
  }

  hide(): void {
    this.#box.hidden = true;
  }

  #content(index: number): HTMLElement[] {
    const { classes, nodes } = this.#scene;
    const { name, predicted, confidence, known, missed, attends } = nodes[index]!;
    const swatch = element("span", "dot");
    swatch.style.background = classes[predicted]!.color;
    const label = element("p", "prediction");
    label.append(swatch, `${classes[predicted]!.name}, ${percent(confidence)} sure`);
    const lines = [element("strong", "", name), label];
    if (known !== undefined) lines.push(element("p", "aside", `Known: ${classes[known]!.name}`));
    if (missed !== undefined) lines.push(element("p", "aside", `In fact: ${classes[missed]?.name ?? "another label"}`));
    if (attends.length > 0) {
      const list = element("ul", "attends");
      for (const { name: attended, weight } of attends) {
        const bar = element("span", "bar");
        bar.style.width = `${Math.round(weight * 100)}%`;
        const item = element("li", "");
        item.append(bar, element("span", "who", attended), element("span", "share", percent(weight)));
        list.append(item);
      }
      lines.push(element("p", "aside", "Attends most to"), list);
    }
    return lines;
  }
}

function element(tag: string, className: string, text = ""): HTMLElement {
  const created = document.createElement(tag);
  created.className = className;
  created.textContent = text;
  return created;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.995 ? 1 : 0)} %`;
}
