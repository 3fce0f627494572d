import { Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { multiLabelMetrics } from "../metrics/multi-label-metrics.ts";
import { checkThresholds, thresholdsFor } from "./label-thresholds.ts";

const noNodes = new Uint32Array(0);

describe("thresholdsFor", () => {
  it("takes one number for all labels", () => {
    const data = { labels: new Uint8Array(4), labelCount: 2, probabilities: [0.1, 0.2, 0.3, 0.4], validation: noNodes };
    expect([...thresholdsFor(0.3, data)]).toEqual([0.3, 0.3]);
  });

  it("cuts half way between two probabilities, where F1 is best on the validation nodes", () => {
    // One label; node 4 does not validate.
    const data = {
      labels: Uint8Array.of(1, 1, 0, 0, 0),
      labelCount: 1,
      probabilities: [0.3, 0.2, 0.1, 0.05, 0.25],
      validation: Uint32Array.of(0, 1, 2, 3),
    };
    expect(thresholdsFor("validation", data)[0]).toBeCloseTo(0.15, 12);
  });

  it("never cuts between equal probabilities", () => {
    const data = {
      labels: Uint8Array.of(1, 0, 1, 0),
      labelCount: 1,
      probabilities: [0.4, 0.4, 0.4, 0.1],
      validation: Uint32Array.of(0, 1, 2, 3),
    };
    expect(thresholdsFor("validation", data)[0]).toBeCloseTo(0.25, 12);
  });

  it("keeps 0.5 for a label that no validation node carries", () => {
    const data = {
      labels: new Uint8Array(3),
      labelCount: 1,
      probabilities: [0.9, 0.2, 0.6],
      validation: Uint32Array.of(0, 1),
    };
    expect([...thresholdsFor("validation", data)]).toEqual([0.5]);
  });

  it("is as good on the validation nodes as any threshold, label by label", () => {
    const random = new Random(1);
    const [nodes, labelCount] = [60, 3];
    const labels = Uint8Array.from({ length: nodes * labelCount }, () => (random.uniform() < 0.3 ? 1 : 0));
    const probabilities = Float64Array.from(labels, (label) => 0.6 * random.uniform() + 0.3 * label);
    const validation = Uint32Array.from({ length: 40 }, (_, node) => node);
    const f1At = (thresholds: number | Float64Array): readonly (number | undefined)[] =>
      multiLabelMetrics(labels, probabilities, { labels: labelCount, thresholds, nodes: validation }).perLabel.map(
        ({ f1 }) => f1,
      );
    const best = f1At(thresholdsFor("validation", { labels, labelCount, probabilities, validation }));
    for (const probability of probabilities) {
      for (const [label, f1] of f1At(probability).entries()) expect(f1 ?? 0).toBeLessThanOrEqual(best[label]!);
    }
  });
});

describe("checkThresholds", () => {
  it.each([
    ["validation", "no-validation"],
    [0, "out-of-range"],
    [1, "out-of-range"],
    [Number.NaN, "out-of-range"],
  ] as const)("refuses %s without validation nodes", (thresholds, code) => {
    expect(() => checkThresholds("here", thresholds, noNodes)).toThrow(
      expect.objectContaining({ name: "OptionError", code }),
    );
  });
});
