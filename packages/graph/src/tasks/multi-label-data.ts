import { DataError, OptionError } from "@vicinal/core";
import { checkNodeData } from "./check-node-data.ts";
import type { NodeData } from "./node-targets.ts";

/** The nodes of a graph with their features and the labels that they carry, as typed arrays: what a multi-label classifier trains on. */
export interface MultiLabelData extends NodeData {
  /** `[nodes * labelCount]`: 1 where a node carries a label, else 0. */
  readonly labels: Uint8Array;
  /** Count of labels, numbered from 0. */
  readonly labelCount: number;
  /** `[nodes]`: 1 where it is known which labels a node carries, else 0. Default: of all nodes. */
  readonly known?: Uint8Array | undefined;
}

/**
 * Refuses what cannot be learned from, before any work.
 *
 * @throws DataError `empty-graph`, `wrong-length`, `index-out-of-range`, `label-out-of-range`, `unlabeled-node`, `no-labels`, `not-finite`; OptionError
 * `out-of-range` for a count that is none.
 */
export function checkMultiLabelData(where: string, data: MultiLabelData): void {
  const { labels, labelCount, known, neighborhood, train } = data;
  if (!(Number.isSafeInteger(labelCount) && labelCount >= 0)) {
    throw new OptionError("out-of-range", `${where}: got ${labelCount} labels; expected a whole number above 0.`);
  }
  if (labelCount === 0) {
    throw new DataError(
      "no-labels",
      `${where}: got no label that any node to learn from carries; expected at least one.`,
    );
  }
  if (known !== undefined && known.length !== neighborhood.receivers) {
    throw new DataError(
      "wrong-length",
      `${where}: got a mask of ${known.length} known nodes for ${neighborhood.receivers} nodes; expected one number a node.`,
    );
  }
  checkNodeData(where, data, labels.length / labelCount, (part, node) => {
    if (known?.[node] === 0) {
      return new DataError(
        "unlabeled-node",
        `${where}: the labels of ${part} node ${node} are not known; expected nodes whose labels are.`,
      );
    }
    const strange = labels.subarray(node * labelCount, (node + 1) * labelCount).find((value) => value > 1);
    if (strange === undefined) return undefined;
    return new DataError(
      "label-out-of-range",
      `${where}: ${part} node ${node} has the value ${strange} among its labels; expected 1 for a label that it carries, else 0.`,
    );
  });
  if (carriedLabels(data) > 0) return;
  throw new DataError(
    "no-labels",
    `${where}: got ${train.length} training nodes that carry no label; expected at least one that does.`,
  );
}

/** How many labels the training nodes carry together. */
export function carriedLabels({ labels, labelCount, train }: MultiLabelData): number {
  let count = 0;
  for (const node of train) {
    for (let p = node * labelCount; p < (node + 1) * labelCount; p++) count += labels[p]!;
  }
  return count;
}
