import type { NodeLook } from "@vicinal/example-graph-files";
import type { NodeLabeling } from "@vicinal/graph";
import { nodeColors } from "./node-colors.ts";
import type { Scene } from "./scene.ts";

/** The look of the picture, for files that show the same graph. Pictures grow downwards, other programs' maps upwards. */
export function lookOf(scene: Scene, labeling: NodeLabeling): NodeLook {
  const places = new Map(scene.nodes.map(({ key, x, y }) => [key, { x, y: -y }]));
  return { color: nodeColors(labeling), place: (node) => places.get(node) };
}
