import { checkOptionNames, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import type { GraphNeighborhood } from "../convert/graph-neighborhood.ts";
import { type AssignAttentionOptions, assignAttention, assignAttentionOptionNames } from "./assign-attention.ts";
import type { AttentionByEdge, EdgeAttention } from "./edge-attention.ts";
import type { AttentionRecord } from "./record-attention.ts";
import { checkReduction, type Reduction, reduced } from "./reduction.ts";

/** Options of {@link attentionByEdge}. */
export interface AttentionByEdgeOptions {
  /** How the weights of the heads of a layer become one. Default `"mean"`. */
  readonly heads?: Reduction | undefined;
  /** How the layers' weights become one, after the heads. Default `"mean"`. */
  readonly layers?: Reduction | undefined;
}

/**
 * Recorded attention by the keys of a graph's edges, whatever self-loops and parallel edges the graph has. Weights are found by the numbers of edges
 * and never by their place: layers remove and add self-loops, and reorder.
 *
 * @param converted The graph that the model ran on: its `neighborhood` is the one that the layers were called with.
 * @param layers What {@link recordAttention} found.
 * @throws OptionError `unknown-option`; `out-of-range` for a reduction that is not known; `no-attention` without layers, `other-neighborhood` for layers that
 * were called with another neighborhood or attended to all nodes.
 */
export function attentionByEdge(
  converted: GraphNeighborhood,
  layers: readonly AttentionRecord[],
  options: AttentionByEdgeOptions = {},
): AttentionByEdge {
  checkOptionNames("attentionByEdge", options, attentionByEdgeOptionNames);
  checkLayers("attentionByEdge", converted, layers);
  const edges = new Map<string, EdgeAttention[]>(converted.edgeKeys.map((edge) => [edge, []]));
  const loops: (readonly [node: string, entries: EdgeAttention[]])[] = [];
  // By receiver the entries of an undirected edge come in any order; by number the one from its source comes first.
  const byNumber: { number: number; entry: EdgeAttention }[] = [];
  for (const [i, node] of converted.nodes.entries()) {
    const own: EdgeAttention[] = [];
    for (const { number, entry } of attentionOfReceiver(converted, layers, i, options)) {
      if (entry.source === node) own.push(entry);
      else byNumber.push({ number, entry });
    }
    if (own.length > 0) loops.push([node, own]);
    for (const { edge } of own) if (edge !== undefined) edges.delete(edge);
  }
  byNumber.sort((a, b) => a.number - b.number);
  for (const { entry } of byNumber) edges.get(entry.edge ?? "")?.push(entry);
  // Any string can be a key, "__proto__" too.
  return { edges: Object.fromEntries(edges), loops: Object.fromEntries(loops) };
}

/**
 * {@link attentionByEdge}, writing to every edge of the graph the weight with which its target attends to its source, reduced and by layer and head;
 * and for undirected edges also the other way round. Everything is computed and checked before anything is written.
 *
 * @throws As {@link attentionByEdge}; OptionError `duplicate-attribute`; DataError `not-a-graph`, or `other-graph` for a graph that lacks an edge which was attended
 * over.
 */
attentionByEdge.assign = (
  graph: AbstractGraph,
  converted: GraphNeighborhood,
  layers: readonly AttentionRecord[],
  options: AttentionByEdgeOptions & AssignAttentionOptions = {},
): void => {
  const where = "attentionByEdge.assign";
  checkOptionNames(where, options, [...attentionByEdgeOptionNames, ...assignAttentionOptionNames]);
  const { heads, layers: ofLayers, ...attributes } = options;
  assignAttention(where, graph, attentionByEdge(converted, layers, { heads, layers: ofLayers }), attributes);
};

const attentionByEdgeOptionNames = ["heads", "layers"] as const satisfies readonly (keyof AttentionByEdgeOptions)[];

/** Whom one node attends to, in the order of its row, with the numbers of the edges; -1 for a loop that only layers have. */
export function attentionOfReceiver(
  { neighborhood, nodes, edgeKeys }: GraphNeighborhood,
  layers: readonly AttentionRecord[],
  receiver: number,
  { heads = "mean", layers: ofLayers = "mean" }: AttentionByEdgeOptions = {},
): { readonly number: number; readonly entry: EdgeAttention }[] {
  checkReduction("attentionByEdge", "heads", heads);
  checkReduction("attentionByEdge", "layers", ofLayers);
  const { offsets, senderOf, edgeOf } = neighborhood;
  const rows = layers.map((layer) => weightsByNumber(layer, receiver));
  const entry = (number: number, sender: number, edge: string | undefined) => {
    const weights = rows.map((row, l) => row.get(number) ?? new Array<number>(layers[l]!.heads).fill(0));
    const weight = reduced(
      weights.map((ofHeads) => reduced(ofHeads, heads)),
      ofLayers,
    );
    return {
      number,
      entry: { edge, source: nodes[sender]!, target: nodes[receiver]!, layers: weights, weight },
    };
  };
  const entries: ReturnType<typeof entry>[] = [];
  for (let p = offsets[receiver]!; p < offsets[receiver + 1]!; p++) {
    entries.push(entry(edgeOf[p]!, senderOf[p]!, edgeKeys[edgeOf[p]!]));
  }
  if (rows.some((row) => row.has(-1))) entries.push(entry(-1, receiver, undefined));
  return entries;
}

/** The weights in each head of what one node attends to, by the numbers of the edges; -1 is a loop that the layer added. */
function weightsByNumber({ neighborhood, edgeOf, heads, weights }: AttentionRecord, receiver: number) {
  const found = new Map<number, readonly number[]>();
  for (let p = neighborhood.offsets[receiver]!; p < neighborhood.offsets[receiver + 1]!; p++) {
    found.set(edgeOf[p]!, Array.from(weights.subarray(p * heads, (p + 1) * heads)));
  }
  return found;
}

/** @throws OptionError `no-attention`, `other-neighborhood`. */
function checkLayers(where: string, { neighborhood }: GraphNeighborhood, layers: readonly AttentionRecord[]): void {
  if (layers.length === 0) {
    throw new OptionError(
      "no-attention",
      `${where}: got the attention of no layer; expected at least one. Record a model whose layers attend, while it runs on this graph.`,
    );
  }
  for (const [l, layer] of layers.entries()) {
    if (layer.given !== neighborhood) {
      throw new OptionError(
        "other-neighborhood",
        `${where}: layer ${l} was called with another neighborhood; expected that of the graph. Pass what neighborhoodOf returned and the model ran ` +
          "on, and record with `over` if the model has layers over something else.",
      );
    }
    if (layer.edgeOf.some((number, p) => number < 0 && !isLoop(layer, p))) {
      throw new OptionError(
        "other-neighborhood",
        `${where}: layer ${l} attends to nodes without an edge between; expected attention along edges. Record without \`global\`.`,
      );
    }
  }
}

function isLoop({ neighborhood: { senderOf, receiverOf } }: AttentionRecord, position: number): boolean {
  return senderOf[position] === receiverOf[position];
}
