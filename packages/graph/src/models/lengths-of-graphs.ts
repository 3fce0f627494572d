import { DataError } from "@vicinal/core";
import type { GraphMembership } from "../readout/membership.ts";

/** Kept by the array of graph numbers, because what depends on the lengths is kept by their array in turn. */
const known = new WeakMap<Uint32Array, Uint32Array>();

/**
 * Count of nodes of each graph of a batch whose nodes come one graph after the other.
 *
 * @throws DataError `not-grouped` for nodes that come in another order, `index-out-of-range` for a graph that is not below the count of graphs.
 */
export function lengthsOfGraphs(where: string, { graphs, graphOf }: GraphMembership): Uint32Array {
  const kept = known.get(graphOf);
  if (kept !== undefined && kept.length === graphs) return kept;
  const lengths = new Uint32Array(graphs);
  for (const [node, graph] of graphOf.entries()) {
    if (graph >= graphs) {
      throw new DataError(
        "index-out-of-range",
        `${where}: node ${node} is of graph ${graph}; expected numbers below ${graphs}, the count of graphs.`,
      );
    }
    if (node > 0 && graph < graphOf[node - 1]!) {
      throw new DataError(
        "not-grouped",
        `${where}: node ${node} is of graph ${graph} and the one before it of graph ${graphOf[node - 1]}; expected the nodes of one graph after ` +
          "those of the other. Order them as batchGraphs does.",
      );
    }
    lengths[graph]!++;
  }
  known.set(graphOf, lengths);
  return lengths;
}
