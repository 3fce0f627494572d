import { givenLabel, type LabeledGraph } from "@vicinal/example-graph-files";
import {
  labelingMetrics,
  labelPropagation,
  majorityBaseline,
  type NodeLabeling,
  neighborhoodOf,
  predictedClasses,
} from "@vicinal/graph";

/** How well one way of labelling does on the evaluated nodes. */
interface MethodScore {
  readonly method: string;
  readonly accuracy: number;
  readonly macroF1: number;
  /** Undefined unless there are two classes. */
  readonly rocAuc: number | undefined;
}

/** What the predictions are worth: on nodes whose labels were not learned from, beside what needs no learning. */
export interface Evaluation {
  /** The nodes that are evaluated on. */
  readonly part: "test" | "validation";
  readonly nodes: number;
  readonly right: number;
  /** Graph attention comes last. */
  readonly methods: readonly MethodScore[];
  readonly classes: readonly string[];
  /** `confusion[actual][predicted]` counts nodes. */
  readonly confusion: readonly (readonly number[])[];
}

/** What is said where there is nothing to evaluate on. */
export const NOTHING_HELD_OUT =
  "There are too few labels to hold any out: all of them were learned from, and how right the predictions are cannot be measured.";

/**
 * Compares a labelling with two baselines on the nodes that were held back for testing, else on those held out for validation.
 *
 * @returns Undefined if no labels were held out: then nothing can be said.
 */
export function evaluate(input: LabeledGraph, labeling: NodeLabeling): Evaluation | undefined {
  const part = labeling.metrics.test === undefined ? "validation" : "test";
  const ours = labeling.metrics[part];
  if (ours === undefined) return undefined;

  const { classes } = labeling;
  const { neighborhood, nodes } = neighborhoodOf(input.graph);
  const labels = Int32Array.from(nodes, (node) => classes.indexOf(givenLabel(input, node) ?? ""));
  const indicesOf = (wanted: string) =>
    Uint32Array.from(nodes.keys()).filter((i) => labels[i] !== -1 && labeling.parts[nodes[i]!] === wanted);
  const [train, evaluated] = [indicesOf("train"), indicesOf(part)];
  const baseline = (method: string, probabilities: Float32Array): MethodScore => {
    const predicted = predictedClasses(probabilities, classes.length);
    return { method, ...labelingMetrics(labels, predicted, probabilities, evaluated, classes.length) };
  };
  const options = { classes: classes.length };
  return {
    part,
    nodes: ours.nodes,
    right: ours.confusion.reduce((sum, row, actual) => sum + row[actual]!, 0),
    methods: [
      baseline("Majority class", majorityBaseline(labels, train, options)),
      baseline("Label propagation", labelPropagation(neighborhood, labels, train, options)),
      { method: "Graph attention", ...ours },
    ],
    classes,
    confusion: ours.confusion,
  };
}

/** How the evaluated nodes are called. */
export function partInWords(part: Evaluation["part"]): string {
  return part === "test" ? "test nodes" : "nodes held out for validation";
}
