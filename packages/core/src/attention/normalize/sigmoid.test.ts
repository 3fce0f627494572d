import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { testedEngines } from "../../testing/engines.ts";
import { drawLogitRows, logitLeaf, oneRow, weightsByRow } from "../../testing/logit-rows.ts";
import { sigmoidNormalizer } from "./sigmoid.ts";

describe("sigmoidNormalizer", () => {
  it.each(testedEngines())("is 1 / (1 + exp(-l)) of each logit by itself: $engine.name", ({ engine, tolerance }) => {
    fc.assert(
      fc.property(fc.gen(), (generate) => {
        const rows = drawLogitRows({ integer: (least, most) => generate(fc.integer, { min: least, max: most }) });
        const expected = weightsByRow(rows, (logits) => logits.map((logit) => 1 / (1 + Math.exp(-logit))));
        const weights = sigmoidNormalizer().normalize(logitLeaf(rows, engine), rows);
        expect(largestError(weights.dataSync(), expected)).toBeLessThan(tolerance);
      }),
    );
  });

  it("has the gradients of finite differences", () => {
    const rows = oneRow(1, -0.5, 0.25, 2, 3);
    const logits = logitLeaf(rows, createReferenceEngine());
    const loss = () => unevenSum(sigmoidNormalizer().normalize(logits, rows));
    expect(checkGradients(loss, { logits })["logits"]!.relativeError).toBeLessThan(1e-6);
  });
});
