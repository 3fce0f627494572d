import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { showProgress } from "./progress.ts";

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

  it("draws a bar in a terminal", () => {
    const { stream, text } = collected(true);
    const display = showProgress(stream, "Training");
    display.update(1, 2, "loss 0.5");
    display.update(2, 2, "loss 0.25");
    display.stop();
    expect(text()).toContain("█");
    expect(text()).toContain("loss 0.25");
  });

  it("leaves no trace if nothing happened", () => {
    for (const isTTY of [true, false]) {
      const { stream, text } = collected(isTTY);
      showProgress(stream, "Training").stop();
      expect(text()).toBe("");
    }
  });
});
