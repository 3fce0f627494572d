import type { GraphNeighborhood } from "../convert/graph-neighborhood.ts";
import type { HostAttention } from "../sample/attention-in-chunks.ts";
import type { SplitPart } from "./label-nodes-options.ts";
import type { AttendedEdge } from "./node-labeling.ts";
import type { NodeSplit } from "./node-parts.ts";

/** A mapping by node key. Any string can be a key, `"__proto__"` too. */
export function byNode<Answer extends { readonly node: string }, Value>(
  answers: readonly Answer[],
  read: (answer: Answer) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(answers.map((answer) => [answer.node, read(answer)]));
}

/** The part that each labelled node played, by its key. */
export function partsByNode(split: NodeSplit, nodes: readonly string[]): Record<string, SplitPart> {
  const parts = ["train", "validation", "test"] as const;
  return Object.fromEntries(parts.flatMap((part) => Array.from(split[part], (i) => [nodes[i]!, part])));
}

/** Attention by the keys of edges and nodes. */
export function attendedEdges(attention: HostAttention, { nodes, edgeKeys }: GraphNeighborhood): AttendedEdge[] {
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
