import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Expression } from "../../expression/expression.ts";
import { testedEngines } from "../../testing/engines.ts";
import { drawLogitRows, logitLeaf, oneRow, weightsByRow } from "../../testing/logit-rows.ts";
import { elementwiseNormalizer } from "./elementwise.ts";

const squares = elementwiseNormalizer("squares", { weight: (logit) => logit.square() });
const shares = elementwiseNormalizer("shares", { weight: (logit) => logit.softplus(), isShare: true });

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

describe("elementwiseNormalizer", () => {
  it.each(testedEngines())(
    "is the expression of each logit, or its share of the row: $engine.name",
    ({ engine, tolerance }) => {
      fc.assert(
        fc.property(fc.gen(), (generate) => {
          const rows = drawLogitRows({ integer: (least, most) => generate(fc.integer, { min: least, max: most }) }, 3);
          const finite = Array.from(rows.logits.to1DArray()).every(Number.isFinite);
          if (finite) {
            const expected = weightsByRow(rows, (logits) => logits.map((logit) => logit ** 2));
            const weights = squares.normalize(logitLeaf(rows, engine), rows).dataSync();
            expect(largestError(weights, expected)).toBeLessThan(tolerance);
          }
          const expected = weightsByRow(rows, (logits) => {
            const total = logits.map(softplus).reduce((a, b) => a + b, 0);
            return logits.map((logit) => (total > 0 ? softplus(logit) / total : 0));
          });
          const weights = shares.normalize(logitLeaf(rows, engine), rows).dataSync();
          expect(largestError(weights, expected)).toBeLessThan(tolerance);
        }),
        { numRuns: 60 },
      );
    },
  );

  it("has the gradients of finite differences", () => {
    const rows = { ...oneRow(1, -0.5, 0.25, 2, 3), offsets: Uint32Array.of(0, 3, 3, 5) };
    for (const normalizer of [squares, shares]) {
      const logits = logitLeaf(rows, createReferenceEngine());
      const loss = () => unevenSum(normalizer.normalize(logits, rows));
      expect(checkGradients(loss, { logits })["logits"]!.relativeError).toBeLessThan(1e-6);
    }
  });

  it("keeps its name and options for those who save it", () => {
    const powers = elementwiseNormalizer("powers", { weight: (logit) => logit.abs().sqrt(), options: { power: 0.5 } });
    expect(powers).toMatchObject({ name: "powers", options: { power: 0.5 } });
  });

  it("refuses what is not one number of the logit, and options that it does not know", () => {
    const refused = expect.objectContaining({ name: "OptionError", code: "not-a-normalizer" });
    const other = Expression.symbol("other", "edge", "scalar");
    expect(() => elementwiseNormalizer("x", { weight: (logit) => logit.repeat() })).toThrow(refused);
    expect(() => elementwiseNormalizer("x", { weight: (logit) => logit.add(other) })).toThrow(refused);
    expect(() => elementwiseNormalizer("x", { weight: () => Expression.constant(1) })).toThrow(refused);
    const misspelt = { weight: (logit: Expression) => logit, share: true };
    expect(() => elementwiseNormalizer("x", misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});
