import type { NodeLabeling } from "@vicinal/graph";
import { classColors, nodeColor } from "./palette.ts";

/** The colour that each node of the graph has in the picture, or would have: a large graph is shown by a sample. */
export function nodeColors({ classes, predictions, confidences }: NodeLabeling): (node: string) => string {
  const colors = classColors(classes.length);
  const classIndex = new Map(classes.map((name, index) => [name, index]));
  return (node) => nodeColor(colors[classIndex.get(predictions[node]!)!]!, confidences[node]!, classes.length);
}
