import { describe, expect, it } from "vitest";
import { epochInWords } from "./epoch-in-words.ts";

describe("epochInWords", () => {
  it("tells the loss, and the validation where there is one", () => {
    const stage = "training";
    const epoch = {
      stage,
      epoch: 1,
      epochs: 2,
      bestEpoch: 1,
      milliseconds: 1,
      elapsedMilliseconds: 1,
      loss: 0.51234,
    } as const;
    expect(epochInWords({ ...epoch, validationLoss: undefined, validationMetric: undefined })).toBe("loss 0.512");
    expect(epochInWords({ ...epoch, validationLoss: 1, validationMetric: 0.8 })).toBe("loss 0.512, validation 80.0 %");
  });

  it("tells a trial from the training itself", () => {
    const epoch = { epoch: 1, epochs: 2, bestEpoch: 1, milliseconds: 1, elapsedMilliseconds: 1, loss: 0.5 };
    const words = epochInWords({ ...epoch, stage: "trial", validationLoss: undefined, validationMetric: undefined });
    expect(words).toBe("trial, loss 0.500");
  });
});
