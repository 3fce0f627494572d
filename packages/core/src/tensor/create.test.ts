import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { wasmEngine } from "../engine/wasm/wasm-engine.ts";
import { testedEngines } from "../testing/engines.ts";
import { full, parameter, tensor, zeros } from "./create.ts";

for (const { engine } of testedEngines()) {
  describe(`tensors on the ${engine.name} engine`, () => {
    it("are made from numbers and a shape, and read back", async () => {
      const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], { engine });
      expect([x.shape, x.size, x.requiresGrad, x.engine]).toEqual([[2, 3], 6, false, engine]);
      expect(Array.from(x.dataSync())).toEqual([1, 2, 3, 4, 5, 6]);
      expect(Array.from(await x.data())).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it("are made from a matrix of ml-matrix, and give one", () => {
      const matrix = new Matrix([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      const x = tensor(matrix, { engine, requiresGrad: true });
      expect([x.shape, x.requiresGrad]).toEqual([[2, 3], true]);
      expect(x.toMatrix().to2DArray()).toEqual(matrix.to2DArray());
    });

    it("hold a copy: reading and writing outside changes nothing", () => {
      const values = Float32Array.of(1, 2);
      const x = tensor(values, [2], { engine });
      values[0] = 9;
      x.dataSync()[1] = 9;
      expect(Array.from(x.dataSync())).toEqual([1, 2]);
    });

    it("are zeros, one number, or learned", () => {
      expect(Array.from(zeros([2, 2], { engine }).dataSync())).toEqual([0, 0, 0, 0]);
      expect(Array.from(full([3], 1.5, { engine }).dataSync())).toEqual([1.5, 1.5, 1.5]);
      expect(parameter([1], [1], { engine }).requiresGrad).toBe(true);
    });

    it("give their only number", () => {
      expect(tensor([2.5], [1, 1], { engine }).item()).toBe(2.5);
      expect(() => tensor([1, 2], [2], { engine }).item()).toThrow(expect.objectContaining({ code: "not-a-number" }));
    });

    it("refuse a shape of another count, and a matrix of other than two dimensions", () => {
      expect(() => tensor([1, 2, 3], [2, 2], { engine })).toThrow(
        expect.objectContaining({
          name: "ShapeError",
          code: "wrong-length",
          message: expect.stringContaining("expected 4"),
        }),
      );
      expect(() => parameter([1, 2, 3], [2], { engine })).toThrow(expect.objectContaining({ code: "wrong-length" }));
      expect(() => tensor([1, 2], [2], { engine }).toMatrix()).toThrow(
        expect.objectContaining({ code: "not-a-matrix" }),
      );
    });

    it("refuse lengths that are negative or no whole numbers", () => {
      const refusal = expect.objectContaining({ name: "ShapeError", code: "not-a-shape" });
      for (const shape of [[-2, -2], [1.5, 2], [Number.NaN]]) {
        expect(() => tensor([1, 2, 3, 4], shape, { engine })).toThrow(refusal);
        expect(() => zeros(shape, { engine })).toThrow(refusal);
        expect(() => full(shape, 1, { engine })).toThrow(refusal);
      }
    });
  });
}

describe("a tensor of no named engine", () => {
  it("lives on the shared wasm engine", () => {
    expect(tensor([1], [1]).engine).toBe(wasmEngine());
  });
});
