import { describe, expect, it } from "vitest";
import type { EpochPoint } from "./protocol.ts";
import { type StatusFacts, statusOf } from "./status.ts";

const point = (epoch: number): EpochPoint => ({
  epoch,
  loss: 1,
  validationLoss: null,
  trainAccuracy: 1,
  validationAccuracy: null,
  testAccuracy: null,
});
const facts: StatusFacts = {
  phase: "training",
  title: "A graph",
  epochs: 80,
  last: undefined,
  result: undefined,
  modelName: undefined,
  threads: 1,
};

describe("statusOf", () => {
  it("changes seldom while it trains, so that it can be read out", () => {
    const told = Array.from({ length: 80 }, (_, i) => statusOf({ ...facts, last: point(i + 1) }));
    expect(new Set(told).size).toBe(4);
    expect(told[60]).toBe("Training: 50 of 80 epochs done.");
  });

  it("tells how training ended", () => {
    const accuracy = { train: 1, validation: null, test: 0.96875 };
    const result = { wasStopped: false, epochs: 80, bestEpoch: 61, milliseconds: 812, accuracy };
    const told = statusOf({ ...facts, phase: "trained", result, threads: 3 });
    expect(told).toBe(
      "Trained after 80 epochs, in 0.8 s on 3 threads. The weights of epoch 61 were the best and are kept. 96.9 % of the hidden labels are right.",
    );
    expect(statusOf({ ...facts, phase: "trained", result: { ...result, wasStopped: true } })).toMatch(
      /^Stopped after 80/,
    );
  });
});
