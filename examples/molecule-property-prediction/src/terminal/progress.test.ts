import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { epochInWords, showProgress } from "./progress.ts";

function collected(isTTY: boolean): { stream: PassThrough & { isTTY: boolean }; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY });
  let text = "";
  stream.on("data", (piece) => {
    text += String(piece);
  });
  return { stream, text: () => text };
}

describe("showProgress", () => {
  it("writes a line a second at most where there is no terminal, and always the last", () => {
    const { stream, text } = collected(false);
    let time = 0;
    const display = showProgress(stream, "Training", () => time);
    for (let epoch = 1; epoch <= 100; epoch++) {
      display.update(epoch, 100, "loss 0.5");
      time += 30;
    }
    display.stop();
    expect(text().trim().split("\n")).toEqual([
      "Training 1/100 loss 0.5",
      "Training 35/100 loss 0.5",
      "Training 69/100 loss 0.5",
      "Training 100/100 loss 0.5",
    ]);
  });

  it("draws a bar in a terminal, and leaves no trace if nothing happened", () => {
    const drawn = collected(true);
    const display = showProgress(drawn.stream, "Training");
    display.update(1, 2, "loss 0.5");
    display.update(2, 2, "loss 0.25");
    display.stop();
    expect(drawn.text()).toContain("█");
    expect(drawn.text()).toContain("loss 0.25");
    const untouched = collected(true);
    showProgress(untouched.stream, "Training").stop();
    expect(untouched.text()).toBe("");
  });
});

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
