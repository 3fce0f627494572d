import { DataError } from "@vicinal/core";

/**
 * Refuses nodes that nothing can be measured on.
 *
 * @param nodes The nodes that are looked at; undefined for all.
 * @throws DataError `wrong-length`, `no-nodes`, `index-out-of-range`, or `unlabeled-node` for one whose class is negative.
 */
export function checkSelection(
  where: string,
  actual: ArrayLike<number>,
  answers: ArrayLike<number>,
  nodes: ArrayLike<number> | undefined,
): void {
  if (actual.length !== answers.length) {
    throw new DataError(
      "wrong-length",
      `${where}: got ${actual.length} labels and ${answers.length} answers; expected one of each a node.`,
    );
  }
  const count = countOf(actual, nodes);
  if (count === 0) {
    throw new DataError(
      "no-nodes",
      `${where}: got no nodes to measure on; expected at least one. Look at their count first.`,
    );
  }
  for (let k = 0; k < count; k++) {
    const node = nodeAt(k, nodes);
    if (!(Number.isInteger(node) && node >= 0 && node < actual.length)) {
      throw new DataError(
        "index-out-of-range",
        `${where}: got the node ${node}; expected numbers below ${actual.length}.`,
      );
    }
    if (actual[node]! >= 0) continue;
    throw new DataError(
      "unlabeled-node",
      `${where}: node ${node} has the label ${actual[node]}, which stands for none; expected labelled nodes. Leave it out of \`nodes\`.`,
    );
  }
}

/** How many nodes are looked at. */
export function countOf(actual: ArrayLike<number>, nodes: ArrayLike<number> | undefined): number {
  return nodes === undefined ? actual.length : nodes.length;
}

/** The `k`th node that is looked at. */
export function nodeAt(k: number, nodes: ArrayLike<number> | undefined): number {
  return nodes === undefined ? k : nodes[k]!;
}
