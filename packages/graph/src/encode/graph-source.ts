import { OptionError, ShapeError, SparseNeighborhood } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "../convert/check-graph.ts";
import { neighborhoodOf } from "../convert/graph-neighborhood.ts";

/** What a structural encoding is computed of: a neighborhood of as many senders as receivers, or a graphology graph. */
export type GraphSource = SparseNeighborhood | AbstractGraph;

/**
 * The neighborhood among the nodes of a graph.
 *
 * @throws ShapeError `shapes-differ` for a neighborhood of two different sets; DataError `not-a-graph`.
 */
export function squareNeighborhood(where: string, of: GraphSource): SparseNeighborhood {
  if (!(of instanceof SparseNeighborhood)) {
    checkGraph(where, of);
    return neighborhoodOf(of).neighborhood;
  }
  if (of.receivers === of.senders) return of;
  throw new ShapeError(
    "shapes-differ",
    `${where}: got a neighborhood of ${of.receivers} receivers and ${of.senders} senders; expected the nodes of one graph, as many of each.`,
  );
}

/**
 * Writes the row of each node to an attribute, as an array of numbers.
 *
 * @throws OptionError `wrong-type` for an attribute that is not named by a string.
 */
export function assignRows(
  where: string,
  graph: AbstractGraph,
  attribute: string,
  { columns, values }: { readonly columns: number; readonly values: Float32Array | Int16Array },
): void {
  if (typeof attribute !== "string") {
    throw new OptionError(
      "wrong-type",
      `${where}: got a value of type ${typeof attribute} for the attribute to write; expected its name.`,
    );
  }
  let row = 0;
  graph.updateEachNodeAttributes(
    (_node, attributes) => ({
      ...attributes,
      [attribute]: Array.from(values.subarray(row * columns, ++row * columns)),
    }),
    { attributes: [attribute] },
  );
}

/** @throws OptionError `out-of-range` unless `value` is a whole number of at least `least`. */
export function checkWhole(where: string, what: string, value: number, least = 1): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new OptionError(
    "out-of-range",
    `${where}: got ${what} ${value}; expected a whole number of at least ${least}.`,
  );
}
