import type { GraphNeighborhood } from "../convert/graph-neighborhood.ts";
import type { HostAttention } from "../sample/attention-in-chunks.ts";
import type { SplitPart } from "./label-nodes-options.ts";
import type { AttendedEdge, NodeLabeling } from "./node-labeling.ts";
import type { TrainedNodeNetwork } from "./node-network.ts";
import type { NodeSplit } from "./node-parts.ts";

/** A mapping by node key. Any string can be a key, `"__proto__"` too. */
export function byNode<Answer extends { readonly node: string }, Value>(
  answers: readonly Answer[],
  read: (answer: Answer) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(answers.map((answer) => [answer.node, read(answer)]));
}

/** Metrics of each part of the nodes; undefined of one without any. */
interface PartMetrics<Metrics> {
  readonly metrics: {
    readonly train: Metrics;
    readonly validation: Metrics | undefined;
    readonly test: Metrics | undefined;
  };
}

/** What is known of a training, and of each part of the nodes, whatever the answers are. */
export function ofTraining<Metrics>(
  { history, bestEpoch, choices, attention }: TrainedNodeNetwork,
  converted: GraphNeighborhood,
  split: NodeSplit,
  metricsOf: (part: Uint32Array) => Metrics,
): Pick<NodeLabeling, "parts" | "history" | "bestEpoch" | "choices" | "attention"> & PartMetrics<Metrics> {
  const metricsIfAny = (part: Uint32Array): Metrics | undefined => (part.length === 0 ? undefined : metricsOf(part));
  return {
    parts: partsByNode(split, converted.nodes),
    metrics: {
      train: metricsOf(split.train),
      validation: metricsIfAny(split.validation),
      test: metricsIfAny(split.test),
    },
    history,
    bestEpoch,
    choices,
    attention: attendedEdges(attention, converted),
  };
}

/** The part that each labelled node played, by its key. */
function partsByNode(split: NodeSplit, nodes: readonly string[]): Record<string, SplitPart> {
  const parts = ["train", "validation", "test"] as const;
  return Object.fromEntries(parts.flatMap((part) => Array.from(split[part], (i) => [nodes[i]!, part])));
}

/** Attention by the keys of edges and nodes. */
function attendedEdges(attention: HostAttention, { nodes, edgeKeys }: GraphNeighborhood): AttendedEdge[] {
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

/** The row of each node, followed by zeros for what was not learned. */
export function probabilityRows(
  probabilities: Float32Array | Float64Array,
  nodes: number,
  learned: number,
  all: number,
): number[][] {
  const unseen = new Array<number>(all - learned).fill(0);
  return Array.from({ length: nodes }, (_, i) => [
    ...probabilities.subarray(i * learned, (i + 1) * learned),
    ...unseen,
  ]);
}
