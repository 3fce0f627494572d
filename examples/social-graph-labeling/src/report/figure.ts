import type { Element } from "hast";
import { h, s } from "hastscript";
import { doubt } from "../picture/palette.ts";
import { pictureInPage } from "../picture/picture.ts";
import type { Scene } from "../picture/scene.ts";

/** The graph with its controls: a still picture that the page's script replaces by a live one. */
export function figure(scene: Scene, description: string): Element {
  return h("div.figure", [
    h("div.toolbar", [
      h(
        "div#classes",
        { role: "group", ariaLabel: "Classes" },
        scene.classes.map(({ name, color, nodes }) =>
          h(
            "button",
            { type: "button", disabled: true, ariaPressed: "false", title: `Show what is predicted to be ${name}` },
            [
              h("span.dot", s("svg", { viewBox: "0 0 12 12" }, s("circle", { cx: 6, cy: 6, r: 6, fill: color }))),
              `${name} (${nodes.toLocaleString("en")})`,
            ],
          ),
        ),
      ),
      h("div.tools.only-live", [
        h("input#search", { type: "search", list: "names", placeholder: "Find a node", ariaLabel: "Find a node" }),
        h(
          "datalist#names",
          scene.nodes.map(({ name }) => h("option", { value: name })),
        ),
        h("button#zoom-in", { type: "button", ariaLabel: "Zoom in" }, "+"),
        h("button#zoom-out", { type: "button", ariaLabel: "Zoom out" }, "−"),
        h("button#zoom-reset", { type: "button" }, "Whole graph"),
      ]),
    ]),
    h("div.graph", [
      h(
        "div#stage",
        {
          tabIndex: 0,
          role: "group",
          ariaLabel: "The graph. Arrow keys move it, plus and minus zoom, 0 shows all of it.",
        },
        [pictureInPage(scene, description), h("div#canvas")],
      ),
      h("div#tooltip", { hidden: true, role: "status" }),
    ]),
    h("div.signs", [
      sign([s("circle.ring.known", { cx: 9, cy: 9, r: 6 })], "label was known"),
      ...(scene.nodes.some(({ missed }) => missed !== undefined)
        ? [
            sign(
              [s("circle.ring", { cx: 9, cy: 9, r: 6, stroke: wrongRing(scene) })],
              "predicted wrong; the ring is the true label",
            ),
          ]
        : []),
      sign([s("circle", { cx: 9, cy: 9, r: 7, fill: doubt })], "greyer: less sure"),
      sign(
        [
          s("g", { className: "edge" }, [
            s("line", { x1: 1, y1: 4, x2: 17, y2: 4 }),
            s("line", { x1: 1, y1: 13, x2: 17, y2: 13, "stroke-width": 5 }),
          ]),
        ],
        "wider: more attention",
      ),
      h("span", "larger: attended to more"),
      h("span.only-live", "Point at or tap a node for more; Ctrl and the wheel, or two fingers, zoom."),
    ]),
    ...(scene.note === undefined ? [] : [h("p.note", `${scene.note} Predictions cover all nodes.`)]),
  ]);
}

function sign(symbol: Element[], text: string): Element {
  return h("span", [s("svg", { viewBox: "0 0 18 18", ariaHidden: "true" }, symbol), text]);
}

function wrongRing({ classes, nodes }: Scene): string {
  const missed = nodes.find((node) => node.missed !== undefined)?.missed;
  return classes[missed ?? 0]?.color ?? "#000000";
}
