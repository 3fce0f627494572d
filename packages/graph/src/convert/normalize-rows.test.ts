import { type CsrMatrix, csrFromLists, type DenseMatrix, denseMatrix } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeRows } from "./normalize-rows.ts";

const finite = fc.integer({ min: -100, max: 100 }).map((n) => n / 8);

const matrices = fc
  .tuple(fc.nat(4), fc.nat(4))
  .chain(([rows, columns]) =>
    fc
      .array(finite, { minLength: rows * columns, maxLength: rows * columns })
      .map((values): DenseMatrix => denseMatrix(rows, columns, Float32Array.from(values))),
  );

/** The same matrix in compressed rows, its zeros left out. */
function sparse({ rows, columns, values }: DenseMatrix): CsrMatrix {
  const stored = [...values.keys()].filter((k) => values[k] !== 0);
  return {
    kind: "csr",
    rows,
    columns,
    indptr: Uint32Array.from({ length: rows + 1 }, (_, r) => stored.filter((k) => k < r * columns).length),
    indices: Uint32Array.from(stored, (k) => k % columns),
    values: Float32Array.from(stored, (k) => values[k]!),
  };
}

describe("normalizeRows", () => {
  it("divides each row by the sum of its magnitudes", () => {
    const { values } = normalizeRows(denseMatrix(2, 3, Float32Array.of(1, 1, 2, -1, 3, 0)));
    expect([...(values ?? [])]).toEqual([0.25, 0.25, 0.5, -0.25, 0.75, 0]);
  });

  it("leaves a row of zeros as it is", () => {
    expect(normalizeRows(denseMatrix(1, 2, new Float32Array(2))).values).toEqual(new Float32Array(2));
    expect(normalizeRows(csrFromLists([[], [1]], 2)).values).toEqual(Float32Array.of(1));
  });

  it("takes stored entries without values for ones", () => {
    expect([...(normalizeRows(csrFromLists([[0, 1, 3, 4], [2]], 5)).values ?? [])]).toEqual([
      0.25, 0.25, 0.25, 0.25, 1,
    ]);
  });

  it("gives the same for dense and for sparse, with magnitudes that sum to one, and changes nothing that it was given", () => {
    fc.assert(
      fc.property(matrices, (dense) => {
        const before = dense.values.slice();
        const normalized = normalizeRows(dense);
        const ofSparse = normalizeRows(sparse(dense));
        expect(dense.values).toEqual(before);
        expect([...(ofSparse.values ?? [])]).toEqual([...(normalized.values ?? [])].filter((value) => value !== 0));
        for (let r = 0; r < dense.rows; r++) {
          const row = [...(normalized.values ?? [])].slice(r * dense.columns, (r + 1) * dense.columns);
          const total = row.reduce((sum, value) => sum + Math.abs(value), 0);
          expect(total === 0 || Math.abs(total - 1) < 1e-6).toBe(true);
        }
      }),
    );
  });
});
