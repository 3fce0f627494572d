import type { GraphNeighborhood } from "../convert/graph-neighborhood.ts";
import { labelingMetrics } from "../metrics/labeling-metrics.ts";
import type { KnownLabels } from "./known-labels.ts";
import type { SplitPart } from "./label-nodes-options.ts";
import type { NodeClassifier } from "./node-classifier.ts";
import type { AttendedEdge, LabelingMetrics, NodeLabeling } from "./node-labeling.ts";
import type { NodeSplit } from "./node-split.ts";

/** Brings a classifier's answer, in node numbers, back to the keys of the graph. */
export function labelingOf(
  trained: NodeClassifier,
  converted: GraphNeighborhood,
  { classes, learned, labels: given }: KnownLabels,
  split: NodeSplit,
): NodeLabeling {
  const { nodes } = converted;
  const hidden = new Set(split.test);
  // No probability is left for labels that were not learned.
  const unseen = new Array<number>(classes.length - learned).fill(0);
  const answers = nodes.map((node, i) => {
    const probabilities = [...trained.probabilities.subarray(i * learned, (i + 1) * learned), ...unseen];
    const best = probabilities.indexOf(Math.max(...probabilities));
    // The label of a test node was not given to the network, so it is not given back either.
    const own = hidden.has(i) ? -1 : given[i]!;
    return { node, probabilities, best, label: own === -1 ? best : own };
  });
  const predicted = Int32Array.from(answers, ({ best }) => best);
  const probabilities = Float64Array.from(answers.flatMap((answer) => answer.probabilities));
  const metricsOf = (part: Uint32Array): LabelingMetrics =>
    labelingMetrics(given, predicted, probabilities, part, classes.length);
  const metricsIfAny = (part: Uint32Array): LabelingMetrics | undefined =>
    part.length === 0 ? undefined : metricsOf(part);
  return {
    labels: byNode(answers, ({ label }) => classes[label]!),
    predictions: byNode(answers, ({ best }) => classes[best]!),
    confidences: byNode(answers, (answer) => answer.probabilities[answer.best]!),
    classes,
    probabilities: byNode(answers, (answer) => answer.probabilities),
    parts: partsOf(split, nodes),
    metrics: {
      train: metricsOf(split.train),
      validation: metricsIfAny(split.validation),
      test: metricsIfAny(split.test),
    },
    history: trained.history,
    bestEpoch: trained.bestEpoch,
    choices: trained.choices,
    attention: attendedEdges(trained, converted),
  };
}

/** A mapping by node key. Any string can be a key, `"__proto__"` too. */
function byNode<Answer extends { readonly node: string }, Value>(
  answers: readonly Answer[],
  read: (answer: Answer) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(answers.map((answer) => [answer.node, read(answer)]));
}

function partsOf(split: NodeSplit, nodes: readonly string[]): Record<string, SplitPart> {
  const parts = ["train", "validation", "test"] as const;
  return Object.fromEntries(parts.flatMap((part) => Array.from(split[part], (i) => [nodes[i]!, part])));
}

function attendedEdges({ attention }: NodeClassifier, { nodes, edgeKeys }: GraphNeighborhood): AttendedEdge[] {
  const { neighborhood, edgeOf, heads, weights } = attention;
  const { senderOf, receiverOf } = neighborhood;
  return Array.from(edgeOf, (message, p) => {
    const ofHeads = Array.from(weights.subarray(p * heads, (p + 1) * heads));
    return {
      edge: message === -1 ? undefined : edgeKeys[message],
      source: nodes[senderOf[p]!]!,
      target: nodes[receiverOf[p]!]!,
      heads: ofHeads,
      weight: ofHeads.reduce((total, weight) => total + weight, 0) / heads,
    };
  });
}
