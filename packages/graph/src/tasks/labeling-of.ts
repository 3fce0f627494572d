import type { GraphNeighborhood } from "../convert/graph-neighborhood.ts";
import { labelingMetrics } from "../metrics/labeling-metrics.ts";
import type { KnownLabels } from "./known-labels.ts";
import type { NodeClassifier } from "./node-classifier.ts";
import type { AttendedEdge, LabelingMetrics, NodeLabeling } from "./node-labeling.ts";
import type { NodeSplit } from "./node-split.ts";

/** Brings a classifier's answer, in node numbers, back to the keys of the graph. */
export function labelingOf(
  trained: NodeClassifier,
  converted: GraphNeighborhood,
  { classes, labels: given }: KnownLabels,
  split: NodeSplit,
): NodeLabeling {
  const { nodes } = converted;
  const labels: Record<string, string> = {};
  const predictions: Record<string, string> = {};
  const confidences: Record<string, number> = {};
  const probabilities: Record<string, readonly number[]> = {};
  const predicted = new Int32Array(nodes.length);
  const hidden = new Set(split.test);
  for (const [i, node] of nodes.entries()) {
    const row = Array.from(trained.probabilities.subarray(i * classes.length, (i + 1) * classes.length));
    const best = row.indexOf(Math.max(...row));
    predicted[i] = best;
    predictions[node] = classes[best]!;
    confidences[node] = row[best]!;
    probabilities[node] = row;
    // The label of a test node was not given to the network, so it is not given back either.
    const own = hidden.has(i) ? -1 : given[i]!;
    labels[node] = classes[own === -1 ? best : own]!;
  }
  const metricsOf = (part: Uint32Array): LabelingMetrics =>
    labelingMetrics(given, predicted, trained.probabilities, part, classes.length);
  const metricsIfAny = (part: Uint32Array): LabelingMetrics | undefined =>
    part.length === 0 ? undefined : metricsOf(part);
  return {
    labels,
    predictions,
    confidences,
    classes,
    probabilities,
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
