import { describe, expect, it } from "vitest";
import { metricNamed } from "./metric-by-name.ts";

// Predicted: 0, 1, 1, 1, 0; the last node has no label.
const logits = Float32Array.of(2, 1, 0, 3, 0, 1, -1, 0, 5, 4);
const labels = Int32Array.of(0, 1, 0, 1, -1);
const nodes = Uint32Array.of(0, 1, 2, 3);

describe("metricNamed", () => {
  it("measures the share of right labels", () => {
    expect(metricNamed("accuracy", labels, 2)(logits, nodes)).toBe(3 / 4);
  });

  it("measures the mean of the classes' F1", () => {
    // Class 0: precision 1, recall 1/2. Class 1: precision 2/3, recall 1.
    expect(metricNamed("macro-f1", labels, 2)(logits, nodes)).toBeCloseTo((2 / 3 + 4 / 5) / 2, 12);
  });

  it("measures the area under the ROC curve by how much the second class is favored", () => {
    // Margins -1, 3, 1, 1: of the four pairs three are in order, and one is level.
    expect(metricNamed("roc-auc", labels, 2)(logits, nodes)).toBe(3.5 / 4);
  });

  it("gives no epoch preference where all nodes are of one class", () => {
    expect(metricNamed("roc-auc", labels, 2)(logits, Uint32Array.of(1, 3))).toBe(0);
  });

  it("refuses a ROC curve of three classes", () => {
    expect(() => metricNamed("roc-auc", labels, 3)).toThrow(
      expect.objectContaining({
        name: "OptionError",
        code: "out-of-range",
        message: expect.stringContaining("3 classes"),
      }),
    );
  });
});
