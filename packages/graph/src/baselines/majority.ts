import { checkTrainingLabels } from "./training-labels.ts";

/** Options of {@link majorityBaseline}. */
export interface MajorityOptions {
  /** Count of classes. Default: one more than the highest label. */
  readonly classes?: number;
}

/**
 * The answer that looks at no node: each gets the shares of the classes among the training labels, and so the largest class. What a
 * model does not exceed it has not learned.
 *
 * @param labels Class of each node; only those of `train` are read.
 * @param train The nodes whose labels are known, one or more.
 * @returns Probabilities `[nodes, classes]`.
 * @throws DataError `no-labels`, `index-out-of-range`, `unlabeled-node`, `label-out-of-range`; OptionError `unknown-option`,
 * `out-of-range`.
 */
export function majorityBaseline(labels: Int32Array, train: Uint32Array, options: MajorityOptions = {}): Float32Array {
  const { classes, shares } = checkTrainingLabels("majorityBaseline", labels, train, options, ["classes"]);
  const probabilities = new Float32Array(labels.length * classes);
  for (let node = 0; node < labels.length; node++) probabilities.set(shares, node * classes);
  return probabilities;
}
