import { OptionError } from "@vicinal/core";

/** How several weights become one. */
export type Reduction = "mean" | "max";

/** @throws OptionError `out-of-range` for a reduction that is not known. */
export function checkReduction(where: string, what: string, how: Reduction): void {
  if (how === "mean" || how === "max") return;
  throw new OptionError(
    "out-of-range",
    `${where}: got the reduction ${JSON.stringify(how)} for ${what}; expected "mean" or "max".`,
  );
}

/** One number for several; 0 for none. */
export function reduced(weights: readonly number[], how: Reduction): number {
  if (weights.length === 0) return 0;
  return how === "max" ? Math.max(...weights) : weights.reduce((total, weight) => total + weight, 0) / weights.length;
}
