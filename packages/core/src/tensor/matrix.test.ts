import { describe, expect, it } from "vitest";
import { checkFeatureMatrix, csrFromLists, denseMatrix, type FeatureMatrix } from "./matrix.ts";

describe("denseMatrix", () => {
  it("holds the numbers that it was given, row after row", () => {
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    expect(denseMatrix(2, 3, values)).toEqual({ kind: "dense", rows: 2, columns: 3, values });
    expect(denseMatrix(0, 3, new Float32Array(0)).rows).toBe(0);
  });

  it("refuses another count of numbers", () => {
    expect(() => denseMatrix(2, 3, new Float32Array(5))).toThrow(
      expect.objectContaining({
        name: "DataError",
        code: "wrong-length",
        message: expect.stringContaining("expected 6"),
      }),
    );
  });
});

describe("csrFromLists", () => {
  it("lists the columns of each row, empty rows included", () => {
    expect(csrFromLists([[2, 0], [], Uint16Array.of(1)], 3)).toEqual({
      kind: "csr",
      rows: 3,
      columns: 3,
      indptr: Uint32Array.of(0, 2, 2, 3),
      indices: Uint32Array.of(2, 0, 1),
      values: undefined,
    });
    expect(csrFromLists([], 3)).toMatchObject({ rows: 0, indptr: Uint32Array.of(0) });
  });

  for (const column of [3, -1, 1.5, Number.NaN]) {
    it(`refuses the column ${column} of 3, naming its row`, () => {
      expect(() => csrFromLists([[0], [1, column]], 3)).toThrow(
        expect.objectContaining({
          name: "DataError",
          code: "index-out-of-range",
          message: expect.stringMatching(new RegExp(`row 1 names column ${column};`)),
        }),
      );
    });
  }
});

describe("checkFeatureMatrix", () => {
  const dense: FeatureMatrix = denseMatrix(2, 2, Float32Array.of(1, 2, 3, 4));
  const sparse: FeatureMatrix = { ...csrFromLists([[0], [], [1, 2]], 3), values: Float32Array.of(1, 2, 3) };

  it("takes finite numbers", () => {
    expect(() => checkFeatureMatrix("here", dense)).not.toThrow();
    expect(() => checkFeatureMatrix("here", sparse)).not.toThrow();
    expect(() => checkFeatureMatrix("here", { ...sparse, values: undefined })).not.toThrow();
    expect(() => checkFeatureMatrix("here", csrFromLists([], 0))).not.toThrow();
  });

  const cases: readonly (readonly [what: string, matrix: FeatureMatrix, code: string, says: string])[] = [
    [
      "NaN in a dense matrix",
      { ...dense, values: Float32Array.of(1, 2, Number.NaN, 4) },
      "not-finite",
      "row 1 hold NaN",
    ],
    [
      "infinity in a sparse matrix behind an empty row",
      { ...sparse, values: Float32Array.of(1, Number.POSITIVE_INFINITY, 3) },
      "not-finite",
      "row 2 hold Infinity",
    ],
    [
      "too few numbers",
      { ...dense, values: Float32Array.of(1, 2, 3) },
      "wrong-length",
      "3 values for 2 rows x 2 columns",
    ],
    [
      "a column that is not there",
      { ...sparse, indices: Uint32Array.of(0, 1, 3) },
      "index-out-of-range",
      "row 2 names column 3",
    ],
    [
      "other counts of values and indices",
      { ...sparse, values: Float32Array.of(1) },
      "wrong-length",
      "3 indices and 1 values",
    ],
    ["row starts that fall", { ...sparse, indptr: Uint32Array.of(0, 2, 1, 3) }, "wrong-length", "fall at row 1"],
    ["too few row starts", { ...sparse, indptr: Uint32Array.of(0, 3) }, "wrong-length", "2 row starts"],
  ];
  for (const [what, matrix, code, says] of cases) {
    it(`refuses ${what}`, () => {
      expect(() => checkFeatureMatrix("here", matrix)).toThrow(
        expect.objectContaining({ name: "DataError", code, message: expect.stringMatching(`^here: .*${says}`) }),
      );
    });
  }
});
