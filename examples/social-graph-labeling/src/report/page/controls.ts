import type { Scene } from "../../picture/scene.ts";
import type { Emphasis, GraphView } from "./graph-view.ts";
import type { Tooltip } from "./tooltip.ts";

/** Everything in the page that the reader can touch; it is in the page's markup, and unhidden here. */
export interface Controls {
  readonly stage: HTMLElement;
  readonly classes: readonly HTMLButtonElement[];
  readonly search: HTMLInputElement;
  readonly zoom: Readonly<Record<"in" | "out" | "reset", HTMLButtonElement>>;
}

/** Makes the page answer to mouse, touch and keys. */
export function connect(view: GraphView, scene: Scene, tooltip: Tooltip, controls: Controls): void {
  let emphasis: Emphasis = {};
  const emphasize = (next: Emphasis) => {
    emphasis = next;
    view.emphasize(emphasis);
  };
  const select = (node: number | undefined) => {
    emphasize({ ...emphasis, node });
    if (node === undefined) return tooltip.hide();
    const display = view.sigma.getNodeDisplayData(String(node));
    if (display !== undefined) tooltip.show(node, view.sigma.framedGraphToViewport(display));
  };

  view.sigma.on("enterNode", ({ node }) => select(Number(node)));
  view.sigma.on("leaveNode", () => select(undefined));
  view.sigma.on("clickNode", ({ node }) => select(Number(node)));
  view.sigma.on("clickStage", () => select(undefined));

  for (const [index, button] of controls.classes.entries()) {
    button.disabled = false;
    button.addEventListener("click", () => {
      const chosen = emphasis.class === index ? undefined : index;
      for (const [i, other] of controls.classes.entries()) other.setAttribute("aria-pressed", String(i === chosen));
      emphasize({ class: chosen });
    });
  }
  controls.search.addEventListener("input", () => controls.search.setCustomValidity(""));
  controls.search.addEventListener("change", async () => {
    const wanted = controls.search.value.trim();
    const found = scene.nodes.findIndex(({ name, key }) => name === wanted || key === wanted);
    controls.search.setCustomValidity(wanted !== "" && found < 0 ? "No node in the picture has this name." : "");
    if (!controls.search.reportValidity() || found < 0) return select(undefined);
    await view.goTo(found);
    select(found);
  });

  const camera = view.sigma.getCamera();
  controls.zoom.in.addEventListener("click", () => camera.animatedZoom());
  controls.zoom.out.addEventListener("click", () => camera.animatedUnzoom());
  controls.zoom.reset.addEventListener("click", () => camera.animatedReset());
  controls.stage.addEventListener("keydown", (event) => {
    const { x, y, ratio } = camera.getState();
    const step = 0.1 * ratio;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => camera.setState({ x: x - step }),
      ArrowRight: () => camera.setState({ x: x + step }),
      ArrowUp: () => camera.setState({ y: y + step }),
      ArrowDown: () => camera.setState({ y: y - step }),
      "+": () => void camera.animatedZoom(),
      "=": () => void camera.animatedZoom(),
      "-": () => void camera.animatedUnzoom(),
      "0": () => void camera.animatedReset(),
      Escape: () => select(undefined),
    };
    const move = moves[event.key];
    if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move();
  });
  leaveScrollingToThePage(controls.stage);
}

/** The wheel alone and one finger scroll the page, as everywhere else on it; with Ctrl, or two fingers, the graph zooms. */
function leaveScrollingToThePage(stage: HTMLElement): void {
  const options = { capture: true, passive: true };
  stage.addEventListener("wheel", (event) => !event.ctrlKey && !event.metaKey && event.stopPropagation(), options);
  stage.addEventListener("touchstart", (event) => event.touches.length < 2 && event.stopPropagation(), options);
}
