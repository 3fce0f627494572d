import { OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "../../convert/check-graph.ts";
import type { GraphGetter } from "./predict-graphs-options.ts";

/**
 * What a getter gives for each graph; null becomes undefined.
 *
 * @throws DataError `not-a-graph` naming the graph; OptionError `unknown-attribute` for an attribute that no graph has.
 */
export function readGraphValues(
  where: string,
  option: string,
  graphs: readonly AbstractGraph[],
  getter: GraphGetter<unknown>,
): readonly unknown[] {
  for (const [k, graph] of graphs.entries()) checkGraph(`${where}: graph ${k}`, graph);
  const all = graphs.map((graph): Readonly<Record<string, unknown>> => graph.getAttributes());
  // A misspelt name would learn from nothing, or train on the graphs that were to test the result.
  if (typeof getter === "string" && !all.some((attributes) => Object.hasOwn(attributes, getter))) {
    const known = [...new Set(all.flatMap(Object.keys))].sort();
    throw new OptionError(
      "unknown-attribute",
      `${where}: no graph has the attribute "${getter}"; expected the name of a graph attribute, ` +
        `${known.length === 0 ? "but graphs have no attributes at all" : `one of ${known.map((name) => `"${name}"`).join(", ")}`}. ` +
        `Correct the option \`${option}\`.`,
    );
  }
  return all.map(
    (attributes, k) => (typeof getter === "string" ? attributes[getter] : getter(attributes, k)) ?? undefined,
  );
}
