import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { largestError } from "../conformance/largest-error.ts";
import { type Draw, drawBoolean, drawRandom, drawRows, floats } from "../engine/conformance/draw.ts";
import { keepsElement } from "../engine/kernels.ts";
import { drawNumbers, leafOf } from "../testing/draw-tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { backward } from "./backward.ts";
import { parameter, tensor } from "./create.ts";
import type { CsrMatrix } from "./matrix.ts";
import { SparseTensor, sparseDropout, sparseMatmul } from "./sparse.ts";
import { sum } from "./sum.ts";

function drawCsr(draw: Draw): CsrMatrix {
  const random = drawRandom(draw);
  const { rows, columnCount, positions, offsets, columns } = drawRows(draw, random);
  const values = drawBoolean(draw) ? floats(random, positions) : undefined;
  return { kind: "csr", rows, columns: columnCount, indptr: offsets, indices: columns, values };
}

/** Repeated columns of a row add up. */
function densified({ rows, columns, indptr, indices, values }: CsrMatrix): Matrix {
  const dense = Matrix.zeros(rows, columns);
  for (let r = 0; r < rows; r++) {
    for (let p = indptr[r]!; p < indptr[r + 1]!; p++) {
      dense.set(r, indices[p]!, dense.get(r, indices[p]!) + (values?.[p] ?? 1));
    }
  }
  return dense;
}

const small: CsrMatrix = {
  kind: "csr",
  rows: 3,
  columns: 4,
  indptr: Uint32Array.of(0, 2, 2, 3),
  indices: Uint32Array.of(3, 0, 1),
  values: Float32Array.of(2, -1, 0.5),
};

for (const { engine, tolerance } of testedEngines()) {
  describe(`sparse matrices on the ${engine.name} engine`, () => {
    it("sparseMatmul is the product of the densified matrix", () => {
      fc.assert(
        fc.property(fc.gen(), (generate) => {
          const draw: Draw = { integer: (least, most) => generate(fc.integer, { min: least, max: most }) };
          const matrix = drawCsr(draw);
          const width = draw.integer(1, 9);
          const dense = drawNumbers(draw, [matrix.columns, width]);
          const sparse = SparseTensor.from(matrix, { engine });
          const result = sparseMatmul(sparse, leafOf(dense, engine));
          expect(result.shape).toEqual([matrix.rows, width]);
          const factor = Matrix.from1DArray(matrix.columns, width, Array.from(dense.values));
          const expected = matrix.rows === 0 ? [] : densified(matrix).mmul(factor).to1DArray();
          expect(largestError(result.dataSync(), expected)).toBeLessThan(tolerance);
        }),
      );
    });

    it("the gradient of the dense factor is the transposed product", () => {
      fc.assert(
        fc.property(fc.gen(), (generate) => {
          const draw: Draw = { integer: (least, most) => generate(fc.integer, { min: least, max: most }) };
          const matrix = drawCsr(draw);
          const dense = leafOf(drawNumbers(draw, [matrix.columns, 2]), engine);
          backward(sum(sparseMatmul(SparseTensor.from(matrix, { engine }), dense)));
          const ones = Matrix.ones(Math.max(1, matrix.rows), 2);
          const expected =
            matrix.rows === 0
              ? new Float64Array(matrix.columns * 2)
              : densified(matrix).transpose().mmul(ones).to1DArray();
          expect(largestError(dense.grad!.dataSync(), expected)).toBeLessThan(tolerance);
        }),
      );
    });

    it("know their shape, and are kept when a scope ends", () => {
      const sparse = SparseTensor.from(small, { engine });
      expect(sparse.shape).toEqual([3, 4]);
      expect(sparse.engine).toBe(engine);
    });

    it("sparseDropout drops stored values as dropout does, and scales the others up", () => {
      const [probability, seed] = [0.4, 99];
      const random = drawRandom({ integer: () => 5 });
      const positions = 200;
      const matrix: CsrMatrix = {
        kind: "csr",
        rows: 1,
        columns: positions,
        indptr: Uint32Array.of(0, positions),
        indices: Uint32Array.from({ length: positions }, (_, p) => p),
        values: floats(random, positions),
      };
      const identity = Matrix.eye(positions).to1DArray();
      const dense = tensor(identity, [positions, positions], { engine });
      for (const values of [matrix.values, undefined]) {
        const sparse = SparseTensor.from({ ...matrix, values }, { engine });
        const dropped = sparseMatmul(sparseDropout(sparse, probability, seed), dense).dataSync();
        const expected = Array.from(matrix.indices, (p) =>
          keepsElement(seed, p, probability) ? (values?.[p] ?? 1) / (1 - probability) : 0,
        );
        expect(largestError(dropped, expected)).toBeLessThan(tolerance);
        expect(sparseDropout(sparse, 0, seed)).toBe(sparse);
      }
      expect(() => sparseDropout(SparseTensor.from(matrix, { engine }), 1, seed)).toThrow(
        expect.objectContaining({ code: "out-of-range" }),
      );
    });

    it("withValues keeps the structure and lets gradients flow to what it is multiplied with", () => {
      const sparse = SparseTensor.from(small, { engine }).withValues(tensor([1, 10, 100], [3], { engine }));
      const dense = parameter([1, 2, 3, 4], [4, 1], { engine });
      const result = sparseMatmul(sparse, dense);
      expect(Array.from(result.dataSync())).toEqual([14, 0, 200]);
      backward(sum(result));
      expect(Array.from(dense.grad!.dataSync())).toEqual([10, 100, 0, 1]);
    });

    it("refuses a dense factor that does not fit", () => {
      const sparse = SparseTensor.from(small, { engine });
      for (const shape of [[3, 2], [4], [4, 2, 1]]) {
        const size = shape.reduce((a, b) => a * b, 1);
        const dense = tensor(new Float32Array(size), shape, { engine });
        expect(() => sparseMatmul(sparse, dense)).toThrow(
          expect.objectContaining({ name: "ShapeError", code: "shapes-differ" }),
        );
      }
    });

    describe("refuse, before anything is computed,", () => {
      const cases: readonly (readonly [what: string, matrix: CsrMatrix, code: string])[] = [
        ["NaN", { ...small, values: Float32Array.of(2, Number.NaN, 1) }, "not-finite"],
        ["infinity", { ...small, values: Float32Array.of(2, 1, Number.NEGATIVE_INFINITY) }, "not-finite"],
        ["a column that is not there", { ...small, indices: Uint32Array.of(3, 0, 4) }, "index-out-of-range"],
        ["fewer values than indices", { ...small, values: Float32Array.of(1, 2) }, "wrong-length"],
        ["too few row starts", { ...small, indptr: Uint32Array.of(0, 2, 3) }, "wrong-length"],
        ["row starts that do not start at 0", { ...small, indptr: Uint32Array.of(1, 2, 2, 3) }, "wrong-length"],
        ["row starts that end too early", { ...small, indptr: Uint32Array.of(0, 2, 2, 2) }, "wrong-length"],
        ["row starts that fall", { ...small, indptr: Uint32Array.of(0, 3, 2, 3) }, "wrong-length"],
      ];
      for (const [what, matrix, code] of cases) {
        it(what, () => {
          const before = engine.memory().buffers;
          expect(() => SparseTensor.from(matrix, { engine })).toThrow(
            expect.objectContaining({
              name: "DataError",
              code,
              message: expect.stringMatching(/^SparseTensor\.from: /),
            }),
          );
          expect(engine.memory().buffers).toBe(before);
        });
      }
    });
  });
}
