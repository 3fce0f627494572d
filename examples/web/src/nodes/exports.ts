import { type LabeledGraph, predictionsCsv, predictionsGexf } from "@vicinal/example-graph-files";
import { type AttendedEdge, labelingMetrics, type NodeLabeling } from "@vicinal/graph";
import { nodesOf } from "./labels.ts";
import type { AnsweringNetwork } from "./network.ts";
import type { WorkingGraph } from "./open-graph.ts";
import { answersOf, probabilitiesOf } from "./predictions.ts";
import { type LabelsInUse, parts } from "./protocol.ts";

/** How the drawing shows the nodes, by number. */
export interface DrawnLook {
  /** One for each class. */
  readonly colors: readonly string[];
  /** `[x, y, x, y, …]`; undefined where nothing is drawn. */
  readonly places: Float32Array | undefined;
}

/** What is written of a graph and a network. */
export interface Answered {
  readonly working: WorkingGraph;
  readonly label: string;
  readonly labels: LabelsInUse;
  readonly network: AnsweringNetwork;
}

/** A line for each node, as CSV. */
export async function exportCsv(answered: Answered): Promise<string> {
  return predictionsCsv(labeledGraph(answered), await nodeLabeling(answered));
}

/** The graph with predictions, attention, colours and places, for Gephi and its like. */
export async function exportGexf(answered: Answered, { colors, places }: DrawnLook): Promise<string> {
  const labeling = await nodeLabeling(answered);
  const numberOf = new Map(answered.working.graph.nodes().map((node, i) => [node, i]));
  const classOf = new Map(labeling.classes.map((name, c) => [name, c]));
  return predictionsGexf(labeledGraph(answered), labeling, {
    color: (node) => colors[classOf.get(labeling.predictions[node] ?? "") ?? 0] ?? "#888888",
    ...(places !== undefined && {
      place: (node) => {
        const i = numberOf.get(node) ?? 0;
        return { x: places[2 * i] ?? 0, y: places[2 * i + 1] ?? 0 };
      },
    }),
  });
}

function labeledGraph({ working, label, labels }: Answered): LabeledGraph {
  const { title, graph, nodeName } = working;
  const partOf = new Map(graph.nodes().map((node, i) => [node, parts[labels.parts[i] ?? 0]]));
  return {
    title,
    graph,
    label: (_, attributes) => {
      const value = attributes[label];
      return value === undefined || value === null || value === "" ? undefined : String(value);
    },
    split: (node) => {
      const part = partOf.get(node);
      return part === "unlabelled" ? undefined : part;
    },
    nodeName,
  };
}

/** What the library's `labelNodes.detailed` says of a graph, by its keys. */
async function nodeLabeling({ working, labels, network }: Answered): Promise<NodeLabeling> {
  const { classes } = labels;
  const { logits, layers } = await network.run();
  const nodes = working.graph.nodes();
  const learned = probabilitiesOf(logits, network.learned);
  const answers = answersOf(logits, network.learned);
  const byNode = <Value>(value: (i: number) => Value): Readonly<Record<string, Value>> =>
    Object.fromEntries(nodes.map((node, i) => [node, value(i)]));
  const rowOf = (i: number) => classes.map((_, c) => (c < network.learned ? learned[i * network.learned + c]! : 0));
  const probabilities = Float64Array.from(nodes.flatMap((_, i) => rowOf(i)));
  const predicted = Int32Array.from(answers.classes);
  const metricsOf = (part: "train" | "validation" | "test") =>
    labelingMetrics(labels.known, predicted, probabilities, nodesOf(labels, part), classes.length);
  const measured = (part: "validation" | "test") => (nodesOf(labels, part).length === 0 ? undefined : metricsOf(part));
  const last = layers.at(-1);
  const { edgeKeys } = network.inputs.converted;
  const attention: AttendedEdge[] = [];
  if (last !== undefined) {
    const { neighborhood, edgeOf, heads, weights } = last;
    for (const [p, message] of edgeOf.entries()) {
      const ofHeads = Array.from(weights.subarray(p * heads, (p + 1) * heads));
      attention.push({
        edge: message < 0 ? undefined : edgeKeys[message],
        source: nodes[neighborhood.senderOf[p]!]!,
        target: nodes[neighborhood.receiverOf[p]!]!,
        heads: ofHeads,
        weight: ofHeads.reduce((sum, weight) => sum + weight, 0) / heads,
      });
    }
  }
  const predictions = byNode((i) => classes[answers.classes[i]!]!);
  return {
    labels: predictions,
    predictions,
    confidences: byNode((i) => answers.confidences[i]!),
    classes,
    probabilities: byNode(rowOf),
    parts: {},
    metrics: { train: metricsOf("train"), validation: measured("validation"), test: measured("test") },
    history: [],
    bestEpoch: 0,
    choices: [],
    attention,
  };
}
