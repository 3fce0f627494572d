import { describe, expect, it } from "vitest";
import { cosineSchedule, inverseSquareRootSchedule, linearSchedule, type Schedule, warmup } from "./schedule.ts";

const rates = (schedule: Schedule, steps: readonly number[]): number[] => steps.map(schedule);
const close = (values: readonly number[]): unknown[] => values.map((value) => expect.closeTo(value, 12));

describe("a schedule", () => {
  it("along half a cosine starts whole, is half way in the middle, and stays at the last learning rate", () => {
    const schedule = cosineSchedule({ learningRate: 1, steps: 6, last: 0.5 });
    const third = 0.5 + 0.5 * 0.75;
    expect(rates(schedule, [0, 2, 3, 6, 100])).toEqual(close([1, third, 0.75, 0.5, 0.5]));
  });

  it("along a line falls in equal parts, to 0 when nothing else is said", () => {
    expect(rates(linearSchedule({ learningRate: 1, steps: 4 }), [0, 1, 2, 4, 5])).toEqual(close([1, 0.75, 0.5, 0, 0]));
  });

  it("along the inverse square root is half after three more steps", () => {
    expect(rates(inverseSquareRootSchedule({ learningRate: 1 }), [0, 3, 99])).toEqual(close([1, 0.5, 0.1]));
  });

  it("warms up in equal parts, then follows the other from its beginning", () => {
    const schedule = warmup(linearSchedule({ learningRate: 1, steps: 2 }), { steps: 4 });
    expect(rates(schedule, [0, 1, 2, 3, 4, 5, 6])).toEqual(close([0.25, 0.5, 0.75, 1, 1, 0.5, 0]));
    expect(rates(warmup(linearSchedule({ learningRate: 1, steps: 2 }), { steps: 0 }), [0, 1])).toEqual(close([1, 0.5]));
  });

  const refused: readonly (readonly [what: string, call: () => unknown, code: string])[] = [
    ["a negative learning rate", () => cosineSchedule({ learningRate: -1, steps: 2 }), "out-of-range"],
    [
      "a last learning rate that is no number",
      () => linearSchedule({ learningRate: 1, steps: 2, last: Number.NaN }),
      "out-of-range",
    ],
    ["no steps", () => cosineSchedule({ learningRate: 1, steps: 0 }), "out-of-range"],
    [
      "an endless learning rate",
      () => inverseSquareRootSchedule({ learningRate: Number.POSITIVE_INFINITY }),
      "out-of-range",
    ],
    ["half a step of warming up", () => warmup(() => 1, { steps: 0.5 }), "out-of-range"],
    [
      "options that nobody reads",
      () => cosineSchedule(Object.assign({ learningRate: 1, steps: 2 }, { least: 0 })),
      "unknown-option",
    ],
  ];
  for (const [what, call, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name: "OptionError", code })));
  }
});
