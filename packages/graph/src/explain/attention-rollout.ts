import { checkOptionNames, DataError, OptionError, ShapeError } from "@vicinal/core";
import { Matrix } from "ml-matrix";
import type { AttentionRecord } from "./record-attention.ts";
import { checkReduction, type Reduction } from "./reduction.ts";

/** Options of {@link attentionRollout}. */
export interface RolloutOptions {
  /**
   * Whether a shortcut carries every node past the attention of each layer, as in a transformer: half of what a node is then comes from itself. Default
   * false.
   */
  readonly residual?: boolean | undefined;
  /** How the weights of heads become one. Default `"mean"`. */
  readonly heads?: Reduction | undefined;
}

/** What came from where, by the attention of all layers. */
export interface Rollout {
  /** How much of the answer came from each node's input. Nodes that nothing came from are not there; the others sum to 1. */
  readonly nodes: ReadonlyMap<number, number>;
  /**
   * How much passed along each edge, by its number in the edge list, summed over layers. An edge that several layers attend along passes something in
   * each. Edges that nothing passed along are not there; nor is what went to a node from itself without an edge.
   */
  readonly edges: ReadonlyMap<number, number>;
}

/** The most nodes that {@link attentionRollout.all} makes a matrix of. */
const mostNodes = 4096;

/**
 * Attention rollout (Abnar and Zuidema, "Quantifying Attention Flow in Transformers", ACL 2020, eq. 1): where the answer came from, if every layer
 * passes on what it attends to and nothing else,
 *
 *     rollout = A'_L ... A'_2 A'_1,   A' = (A + I) / 2 with `residual`, else A
 *
 * with the heads' weights reduced, the weights of repeated edges summed, and rows scaled to sum to 1. A node that attends to nothing keeps what it has.
 * Only one row, or a weighted sum of rows, is made, in time that depends on the receptive field alone.
 *
 * It knows nothing of values: a node that much came from may not matter to the answer. `checkNodeAttention` finds out.
 *
 * @param layers What {@link recordAttention} found, the first layer first.
 * @param from The node whose answer it is; or how much each node counts in the answer, `[nodes]`, such as the weights of a read-out.
 * @throws OptionError `unknown-option`, `out-of-range`, `no-attention` without layers; ShapeError `shapes-differ` for layers over different nodes; DataError
 * `index-out-of-range` for a node that is not there, `negative-weight` for attention that is signed, such as that of `FAConv`, `not-finite`.
 */
export function attentionRollout(
  layers: readonly AttentionRecord[],
  from: number | ArrayLike<number>,
  options: RolloutOptions = {},
): Rollout {
  const { residual, heads } = checkedOptions("attentionRollout", layers, options);
  const edges = new Map<number, number>();
  let nodes = startFrom(from, layers[0]!.neighborhood.receivers);
  for (const layer of [...layers].reverse()) {
    const before = new Map<number, number>();
    for (const [receiver, amount] of nodes) {
      if (residual) increase(before, receiver, amount / 2);
      passOn(layer, receiver, residual ? amount / 2 : amount, heads, before, edges);
    }
    nodes = before;
  }
  return { nodes, edges };
}

/**
 * {@link attentionRollout} of all nodes, `[nodes, nodes]`: row `i` says where the answer of node `i` came from, and sums to 1.
 *
 * @throws As {@link attentionRollout}; OptionError `too-many-nodes` for more than 4096.
 */
attentionRollout.all = (layers: readonly AttentionRecord[], options: RolloutOptions = {}): Matrix => {
  checkedOptions("attentionRollout.all", layers, options);
  const nodes = layers[0]!.neighborhood.receivers;
  if (nodes > mostNodes) {
    throw new OptionError(
      "too-many-nodes",
      `attentionRollout.all: got ${nodes} nodes; expected at most ${mostNodes}, because all pairs are kept. Ask for one node at a time.`,
    );
  }
  const all = Matrix.zeros(nodes, nodes);
  for (let i = 0; i < nodes; i++) {
    for (const [j, share] of attentionRollout(layers, i, options).nodes) all.set(i, j, share);
  }
  return all;
};

/** Divides what a node has among those that it attends to. */
function passOn(
  { neighborhood, edgeOf, heads, weights }: AttentionRecord,
  receiver: number,
  amount: number,
  how: Reduction,
  nodes: Map<number, number>,
  edges: Map<number, number>,
): void {
  const { offsets, senderOf } = neighborhood;
  const [first, end] = [offsets[receiver]!, offsets[receiver + 1]!];
  const shares = Array.from({ length: end - first }, (_, k) => headsReduced(weights, (first + k) * heads, heads, how));
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (total === 0) {
    increase(nodes, receiver, amount);
    return;
  }
  for (const [k, share] of shares.entries()) {
    if (share === 0) continue;
    const passed = (amount * share) / total;
    increase(nodes, senderOf[first + k]!, passed);
    const edge = edgeOf[first + k]!;
    if (edge >= 0) increase(edges, edge, passed);
  }
}

function headsReduced(weights: ArrayLike<number>, first: number, heads: number, how: Reduction): number {
  let result = 0;
  for (let k = first; k < first + heads; k++) {
    const weight = weights[k]!;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new DataError(
        weight < 0 ? "negative-weight" : "not-finite",
        `attentionRollout: got the weight ${weight}; expected finite weights that are not negative, because shares of an answer are made of them.`,
      );
    }
    result = how === "max" ? Math.max(result, weight) : result + weight / heads;
  }
  return result;
}

function increase(amounts: Map<number, number>, key: number, by: number): void {
  amounts.set(key, (amounts.get(key) ?? 0) + by);
}

function startFrom(from: number | ArrayLike<number>, nodes: number): Map<number, number> {
  if (typeof from === "number") {
    if (Number.isInteger(from) && from >= 0 && from < nodes) return new Map([[from, 1]]);
    throw new DataError(
      "index-out-of-range",
      `attentionRollout: got the node ${from}; expected a whole number below ${nodes}, the count of nodes.`,
    );
  }
  const amounts = Array.from(from);
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  if (amounts.length !== nodes || !(total > 0) || !amounts.every((amount) => amount >= 0)) {
    throw new ShapeError(
      "shapes-differ",
      `attentionRollout: got ${amounts.length} amounts that sum to ${total}; expected ${nodes}, none negative and some above 0.`,
    );
  }
  return new Map([...amounts.entries()].flatMap(([node, amount]) => (amount > 0 ? [[node, amount / total]] : [])));
}

function checkedOptions(where: string, layers: readonly AttentionRecord[], options: RolloutOptions) {
  checkOptionNames(where, options, ["residual", "heads"]);
  const { residual = false, heads = "mean" } = options;
  checkReduction(where, "heads", heads);
  if (layers.length === 0) {
    throw new OptionError("no-attention", `${where}: got the attention of no layer; expected at least one.`);
  }
  const nodes = layers[0]!.neighborhood.receivers;
  for (const [l, { neighborhood }] of layers.entries()) {
    if (neighborhood.senders === nodes && neighborhood.receivers === nodes) continue;
    throw new ShapeError(
      "shapes-differ",
      `${where}: layer ${l} is over ${neighborhood.senders} senders and ${neighborhood.receivers} receivers; expected ${nodes} of both, the nodes of ` +
        "the first layer.",
    );
  }
  return { residual, heads };
}
