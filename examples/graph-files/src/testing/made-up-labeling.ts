import { Random } from "@vicinal/core";
import type { AttendedEdge, LabelingMetrics, NodeLabeling } from "@vicinal/graph";
import { givenLabel, knownLabel, type LabeledGraph } from "../labeled-graph.ts";

/**
 * A labelling that nobody trained, for tests of what is done with one: the form is that of `labelNodes.detailed`, and each node gets the
 * right label except every `wrongEvery`-th that is to be tested.
 */
export function madeUpLabeling(input: LabeledGraph, { wrongEvery = 16, epochs = 40 } = {}): NodeLabeling {
  const { graph, split } = input;
  const random = new Random(7);
  const nodes = graph.nodes();
  const classes = [...new Set(nodes.flatMap((node) => givenLabel(input, node) ?? []))].sort();
  const labels: Record<string, string> = {};
  const predictions: Record<string, string> = {};
  const confidences: Record<string, number> = {};
  const probabilities: Record<string, number[]> = {};
  let tested = 0;
  for (const node of nodes) {
    const known = knownLabel(input, node);
    const right = givenLabel(input, node) ?? classes[random.integer(classes.length)]!;
    const wrong = known === undefined && ++tested % wrongEvery === 0;
    const predicted = wrong ? classes[(classes.indexOf(right) + 1) % classes.length]! : right;
    const confidence = wrong ? 1 / classes.length + 0.1 : random.uniform(0.7, 1);
    predictions[node] = predicted;
    labels[node] = known ?? predicted;
    confidences[node] = confidence;
    probabilities[node] = classes.map((name) =>
      name === predicted ? confidence : (1 - confidence) / Math.max(1, classes.length - 1),
    );
  }
  const metricsOf = (part: string): LabelingMetrics | undefined => {
    const members = nodes.filter(
      (node) => givenLabel(input, node) !== undefined && (split?.(node) ?? "train") === part,
    );
    return members.length === 0 ? undefined : metricsFor(input, members, predictions, classes);
  };
  return {
    labels,
    predictions,
    confidences,
    classes,
    probabilities,
    parts: Object.fromEntries(
      nodes.flatMap((node) => (givenLabel(input, node) === undefined ? [] : [[node, split?.(node) ?? "train"]])),
    ),
    metrics: {
      train: metricsOf("train") ?? metricsFor(input, [], predictions, classes),
      validation: metricsOf("validation"),
      test: metricsOf("test"),
    },
    history: Array.from({ length: epochs }, (_, index) => ({
      epoch: index + 1,
      loss: 0.7 * Math.exp(-index / 12) + 0.02 * random.uniform(),
      validationLoss: 0.7 * Math.exp(-index / 16),
      validationMetric: 1 - 0.5 * Math.exp(-index / 8) - 0.02 * random.uniform(),
      milliseconds: 3,
    })),
    bestEpoch: Math.ceil(epochs * 0.8),
    choices: [
      { option: "layer", value: "gatv2", reason: "Its attention can rank the neighbors of each node differently." },
      { option: "heads", value: 8, reason: "The default." },
      { option: "seed", value: 0, reason: "Given." },
    ],
    attention: madeUpAttention(input, random),
  };
}

function metricsFor(
  input: LabeledGraph,
  members: readonly string[],
  predictions: Readonly<Record<string, string>>,
  classes: readonly string[],
): LabelingMetrics {
  const confusion = classes.map((actual) =>
    classes.map(
      (predicted) =>
        members.filter((node) => givenLabel(input, node) === actual && predictions[node] === predicted).length,
    ),
  );
  const right = confusion.reduce((sum, row, index) => sum + row[index]!, 0);
  const accuracy = right / Math.max(1, members.length);
  return { nodes: members.length, accuracy, macroF1: accuracy, rocAuc: undefined, confusion };
}

function madeUpAttention({ graph }: LabeledGraph, random: Random): AttendedEdge[] {
  const attended = new Map<string, { edge: string | undefined; source: string }[]>();
  for (const node of graph.nodes()) attended.set(node, [{ edge: undefined, source: node }]);
  graph.forEachEdge((edge, _attributes, source, target) => {
    if (source === target) return;
    attended.get(target)!.push({ edge, source });
    attended.get(source)!.push({ edge, source: target });
  });
  return Array.from(attended).flatMap(([target, entries]) => {
    const scores = entries.map(() => Math.exp(2 * random.normal()));
    const total = scores.reduce((sum, score) => sum + score, 0);
    return entries.map(({ edge, source }, index) => {
      const weight = scores[index]! / total;
      return { edge, source, target, heads: [weight], weight };
    });
  });
}
