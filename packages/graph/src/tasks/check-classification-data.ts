import { DataError } from "@vicinal/core";
import { checkNodeData } from "./check-node-data.ts";
import type { NodeClassificationData } from "./node-classification.ts";

/**
 * Refuses what cannot be learned from, before any work.
 *
 * @throws DataError `empty-graph`, `wrong-length`, `index-out-of-range`, `no-labels`, `one-class`, `not-finite`.
 */
export function checkClassificationData(where: string, data: NodeClassificationData): void {
  const { labels, classes, train } = data;
  checkNodeData(where, data, labels.length, (part, node) => {
    const label = labels[node]!;
    if (label >= 0 && label < classes) return undefined;
    return new DataError(
      "index-out-of-range",
      `${where}: ${part} node ${node} has the class ${label}; expected a class from 0 to ${classes - 1}.`,
    );
  });
  const seen = new Set(Array.from(train, (node) => labels[node]!));
  if (seen.size >= 2) return;
  throw new DataError(
    "one-class",
    `${where}: got one class only among the ${train.length} training nodes; expected at least two. Label nodes of another class too.`,
  );
}
