import { createWasmEngine, parameter, Random, tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { checkGradients } from "@vicinal/core/testing";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { classTargets } from "./class-targets.ts";
import { labelSetTargets } from "./label-set-targets.ts";

const random = new Random(3);
const rows = 4;
const width = 3;
const logits = Matrix.from1DArray(
  rows,
  width,
  Array.from({ length: rows * width }, () => random.normal(0, 2)),
);
/** Rows answer for nodes 2, 0 and 4; the third does not count. */
const nodeOf = [2, 0, -1, 4];
const noMetric = (): number => 0;

const reference = createReferenceEngine();

for (const { engine, tolerance } of [
  { engine: reference, tolerance: 1e-12 },
  { engine: createWasmEngine(), tolerance: 1e-5 },
]) {
  describe(`targets on the ${engine.name} engine`, () => {
    it("of classes: the mean over the rows that count of -log softmax(logits)[class]", () => {
      const classes = Int32Array.of(1, -1, 2, -1, 0);
      const losses = nodeOf.flatMap((node, row) => {
        if (node < 0) return [];
        const shares = logits.getRow(row).map(Math.exp);
        return [-Math.log(shares[classes[node]!]! / shares.reduce((a, b) => a + b))];
      });
      const expected = losses.reduce((a, b) => a + b) / 3;
      const got = classTargets(classes, width, noMetric).loss(
        tensor(logits.to1DArray(), [rows, width], { engine }),
        nodeOf,
      );
      expect(Math.abs(got.item() - expected)).toBeLessThan(tolerance);
    });

    it("of label sets: the mean over the labels of the rows that count of the binary cross-entropy", () => {
      const sets = Uint8Array.of(1, 0, 1, /**/ 1, 1, 1, /**/ 0, 0, 0, /**/ 1, 1, 1, /**/ 0, 1, 0);
      const losses = nodeOf.flatMap((node, row) =>
        node < 0
          ? []
          : logits.getRow(row).map((logit, label) => {
              const probability = 1 / (1 + Math.exp(-logit));
              return -Math.log(sets[node * width + label] === 1 ? probability : 1 - probability);
            }),
      );
      const expected = losses.reduce((a, b) => a + b) / 9;
      const got = labelSetTargets(sets, width, noMetric).loss(
        tensor(logits.to1DArray(), [rows, width], { engine }),
        nodeOf,
      );
      expect(Math.abs(got.item() - expected)).toBeLessThan(tolerance);
    });
  });
}

describe("targets", () => {
  it.each([
    ["classes", classTargets(Int32Array.of(1, -1, 2, -1, 0), width, noMetric)],
    [
      "label sets",
      labelSetTargets(
        Uint8Array.from({ length: 15 }, (_, k) => k % 2),
        width,
        noMetric,
      ),
    ],
  ])("have gradients: %s", (_what, targets) => {
    const x = parameter(logits.to1DArray(), [rows, width], { engine: reference });
    const { x: check } = checkGradients(() => targets.loss(x, nodeOf), { x });
    expect(check?.relativeError).toBeLessThan(1e-6);
  });

  it("say what logits mean: shares of classes, and a probability for each label by itself", () => {
    const values = Float64Array.from(logits.to1DArray());
    const shares = classTargets(new Int32Array(5), width, noMetric).probabilities(values);
    const alone = labelSetTargets(new Uint8Array(15), width, noMetric).probabilities(values);
    for (let row = 0; row < rows; row++) {
      const total = logits.getRow(row).reduce((sum, logit) => sum + Math.exp(logit), 0);
      for (const [c, logit] of logits.getRow(row).entries()) {
        expect(shares[row * width + c]).toBeCloseTo(Math.exp(logit) / total, 12);
        expect(alone[row * width + c]).toBeCloseTo(Math.exp(logit) / (1 + Math.exp(logit)), 12);
      }
    }
  });

  it("do not overflow", () => {
    const extreme = Float64Array.of(1000, -1000, 0);
    expect([...classTargets(new Int32Array(1), 3, noMetric).probabilities(extreme)]).toEqual([1, 0, 0]);
    expect([...labelSetTargets(new Uint8Array(3), 3, noMetric).probabilities(extreme)]).toEqual([1, 0, 0.5]);
  });
});
