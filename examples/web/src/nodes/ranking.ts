import type { AttentionRecord, GraphNeighborhood } from "@vicinal/graph";
import type { RankedNeighbor } from "./protocol.ts";

/** Whom a node attends to, in every layer and head, with the numbers that the page has for nodes and edges. */
export function neighborsOf(
  { neighborhood, edgeKeys }: Pick<GraphNeighborhood, "neighborhood" | "edgeKeys">,
  layers: readonly AttentionRecord[],
  node: number,
  edgeNumberOf: ReadonlyMap<string, number>,
): RankedNeighbor[] {
  const rows = layers.map((layer) => weightsOf(layer, node));
  const found: RankedNeighbor[] = [];
  const add = (message: number, sender: number, edge: number) => {
    found.push({
      node: sender,
      edge,
      heads: rows.map((row, l) => row.get(message) ?? new Array<number>(layers[l]!.heads).fill(0)),
    });
  };
  for (let p = neighborhood.offsets[node]!; p < neighborhood.offsets[node + 1]!; p++) {
    const message = neighborhood.edgeOf[p]!;
    add(message, neighborhood.senderOf[p]!, edgeNumberOf.get(edgeKeys[message]!) ?? -1);
  }
  if (rows.some((row) => row.has(-1))) add(-1, node, -1);
  return found;
}

/** The weights of the heads, by the number of the message; -1 is a loop that the layer added. */
function weightsOf(
  { neighborhood, edgeOf, heads, weights }: AttentionRecord,
  node: number,
): Map<number, readonly number[]> {
  const row = new Map<number, readonly number[]>();
  for (let p = neighborhood.offsets[node]!; p < neighborhood.offsets[node + 1]!; p++) {
    row.set(edgeOf[p]!, Array.from(weights.subarray(p * heads, (p + 1) * heads)));
  }
  return row;
}

/** A neighbor with the weight that it is ranked by. */
export interface RankedRow extends RankedNeighbor {
  readonly weight: number;
}

/**
 * Neighbors by the weight that they get in one layer, the largest first; of equal ones that with the lower number.
 *
 * @param head One head, or all of them in the mean.
 */
export function rankNeighbors(neighbors: readonly RankedNeighbor[], layer: number, head: number | "mean"): RankedRow[] {
  return neighbors
    .map((neighbor) => ({ ...neighbor, weight: weightIn(neighbor.heads[layer] ?? [], head) }))
    .sort((a, b) => b.weight - a.weight || a.node - b.node || a.edge - b.edge);
}

function weightIn(heads: readonly number[], head: number | "mean"): number {
  if (head !== "mean") return heads[head] ?? 0;
  return heads.length === 0 ? 0 : heads.reduce((sum, weight) => sum + weight, 0) / heads.length;
}
