import { laplacianEncoding } from "@vicinal/graph";
import type { AbstractGraph } from "graphology-types";

/** A feature that every graph has, made of its edges. */
export interface StructuralFeature {
  /** The node attribute that it is written to: the file of a model names it. */
  readonly attribute: string;
  readonly title: string;
  assign(graph: AbstractGraph): void;
}

/** Coordinates of a node in the graph. */
const eigenvectors = 4;

/** Offered beside the attributes of a graph. */
export const structuralFeatures: readonly StructuralFeature[] = [
  {
    attribute: "position in the graph",
    title: "Position in the graph (Laplacian eigenvectors)",
    assign: (graph) => {
      const { values, columns } = laplacianEncoding(graph, {
        count: Math.min(eigenvectors, Math.max(1, graph.order - 1)),
      });
      // Of length 1 over all nodes, the numbers shrink as graphs grow.
      const scale = Math.sqrt(graph.order);
      let row = 0;
      graph.updateEachNodeAttributes((_, attributes) => {
        const numbers = Array.from(values.subarray(row * columns, (row + 1) * columns), (value) => value * scale);
        row += 1;
        return {
          ...attributes,
          "position in the graph": [...numbers, ...new Array(eigenvectors - numbers.length).fill(0)],
        };
      });
    },
  },
  {
    attribute: "count of neighbors",
    title: "Count of neighbors",
    assign: (graph) =>
      graph.updateEachNodeAttributes((node, attributes) => ({
        ...attributes,
        "count of neighbors": graph.degree(node),
      })),
  },
];

/** Writes those structural features onto a graph that are asked for and not there. */
export function assignStructure(graph: AbstractGraph, wanted: readonly string[]): void {
  for (const { attribute, assign } of structuralFeatures) {
    if (wanted.includes(attribute) && !graph.someNode((_, attributes) => attribute in attributes)) assign(graph);
  }
}
