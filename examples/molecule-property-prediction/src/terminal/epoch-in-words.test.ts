import { describe, expect, it } from "vitest";
import { epochInWords } from "./epoch-in-words.ts";

describe("epochInWords", () => {
  it("tells the loss, the validation where there is one, and the network of an ensemble", () => {
    const epoch = {
      stage: "training",
      epoch: 1,
      epochs: 2,
      bestEpoch: 1,
      milliseconds: 1,
      elapsedMilliseconds: 1,
      loss: 0.51234,
      validationMetric: undefined,
    } as const;
    expect(epochInWords({ ...epoch, validationLoss: undefined, member: 0, members: 1 })).toBe("epochs, loss 0.512");
    expect(epochInWords({ ...epoch, validationLoss: 0.25, member: 1, members: 3 })).toBe(
      "epochs, network 2 of 3, loss 0.512, validation 0.250",
    );
  });
});
