import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { showProgress } from "./progress.ts";

function shown(isTTY: boolean): string {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const display = showProgress(stream, "tagging");
  for (const epoch of [1, 2]) display.update({ epoch, epochs: 2, loss: 0.25 });
  display.stop();
  return String(stream.read() ?? "");
}

it("shows a bar in a terminal, and nothing elsewhere", () => {
  const bar = shown(true);
  for (const part of ["tagging", "epoch 1/2", "loss 0.250"]) expect(bar).toContain(part);
  expect(shown(false)).toBe("");
});
