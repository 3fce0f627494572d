import { DataError } from "@vicinal/core";

/**
 * Refuses what is not a graphology graph. It is recognised by what is used of it, not by its class, so that graphs of any copy of
 * graphology on a page pass.
 *
 * @throws DataError `not-a-graph`.
 */
export function checkGraph(where: string, graph: unknown): void {
  if (typeof graph === "object" && graph !== null && hasGraphMembers(graph)) return;
  throw new DataError(
    "not-a-graph",
    `${where}: got ${graph === null ? "null" : `a value of type ${typeof graph}`}; expected a graphology graph. ` +
      "Build one with graphology, for example `new UndirectedGraph()`.",
  );
}

function hasGraphMembers(value: object): boolean {
  return (
    "order" in value &&
    typeof value.order === "number" &&
    "size" in value &&
    typeof value.size === "number" &&
    "forEachNode" in value &&
    typeof value.forEachNode === "function" &&
    "forEachEdge" in value &&
    typeof value.forEachEdge === "function"
  );
}
