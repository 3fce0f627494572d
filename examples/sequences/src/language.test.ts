import { expect, it } from "vitest";
import { language } from "./language.ts";

it("tells the language of words never seen, better than the counts of their letters do", () => {
  const { accuracy, baseline, text } = language({ seed: 0 });
  expect(accuracy).toBeGreaterThanOrEqual(0.6);
  expect(baseline).toBeGreaterThanOrEqual(0.4);
  expect(accuracy).toBeGreaterThanOrEqual(baseline + 0.1);
  for (const part of ["Finnish", "Confusion", "by counts of letters", "‹"]) expect(text).toContain(part);
});
