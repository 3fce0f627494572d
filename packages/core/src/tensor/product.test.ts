import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { largestError } from "../conformance/largest-error.ts";
import { type Draw, drawBoolean } from "../engine/conformance/draw.ts";
import { drawLength, drawNumbers, drawShape, leafOf, type Numbers } from "../testing/draw-tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { tensor } from "./create.ts";
import { matmul } from "./product.ts";

/** The matrices of a stack, transposed where asked. */
function matricesOf({ values, shape }: Numbers, transposed: boolean): Matrix[] {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  const count = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, k) => {
    const matrix = Matrix.from1DArray(
      rows,
      columns,
      Array.from(values.slice(k * rows * columns, (k + 1) * rows * columns)),
    );
    return transposed ? matrix.transpose() : matrix;
  });
}

for (const { engine, tolerance } of testedEngines()) {
  describe(`matmul on the ${engine.name} engine`, () => {
    it("is the product of ml-matrix, for each pair of a stack, transposed or not", () => {
      fc.assert(
        fc.property(fc.gen(), (generate) => {
          const draw: Draw = { integer: (least, most) => generate(fc.integer, { min: least, max: most }) };
          // ml-matrix refuses matrices without rows, and multiplies by empty ones to nothing: lengths from 1 here.
          const [m, k, n] = [1 + drawLength(draw), 1 + drawLength(draw), 1 + drawLength(draw)];
          const lead = drawShape(draw, 0, 2);
          const [transposeA, transposeB] = [drawBoolean(draw), drawBoolean(draw)];
          const a = drawNumbers(draw, [...lead, ...(transposeA ? [k, m] : [m, k])]);
          const b = drawNumbers(draw, [...lead, ...(transposeB ? [n, k] : [k, n])]);
          const [as, bs] = [matricesOf(a, transposeA), matricesOf(b, transposeB)];
          const expected = as.flatMap((matrix, i) => matrix.mmul(bs[i]!).to1DArray());
          const result = matmul(leafOf(a, engine), leafOf(b, engine), { transposeA, transposeB });
          expect(result.shape).toEqual([...lead, m, n]);
          expect(largestError(result.dataSync(), expected)).toBeLessThan(tolerance);
        }),
      );
    });

    it("gives zeros for a sum of nothing, and nothing for no rows", () => {
      const result = matmul(tensor([], [2, 0], { engine }), tensor([], [0, 2], { engine }));
      expect(Array.from(result.dataSync())).toEqual([0, 0, 0, 0]);
      expect(matmul(tensor([], [0, 3], { engine }), tensor([1, 2, 3], [3, 1], { engine })).shape).toEqual([0, 1]);
    });

    it("takes and gives ml-matrix' matrices", () => {
      const [a, b] = [
        new Matrix([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
        new Matrix([
          [1, -1],
          [0.5, 2],
        ]),
      ];
      expect(matmul(tensor(a, { engine }), tensor(b, { engine })).toMatrix().to2DArray()).toEqual(
        a.mmul(b).to2DArray(),
      );
    });

    it("refuses factors that do not fit", () => {
      const x = tensor(new Float32Array(6), [2, 3], { engine });
      expect(() => matmul(x, x)).toThrow(expect.objectContaining({ code: "shapes-differ" }));
      expect(() => matmul(x, x, { transposeA: true, transposeB: true })).toThrow(
        expect.objectContaining({ code: "shapes-differ", message: expect.stringContaining("[2, 3] transposed") }),
      );
      const stack = tensor(new Float32Array(6), [1, 3, 2], { engine });
      expect(() => matmul(x, stack)).toThrow(expect.objectContaining({ code: "shapes-differ" }));
      expect(() => matmul(x, tensor([1, 2, 3], [3], { engine }))).toThrow(
        expect.objectContaining({ code: "not-a-matrix" }),
      );
    });
  });
}
