import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { largestError } from "../conformance/largest-error.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { backward } from "../tensor/backward.ts";
import { tensor } from "../tensor/create.ts";
import { testedEngines } from "../testing/engines.ts";
import { type LogitRows, logitLeaf } from "../testing/logit-rows.ts";
import { atPositions, rowSums, segmentEntmax, segmentHardmax, segmentSoftmax } from "./segment.ts";

/** Rows of 2, 0 and 3 positions, two heads. */
const rows: LogitRows = {
  logits: new Matrix([
    [1, -2],
    [3, 0.5],
    [-1, 4],
    [2, 2],
    [0.25, -3],
  ]),
  offsets: Uint32Array.of(0, 2, 2, 5),
};

/** `[rows, positions]`: 1 where a position belongs to a row. */
const membership = new Matrix([
  [1, 1, 0, 0, 0],
  [0, 0, 0, 0, 0],
  [0, 0, 1, 1, 1],
]);

for (const { engine, tolerance } of testedEngines()) {
  describe(`segments on the ${engine.name} engine`, () => {
    it("rowSums is the product with the matrix of who belongs to which row", () => {
      const sums = rowSums(logitLeaf(rows, engine), rows.offsets);
      expect(sums.shape).toEqual([3, 2]);
      expect(largestError(sums.dataSync(), membership.mmul(rows.logits).to1DArray())).toBeLessThan(tolerance);
    });

    it("atPositions is the product with its transpose", () => {
      const x = new Matrix([
        [1, 2],
        [3, 4],
        [5, 6],
      ]);
      const spread = atPositions(tensor(x, { engine }), rows.offsets);
      expect(spread.toMatrix().to2DArray()).toEqual(membership.transpose().mmul(x).to2DArray());
      expect(atPositions(tensor([], [0, 2], { engine }), Uint32Array.of(0)).shape).toEqual([0, 2]);
    });

    it("segmentHardmax is a constant, unless it is given what to take the gradient of", () => {
      const logits = logitLeaf(rows, engine);
      expect(segmentHardmax(logits, rows.offsets).requiresGrad).toBe(false);
      backward(unevenSum(segmentHardmax(logits, rows.offsets, segmentSoftmax(logits, rows.offsets))));
      const gradient = Array.from(logits.grad!.dataSync());
      logits.grad = undefined;
      backward(unevenSum(segmentSoftmax(logits, rows.offsets)));
      expect(gradient).toEqual(Array.from(logits.grad!.dataSync()));
    });
  });
}

describe("segments", () => {
  it("rowSums and atPositions have the gradients of finite differences", () => {
    const x = logitLeaf(rows, createReferenceEngine());
    const loss = () => unevenSum(atPositions(rowSums(x, rows.offsets), rows.offsets));
    expect(checkGradients(loss, { x })["x"]!.relativeError).toBeLessThan(1e-6);
  });

  it("refuses what is not [positions, heads], naming the function", () => {
    const engine = createReferenceEngine();
    const flat = tensor([1, 2], [2], { engine });
    const offsets = Uint32Array.of(0, 2);
    for (const [name, call] of Object.entries({
      segmentSoftmax: () => segmentSoftmax(flat, offsets),
      segmentEntmax: () => segmentEntmax(flat, offsets, 2),
      segmentHardmax: () => segmentHardmax(flat, offsets),
      rowSums: () => rowSums(flat, offsets),
      atPositions: () => atPositions(flat, offsets),
    })) {
      expect(call).toThrow(`${name}: got an input of shape [2]; expected [positions, heads].`);
    }
  });
});
