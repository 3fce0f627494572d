import { checkFeatureMatrix } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RowBuilder } from "./row-builder.ts";

describe("RowBuilder", () => {
  it("keeps a matrix sparse when at most one value in eight is not zero", () => {
    const filledTo = (count: number) => {
      const rows = new RowBuilder(2);
      for (let c = 0; c < count; c++) rows.set(c, 1);
      rows.endRow();
      rows.endRow();
      return rows.matrix(16);
    };
    expect(filledTo(4)).toMatchObject({ kind: "csr", rows: 2, columns: 16, values: undefined });
    expect(filledTo(5)).toMatchObject({ kind: "dense", rows: 2, columns: 16 });
  });

  it("keeps the values of a sparse matrix unless all are 1", () => {
    const rows = new RowBuilder(1);
    rows.set(3, 1);
    rows.set(1, 2);
    rows.set(0, 0);
    rows.endRow();
    expect(rows.matrix(100)).toEqual({
      kind: "csr",
      rows: 1,
      columns: 100,
      indptr: Uint32Array.of(0, 2),
      indices: Uint32Array.of(3, 1),
      values: Float32Array.of(1, 2),
    });
  });

  it("holds what was written, dense or sparse, however long it grows", () => {
    const row = fc.array(fc.option(fc.integer({ min: -3, max: 3 }), { nil: 0 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.integer({ min: 1, max: 60 }), (written, keepEvery) => {
        const table = written.map((values) => values.map((value, c) => (c % keepEvery === 0 ? value : 0)));
        const rows = new RowBuilder(table.length);
        for (const values of table) {
          for (const [c, value] of values.entries()) rows.set(c, value);
          rows.endRow();
        }
        const matrix = rows.matrix(60);
        checkFeatureMatrix("test", matrix);
        const read = table.map(() => new Array<number>(60).fill(0));
        if (matrix.kind === "dense") {
          for (const [p, value] of matrix.values.entries()) read[Math.floor(p / 60)]![p % 60] = value;
        } else {
          for (let r = 0; r < matrix.rows; r++) {
            for (let p = matrix.indptr[r]!; p < matrix.indptr[r + 1]!; p++) {
              read[r]![matrix.indices[p]!] = matrix.values?.[p] ?? 1;
            }
          }
        }
        expect(read).toEqual(table);
      }),
    );
  });
});
