import { describe, expect, it } from "vitest";
import { accuracy } from "../metrics/accuracy.ts";
import { predictedClasses } from "../metrics/predicted-classes.ts";
import { majorityBaseline } from "./majority.ts";

describe("majorityBaseline", () => {
  const labels = Int32Array.of(1, 1, 0, 1, 0, 2, -1);

  it("gives every node the shares of the classes among the training labels", () => {
    const probabilities = majorityBaseline(labels, Uint32Array.of(0, 1, 2, 3));
    expect(probabilities).toEqual(Float32Array.from({ length: 21 }, (_, i) => [0.25, 0.75, 0][i % 3]!));
    expect(accuracy(labels, predictedClasses(probabilities, 3), [4, 3])).toBe(0.5);
  });

  it("takes the count of classes where labels do not show it", () => {
    expect(majorityBaseline(Int32Array.of(0), Uint32Array.of(0), { classes: 3 })).toEqual(Float32Array.of(1, 0, 0));
  });

  it.each([
    ["no-labels", [], {}],
    ["index-out-of-range", [7], {}],
    ["unlabeled-node", [6], {}],
    ["label-out-of-range", [5], { classes: 2 }],
    ["out-of-range", [0], { classes: 0 }],
    ["out-of-range", [0], { classes: 1.5 }],
    ["unknown-option", [0], { steps: 50 }],
  ])("refuses with %s: training nodes %j, options %j", (code, train, options) => {
    expect(() => Reflect.apply(majorityBaseline, undefined, [labels, Uint32Array.from(train), options])).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
