import { OptionError } from "@vicinal/core";

/** @throws OptionError `heads-do-not-divide` unless `hidden` is a multiple of `heads`. */
export function checkHeads(where: string, hidden: number, heads: number): void {
  if (hidden % heads === 0) return;
  throw new OptionError(
    "heads-do-not-divide",
    `${where}: got hidden ${hidden} with heads ${heads}; expected a multiple of heads, such as ` +
      `${heads * Math.max(1, Math.round(hidden / heads))}.`,
  );
}
