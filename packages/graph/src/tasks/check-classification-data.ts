import { checkFeatureMatrix, DataError } from "@vicinal/core";
import type { NodeClassificationData } from "./node-classification.ts";

/**
 * Refuses what cannot be learned from, before any work.
 *
 * @throws DataError `empty-graph`, `wrong-length`, `index-out-of-range`, `no-labels`, `one-class`, `not-finite`.
 */
export function checkClassificationData(data: NodeClassificationData): void {
  const { neighborhood, features, labels, classes, edgeFeatures, train, validation } = data;
  const nodes = neighborhood.receivers;
  if (nodes === 0) {
    throw new DataError(
      "empty-graph",
      "labelNodes: got a graph without nodes; expected at least two that are labelled.",
    );
  }
  if (neighborhood.senders !== nodes || (features?.rows ?? nodes) !== nodes || labels.length !== nodes) {
    throw new DataError(
      "wrong-length",
      `labelNodes: got ${nodes} nodes, ${features?.rows ?? "no"} rows of features and ${labels.length} labels; expected one row and one label a node.`,
    );
  }
  if (edgeFeatures !== undefined && edgeFeatures.rows !== neighborhood.edges) {
    throw new DataError(
      "wrong-length",
      `labelNodes: got ${edgeFeatures.rows} rows of edge features for ${neighborhood.edges} edges; expected one row an edge.`,
    );
  }
  if (features !== undefined) checkFeatureMatrix("labelNodes", features);
  if (edgeFeatures !== undefined) checkFeatureMatrix("labelNodes", edgeFeatures);
  checkNodes("train", train, labels, classes);
  checkNodes("validation", validation, labels, classes);
  if (train.length === 0) {
    throw new DataError(
      "no-labels",
      "labelNodes: got no labelled node to learn from; expected at least one of each of two classes.",
    );
  }
  const seen = new Set(Array.from(train, (node) => labels[node]!));
  if (seen.size < 2) {
    throw new DataError(
      "one-class",
      `labelNodes: got one class only among the ${train.length} training nodes; expected at least two. Label nodes of another class too.`,
    );
  }
}

function checkNodes(part: string, nodes: Uint32Array, labels: Int32Array, classes: number): void {
  for (const node of nodes) {
    if (node >= labels.length) {
      throw new DataError(
        "index-out-of-range",
        `labelNodes: got node ${node} among the ${part} nodes; expected numbers below ${labels.length}.`,
      );
    }
    const label = labels[node]!;
    if (label >= 0 && label < classes) continue;
    throw new DataError(
      "index-out-of-range",
      `labelNodes: ${part} node ${node} has the class ${label}; expected a class from 0 to ${classes - 1}.`,
    );
  }
}
