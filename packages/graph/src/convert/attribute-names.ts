import type { AbstractGraph } from "graphology-types";

/** The names of all attributes that any node has, sorted: what a message about an unknown one lists. */
export function nodeAttributeNames(graph: AbstractGraph): string[] {
  const names = new Set<string>();
  graph.forEachNode((_node, attributes) => {
    for (const name of Object.keys(attributes)) names.add(name);
  });
  return [...names].sort();
}
