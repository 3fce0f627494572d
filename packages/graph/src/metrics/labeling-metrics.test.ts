import { describe, expect, it } from "vitest";
import { labelingMetrics } from "./labeling-metrics.ts";

describe("labelingMetrics", () => {
  const labels = Int32Array.of(0, 1, 1, -1);
  const predicted = Int32Array.of(0, 1, 0, 0);
  const probabilities = Float32Array.of(0.75, 0.25, 0.125, 0.875, 0.625, 0.375, 0.5, 0.5);

  it("measures one part of the nodes in every way", () => {
    expect(labelingMetrics(labels, predicted, probabilities, Uint32Array.of(0, 1, 2), 2)).toEqual({
      nodes: 3,
      accuracy: 2 / 3,
      macroF1: 2 / 3,
      rocAuc: 1,
      confusion: [
        [1, 0],
        [1, 1],
      ],
    });
  });

  it("has no area under the curve where it is not defined", () => {
    expect(labelingMetrics(labels, predicted, probabilities, [1, 2], 2).rocAuc).toBeUndefined();
    expect(labelingMetrics([0, 2], [0, 2], [1, 0, 0, 0, 0, 1], [0, 1], 3)).toMatchObject({
      accuracy: 1,
      rocAuc: undefined,
    });
  });

  it("refuses probabilities that are not one a class and node", () => {
    expect(() => labelingMetrics(labels, predicted, probabilities, [0], 3)).toThrow(
      expect.objectContaining({ code: "wrong-length" }),
    );
  });

  it("refuses a part without nodes", () => {
    expect(() => labelingMetrics(labels, predicted, probabilities, [], 2)).toThrow(
      expect.objectContaining({ code: "no-nodes" }),
    );
  });
});
