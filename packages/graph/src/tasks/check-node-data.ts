import { checkFeatureMatrix, DataError } from "@vicinal/core";
import type { NodeData, NodeInputs } from "./node-targets.ts";

/**
 * Refuses a graph whose features do not belong to its nodes and edges.
 *
 * @throws DataError `wrong-length`, `index-out-of-range`, `not-finite`.
 */
export function checkNodeInputs(where: string, { neighborhood, features, edgeFeatures }: NodeInputs): void {
  const nodes = neighborhood.receivers;
  if (neighborhood.senders !== nodes || (features?.rows ?? nodes) !== nodes) {
    throw new DataError(
      "wrong-length",
      `${where}: got a neighborhood of ${neighborhood.senders} senders and ${nodes} receivers, and ${features?.rows ?? "no"} rows of features; ` +
        "expected one row a node, and as many senders as receivers.",
    );
  }
  if (edgeFeatures !== undefined && edgeFeatures.rows !== neighborhood.edges) {
    throw new DataError(
      "wrong-length",
      `${where}: got ${edgeFeatures.rows} rows of edge features for ${neighborhood.edges} edges; expected one row an edge.`,
    );
  }
  if (features !== undefined) checkFeatureMatrix(where, features);
  if (edgeFeatures !== undefined) checkFeatureMatrix(where, edgeFeatures);
}

/**
 * Refuses a graph without nodes, nodes that are not there, and nothing to learn from.
 *
 * @param labels Count of rows of labels.
 * @param problemOf Says what is wrong with the labels of a node; undefined where nothing is.
 * @throws DataError `empty-graph`, `wrong-length`, `index-out-of-range`, `not-finite`, `no-labels`; what `problemOf` gives.
 */
export function checkNodeData(
  where: string,
  data: NodeData,
  labels: number,
  problemOf: (part: "train" | "validation", node: number) => DataError | undefined,
): void {
  const nodes = data.neighborhood.receivers;
  if (nodes === 0) {
    throw new DataError("empty-graph", `${where}: got a graph without nodes; expected at least two that are labelled.`);
  }
  checkNodeInputs(where, data);
  if (labels !== nodes) {
    throw new DataError(
      "wrong-length",
      `${where}: got ${nodes} nodes and labels of ${labels}; expected those of each node.`,
    );
  }
  for (const part of ["train", "validation"] as const) {
    for (const node of data[part]) {
      if (node >= nodes) {
        throw new DataError(
          "index-out-of-range",
          `${where}: got node ${node} among the ${part} nodes; expected numbers below ${nodes}.`,
        );
      }
      const problem = problemOf(part, node);
      if (problem !== undefined) throw problem;
    }
  }
  if (data.train.length > 0) return;
  throw new DataError(
    "no-labels",
    `${where}: got no labelled node to learn from; expected at least one of each of two classes.`,
  );
}
