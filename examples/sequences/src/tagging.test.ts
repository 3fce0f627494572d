import { expect, it } from "vitest";
import { tagging } from "./tagging.ts";

it("names the parts of addresses whose names were never seen, which words on their own do not tell", () => {
  const { accuracy, accuracyWithoutContext, wholeAddresses, text } = tagging({ seed: 0 });
  expect(accuracy).toBeGreaterThanOrEqual(0.98);
  expect(wholeAddresses).toBeGreaterThanOrEqual(0.85);
  expect(accuracyWithoutContext).toBeLessThan(0.8);
  for (const part of ["recipient", "postcode", "F1", "held out"]) expect(text).toContain(part);
});
