import { DataError, type DenseMatrix } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import type { EdgeGetter } from "../convert/getter.ts";

/**
 * What a getter says of each edge as a matrix, a row for each message.
 *
 * @param edgeKeys The edge of each message.
 * @throws DataError `missing-features`, `wrong-type`, `mixed-widths` or `not-finite`, naming the edge.
 */
export function edgeRows(
  where: string,
  graph: AbstractGraph,
  edgeKeys: readonly string[],
  getter: EdgeGetter<number | ArrayLike<number>>,
): DenseMatrix {
  const rows = new Map<string, ArrayLike<number>>();
  let columns: number | undefined;
  graph.forEachEdge((edge, attributes, source, target) => {
    const value: unknown = typeof getter === "string" ? attributes[getter] : getter(edge, attributes, source, target);
    const row = checkedRow(`${where}: the edge "${edge}" from "${source}" to "${target}"`, value);
    columns ??= row.length;
    if (row.length !== columns) {
      throw new DataError(
        "mixed-widths",
        `${where}: the edge "${edge}" has ${row.length} features, the edge "${[...rows.keys()][0]}" ${columns}; expected equally many.`,
      );
    }
    rows.set(edge, row);
  });
  const width = columns ?? 0;
  const values = new Float32Array(edgeKeys.length * width);
  for (const [message, edge] of edgeKeys.entries()) values.set(rows.get(edge) ?? [], message * width);
  return { kind: "dense", rows: edgeKeys.length, columns: width, values };
}

function checkedRow(which: string, value: unknown): ArrayLike<number> {
  if (value === undefined || value === null) {
    throw new DataError(
      "missing-features",
      `${which} has no features; expected a number or a list of numbers on every edge. Set the attribute, or pass a getter with a default.`,
    );
  }
  const row = listOf(value);
  if (row === undefined || !isNumbers(row)) {
    throw new DataError(
      "wrong-type",
      `${which} has features of type ${typeof value}; expected a number or a list of numbers. Pass a getter that converts them.`,
    );
  }
  const wrong = row.find((number) => !Number.isFinite(Math.fround(number)));
  if (wrong !== undefined) {
    throw new DataError(
      "not-finite",
      `${which} has the feature ${wrong}; expected finite numbers in the range of float32. Replace it before training.`,
    );
  }
  return row;
}

function isNumbers(row: readonly unknown[]): row is readonly number[] {
  return row.every((number) => typeof number === "number");
}

function listOf(value: unknown): readonly unknown[] | undefined {
  if (typeof value === "number") return [value];
  if (Array.isArray(value)) return value;
  return isFloats(value) ? Array.from(value) : undefined;
}

function isFloats(value: unknown): value is Float32Array | Float64Array {
  return value instanceof Float32Array || value instanceof Float64Array;
}
