import { type CsrMatrix, type DenseMatrix, SparseTensor, Tensor, tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it } from "vitest";
import { featureRows, rowsOnEngine } from "./feature-rows.ts";

const engine = createReferenceEngine();

const dense: DenseMatrix = { kind: "dense", rows: 3, columns: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) };

const sparse: CsrMatrix = {
  kind: "csr",
  rows: 3,
  columns: 4,
  indptr: Uint32Array.of(0, 2, 2, 3),
  indices: Uint32Array.of(1, 3, 0),
  values: Float32Array.of(0.5, -1, 2),
};

const rows = Uint32Array.of(2, 0, 2, 1);

describe("featureRows", () => {
  it("gives dense rows in the order asked for, as often as asked for", () => {
    expect(featureRows(dense, rows)).toEqual({
      kind: "dense",
      rows: 4,
      columns: 2,
      values: Float32Array.of(5, 6, 1, 2, 5, 6, 3, 4),
    });
  });

  it("gives sparse rows, empty ones included", () => {
    expect(featureRows(sparse, rows)).toEqual({
      kind: "csr",
      rows: 4,
      columns: 4,
      indptr: Uint32Array.of(0, 1, 3, 4, 4),
      indices: Uint32Array.of(0, 1, 3, 0),
      values: Float32Array.of(2, 0.5, -1, 2),
    });
    expect(featureRows({ ...sparse, values: undefined }, rows)).toMatchObject({ values: undefined });
  });

  it("gives no rows where none are asked for", () => {
    expect(featureRows(dense, new Uint32Array(0))).toMatchObject({ rows: 0, values: new Float32Array(0) });
    expect(featureRows(sparse, new Uint32Array(0))).toMatchObject({ rows: 0, indptr: Uint32Array.of(0) });
  });

  it.each([dense, sparse])("refuses a row that is not there: $kind", (features) => {
    expect(() => featureRows(features, Uint32Array.of(0, 3))).toThrow(
      expect.objectContaining({
        name: "DataError",
        code: "index-out-of-range",
        message: expect.stringContaining("row 3"),
      }),
    );
  });
});

describe("rowsOnEngine", () => {
  it("puts the rows of a matrix or of a tensor on the engine", () => {
    const whole = tensor(dense.values, [3, 2], { engine });
    for (const source of [dense, whole, { ...dense, values: Float64Array.from(dense.values) }]) {
      const x = rowsOnEngine(source, rows, engine);
      expect(x).toBeInstanceOf(Tensor);
      expect(x.shape).toEqual([4, 2]);
      expect([...x.dataSync()]).toEqual([5, 6, 1, 2, 5, 6, 3, 4]);
      expect(x.engine).toBe(engine);
    }
  });

  it("keeps the precision of what an engine computed", () => {
    const computed = { kind: "dense", rows: 1, columns: 1, values: Float64Array.of(0.1) } as const;
    expect(rowsOnEngine(computed, Uint32Array.of(0), engine).item()).toBe(0.1);
  });

  it("keeps sparse rows sparse, with their values", () => {
    const x = rowsOnEngine(sparse, rows, engine);
    if (!(x instanceof SparseTensor)) throw new TypeError("expected a sparse tensor");
    expect(x.shape).toEqual([4, 4]);
    expect([...(x.values?.dataSync() ?? [])]).toEqual([2, 0.5, -1, 2]);
  });
});
