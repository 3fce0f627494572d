import { rounded } from "@vicinal/example-report";
import type { ElementContent } from "hast";
import { s } from "hastscript";
import type { Scene, SceneNode } from "./scene.ts";

/** Up to this many nodes, names are written into the picture. */
const NAMED_NODES = 60;
/** Beyond this many nodes lines are thin and rings lie on the rim, or they would be all there is to see. */
const MANY_NODES = 200;
/** The longest name that is written inside of a circle. */
const SHORT_NAME = 3;

/** The style of a drawing, light and dark. It goes into the file of the picture, and into the report's own style. */
export const drawingStyle = `
.edge { stroke: #56616f; stroke-linecap: round; }
.node { stroke: #ffffff; stroke-width: 1.2; }
.ring { fill: none; stroke-width: 2.4; }
.known { stroke: #14181d; }
.small { stroke-width: 1; }
.missed { stroke-dasharray: 4 2.5; }
.name { fill: #14181d; text-anchor: middle; dominant-baseline: central; }
.outside { paint-order: stroke; stroke: #ffffff; stroke-width: 4; stroke-linejoin: round; font-weight: 600; }
@media (prefers-color-scheme: dark) {
  .edge { stroke: #a3afbd; }
  .node { stroke: #14181d; }
  .known { stroke: #f4f6f8; }
  .outside { fill: #f4f6f8; stroke: #14181d; }
}
`;

/** Edges, nodes and names of a scene, in its coordinates. */
export function drawing(scene: Scene): ElementContent[] {
  const { nodes, edges } = scene;
  const many = nodes.length > MANY_NODES;
  const [thinnest, widest, faintest] = many ? [0.3, 2.5, 0.1] : [0.7, 6, 0.25];
  const most = Math.max(...edges.map(({ attention }) => attention), 1e-9);
  const lines = edges.map(({ a, b, attention }) => {
    const share = attention / most;
    return s("line", {
      x1: nodes[a]!.x,
      y1: nodes[a]!.y,
      x2: nodes[b]!.x,
      y2: nodes[b]!.y,
      "stroke-width": rounded(thinnest + widest * share),
      "stroke-opacity": rounded(faintest + 0.5 * share),
    });
  });
  const named = nodes.length <= NAMED_NODES;
  return [
    s("g", { className: "edge" }, lines),
    // Nodes that were known are drawn last: nothing may hide them.
    ...[...nodes].sort((a, b) => (a.known ?? -1) - (b.known ?? -1)).map((node) => nodeMark(scene, node, named)),
    ...(named ? nodes.filter(({ name }) => name.length > SHORT_NAME).map(outsideName) : []),
  ];
}

function nodeMark(scene: Scene, node: SceneNode, named: boolean): ElementContent {
  const { x, y, radius, name } = node;
  const marks = [s("title", nodeInWords(scene, node)), s("circle.node", { cx: x, cy: y, r: radius, fill: node.color })];
  const many = scene.nodes.length > MANY_NODES;
  const ring = { cx: x, cy: y, r: rounded(radius + (many ? 0.5 : 2.5)) };
  const size = many ? " small" : "";
  if (node.known !== undefined) marks.push(s("circle", { className: `ring known${size}`, ...ring }));
  if (node.missed !== undefined) {
    const stroke = scene.classes[node.missed]?.color ?? "#000000";
    marks.push(s("circle", { className: `ring missed${size}`, stroke, ...ring }));
  }
  if (named && name.length <= SHORT_NAME) {
    marks.push(s("text.name", { x, y, "font-size": rounded(Math.min(14, radius * 1.05), 1) }, name));
  }
  return s("g", marks);
}

function outsideName({ x, y, radius, name }: SceneNode): ElementContent {
  const short = name.length > 24 ? `${name.slice(0, 23)}…` : name;
  return s("text.name.outside", { x, y: rounded(y + radius + 12), "font-size": 14 }, short);
}

/** What a node's tooltip says. */
function nodeInWords({ classes }: Scene, { name, predicted, confidence, known, missed }: SceneNode): string {
  const prediction = `${name}: ${classes[predicted]!.name}, ${(confidence * 100).toFixed(1)} % sure`;
  if (known !== undefined) return `${prediction} (known: ${classes[known]!.name})`;
  return missed === undefined ? prediction : `${prediction} (in fact ${classes[missed]?.name ?? "another label"})`;
}
