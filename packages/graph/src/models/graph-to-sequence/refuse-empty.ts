import { DataError } from "@vicinal/core";

/**
 * Refuses graphs without nodes: there is nothing to attend to.
 *
 * @param counts Of each graph, how many nodes it has.
 * @param numberOf The number that the caller knows a graph by. Default: its place.
 * @throws DataError `empty-graph`.
 */
export function refuseEmpty(
  where: string,
  counts: Uint32Array,
  numberOf: (graph: number) => number = (graph) => graph,
): void {
  const empty = counts.indexOf(0);
  if (empty === -1) return;
  throw new DataError(
    "empty-graph",
    `${where}: graph ${numberOf(empty)} has no nodes; expected at least one to attend to. Leave empty graphs out.`,
  );
}
