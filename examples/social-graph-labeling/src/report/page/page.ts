import type { Scene } from "../../picture/scene.ts";
import { connect } from "./controls.ts";
import { GraphView } from "./graph-view.ts";
import { Tooltip } from "./tooltip.ts";

// The page already shows the graph as a still picture. Where WebGL works, a live one takes its place.
const stage = find("stage", HTMLElement);
if (canDraw()) {
  const scene: Scene = JSON.parse(find("scene", HTMLElement).textContent);
  stage.classList.add("live");
  try {
    const view = new GraphView(scene, find("canvas", HTMLElement));
    connect(view, scene, new Tooltip(find("tooltip", HTMLElement), scene), {
      stage,
      classes: [...document.querySelectorAll<HTMLButtonElement>("#classes button")],
      search: find("search", HTMLInputElement),
      zoom: {
        in: find("zoom-in", HTMLButtonElement),
        out: find("zoom-out", HTMLButtonElement),
        reset: find("zoom-reset", HTMLButtonElement),
      },
    });
    document.documentElement.classList.add("interactive");
  } catch (error) {
    stage.classList.remove("live");
    console.error(error);
  }
}

function canDraw(): boolean {
  const canvas = document.createElement("canvas");
  return canvas.getContext("webgl2") !== null || canvas.getContext("webgl") !== null;
}

function find<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The report has no element #${id}.`);
}
