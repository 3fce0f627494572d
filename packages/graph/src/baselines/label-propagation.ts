import { DataError, OptionError, type SparseNeighborhood } from "@vicinal/core";
import { checkTrainingLabels } from "./training-labels.ts";

/** Options of {@link labelPropagation}. */
export interface LabelPropagationOptions {
  /** Count of classes. Default: one more than the highest label. */
  readonly classes?: number;
  /** How often labels are passed on. Default 50. */
  readonly steps?: number;
  /** The share of a node's answer that comes from its neighbors, from 0 to 1; the rest is its own label. Default 0.9. */
  readonly alpha?: number;
}

/**
 * Labels spread along edges, with nothing learned (Zhou et al., "Learning with Local and Global Consistency", 2004): from F = Y,
 *
 *     F <- alpha * D^-1/2 A D^-1/2 F + (1 - alpha) * Y
 *
 * `steps` times, where Y is 1 in the class of each training node and 0 elsewhere, A counts the edges of the neighborhood and D is
 * diagonal and counts them a node (those in and those out apart, where edges have a direction). Labels of training nodes are not
 * clamped. Rows are divided by their sums in the end; a node that no label has reached gets the shares of the classes among the
 * training labels, as from `majorityBaseline`.
 *
 * @param neighborhood Of as many nodes as there are labels. Published figures mostly count an edge once, however often it is listed.
 * @param labels Class of each node; only those of `train` are read.
 * @param train The nodes whose labels are known.
 * @returns Probabilities `[nodes, classes]`.
 * @throws DataError `wrong-length`, `no-labels`, `index-out-of-range`, `unlabeled-node`, `label-out-of-range`; OptionError
 * `unknown-option`, `out-of-range`.
 */
export function labelPropagation(
  neighborhood: SparseNeighborhood,
  labels: Int32Array,
  train: Uint32Array,
  options: LabelPropagationOptions = {},
): Float32Array {
  const { steps = 50, alpha = 0.9 } = options;
  const known = ["classes", "steps", "alpha"];
  const { classes, shares } = checkTrainingLabels("labelPropagation", labels, train, options, known);
  if (!(Number.isInteger(steps) && steps >= 0)) {
    throw new OptionError("out-of-range", `labelPropagation: got ${steps} steps; expected a whole number from 0.`);
  }
  if (!(alpha >= 0 && alpha <= 1)) {
    throw new OptionError("out-of-range", `labelPropagation: got an alpha of ${alpha}; expected a number from 0 to 1.`);
  }
  const { receivers: nodes, senders } = neighborhood;
  if (nodes !== labels.length || senders !== labels.length) {
    throw new DataError(
      "wrong-length",
      `labelPropagation: got ${labels.length} labels, and a neighborhood of ${nodes} receivers and ${senders} senders; ` +
        "expected as many of each.",
    );
  }

  let spread = new Float64Array(nodes * classes);
  for (const node of train) spread[node * classes + labels[node]!] = 1;
  let next = new Float64Array(spread.length);
  const norms = inverseRoots(neighborhood);
  for (let step = 0; step < steps; step++) {
    passOn(neighborhood, norms, alpha, spread, next, classes);
    for (const node of train) next[node * classes + labels[node]!]! += 1 - alpha;
    [spread, next] = [next, spread];
  }
  return probabilitiesOf(spread, shares);
}

interface Norms {
  readonly ofReceiver: Float64Array;
  readonly ofSender: Float64Array;
}

/** D^-1/2 by edges in and by edges out; 0 for a node without any. */
function inverseRoots({ offsets, senderOf, receivers, senders }: SparseNeighborhood): Norms {
  const ofReceiver = new Float64Array(receivers);
  const ofSender = new Float64Array(senders);
  for (let i = 0; i < receivers; i++) ofReceiver[i] = offsets[i + 1]! - offsets[i]!;
  for (const sender of senderOf) ofSender[sender]!++;
  const inverseRoot = (degree: number) => (degree === 0 ? 0 : 1 / Math.sqrt(degree));
  return { ofReceiver: ofReceiver.map(inverseRoot), ofSender: ofSender.map(inverseRoot) };
}

/** `to = alpha * D^-1/2 A D^-1/2 from`, row by row. */
function passOn(
  { offsets, senderOf, receivers }: SparseNeighborhood,
  { ofReceiver, ofSender }: Norms,
  alpha: number,
  from: Float64Array,
  to: Float64Array,
  classes: number,
): void {
  to.fill(0);
  for (let i = 0; i < receivers; i++) {
    const row = i * classes;
    const scale = alpha * ofReceiver[i]!;
    for (let p = offsets[i]!; p < offsets[i + 1]!; p++) {
      const sender = senderOf[p]!;
      const weight = scale * ofSender[sender]!;
      const other = sender * classes;
      for (let c = 0; c < classes; c++) to[row + c]! += weight * from[other + c]!;
    }
  }
}

function probabilitiesOf(spread: Float64Array, shares: Float64Array): Float32Array {
  const classes = shares.length;
  const probabilities = new Float32Array(spread.length);
  for (let row = 0; row < spread.length; row += classes) {
    let total = 0;
    for (let c = 0; c < classes; c++) total += spread[row + c]!;
    if (total === 0) probabilities.set(shares, row);
    else for (let c = 0; c < classes; c++) probabilities[row + c] = spread[row + c]! / total;
  }
  return probabilities;
}
