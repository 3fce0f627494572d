import { expect, it } from "vitest";
import { dates } from "./dates.ts";

it("translates dates of days never seen, and draws what it attended to", () => {
  // Half of the examples; with all of them more than 98 in 100 are right.
  const { accuracy, text, alignmentSvg } = dates({ seed: 0, quick: true, epochs: 4 });
  expect(accuracy).toBeGreaterThanOrEqual(0.95);
  expect(text.match(/\b\d{4}-\d\d-\d\d/g)?.length).toBeGreaterThanOrEqual(10);
  expect(alignmentSvg).toMatch(/^<svg .*<\/svg>$/s);
  expect(alignmentSvg.match(/ attends to /g)?.length).toBeGreaterThan(10 * 20);
});
