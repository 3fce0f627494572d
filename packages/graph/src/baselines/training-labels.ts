import { checkOptionNames, DataError, OptionError } from "@vicinal/core";

/** What the training labels say without any edge. */
export interface TrainingLabels {
  readonly classes: number;
  /** `[classes]`, the share of each class among the training nodes. */
  readonly shares: Float64Array;
}

/**
 * Checks the labels that a baseline learns from, and the options that all baselines share.
 *
 * @throws DataError `no-labels`, `index-out-of-range`, `unlabeled-node`, `label-out-of-range`; OptionError `unknown-option`,
 * `out-of-range`.
 */
export function checkTrainingLabels(
  where: string,
  labels: Int32Array,
  train: Uint32Array,
  options: { readonly classes?: number },
  known: readonly string[],
): TrainingLabels {
  checkOptionNames(where, options, known);
  const { classes = 1 + labels.reduce((highest, label) => Math.max(highest, label), -1) } = options;
  if (options.classes !== undefined && !(Number.isInteger(classes) && classes > 0)) {
    throw new OptionError("out-of-range", `${where}: got ${classes} classes; expected a whole number from 1.`);
  }
  if (train.length === 0) {
    throw new DataError("no-labels", `${where}: got no training nodes; expected at least one whose label is known.`);
  }
  const counts = new Float64Array(classes);
  for (const node of train) {
    const label = labels[node];
    if (label === undefined) {
      throw new DataError(
        "index-out-of-range",
        `${where}: got the training node ${node}; expected numbers below ${labels.length}, the count of labels.`,
      );
    }
    if (label < 0) {
      throw new DataError(
        "unlabeled-node",
        `${where}: the training node ${node} has the label ${label}, which stands for none; expected labelled nodes.`,
      );
    }
    if (label >= classes) {
      throw new DataError(
        "label-out-of-range",
        `${where}: the training node ${node} has the label ${label}; expected numbers below ${classes}, the count of classes.`,
      );
    }
    counts[label]!++;
  }
  return { classes, shares: counts.map((count) => count / train.length) };
}
