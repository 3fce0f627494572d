import type { DenseMatrix } from "@vicinal/core";
import type { TextTable } from "./text-table.ts";

/** What nodes, or edges, of all graphs are: their kinds as columns of 0 and 1, then their attributes. */
export interface Described {
  /** The labels in the file, sorted as numbers. */
  readonly kinds: readonly number[];
  /** Of some nodes or edges, by their numbers over all graphs; undefined where the data set says nothing of them. */
  rowsOf(numbers: readonly number[]): DenseMatrix | undefined;
}

/** Kinds and attributes side by side. */
export function describe(labels: Int32Array | undefined, attributes: TextTable | undefined): Described {
  const kinds = [...new Set(labels)].sort((a, b) => a - b);
  const columnOf = new Map(kinds.map((kind, column) => [kind, column]));
  const width = attributes?.columns ?? 0;
  const columns = kinds.length + width;
  return {
    kinds,
    rowsOf(numbers) {
      if (columns === 0) return undefined;
      const values = new Float32Array(numbers.length * columns);
      for (const [row, number] of numbers.entries()) {
        if (labels !== undefined) values[row * columns + columnOf.get(labels[number]!)!] = 1;
        const own = attributes?.values.subarray(number * width, (number + 1) * width);
        if (own !== undefined) values.set(own, row * columns + kinds.length);
      }
      return { kind: "dense", rows: numbers.length, columns, values };
    },
  };
}
