import { checkFeatureMatrix, DataError } from "@vicinal/core";
import type { NodeDataset } from "./dataset.ts";

/**
 * Refuses a data set whose parts do not fit each other. Every form of loading ends here.
 *
 * @throws DataError `index-out-of-range`, `label-out-of-range`, `not-a-bit`, `wrong-length` or `not-finite`.
 */
export function checkDataset(where: string, dataset: NodeDataset): void {
  const { nodes, features } = dataset;
  checkNodes(`${where}: the edge list`, "names the source", dataset.edges.sources, nodes);
  checkNodes(`${where}: the edge list`, "names the target", dataset.edges.targets, nodes);
  if (features !== undefined) {
    if (features.rows !== nodes) {
      throw new DataError(
        "wrong-length",
        `${where}: got ${features.rows} rows of features for ${nodes} nodes; expected one row a node.`,
      );
    }
    checkFeatureMatrix(`${where}: features`, features);
  }
  checkLabels(where, dataset);
  for (const [s, split] of dataset.splits.entries()) {
    for (const part of [split.train, split.validation, split.test]) {
      checkNodes(`${where}: split ${s}`, "names the node", part, nodes);
    }
  }
}

function checkNodes(where: string, verb: string, indices: Uint32Array, nodes: number): void {
  const row = indices.findIndex((node) => node >= nodes);
  if (row < 0) return;
  throw new DataError(
    "index-out-of-range",
    `${where}, row ${row}, ${verb} ${indices[row]}; expected numbers below ${nodes}, the number of nodes.`,
  );
}

function checkLabels(where: string, { labels, labelSets, classNames, nodes }: NodeDataset): void {
  if (labels.length !== nodes) {
    throw new DataError(
      "wrong-length",
      `${where}: got ${labels.length} labels for ${nodes} nodes; expected one a node.`,
    );
  }
  const node = labels.findIndex((label) => label < -1 || label >= classNames.length);
  if (node >= 0) {
    throw new DataError(
      "label-out-of-range",
      `${where}: node ${node} has the label ${labels[node]}; expected -1 (unknown) or a class number below ` +
        `${classNames.length}.`,
    );
  }
  const position = labelSets?.findIndex((bit) => bit > 1) ?? -1;
  if (position >= 0) {
    throw new DataError(
      "not-a-bit",
      `${where}: node ${Math.floor(position / classNames.length)} has ${labelSets?.[position]} for label ` +
        `${position % classNames.length}; expected 0 or 1.`,
    );
  }
}
