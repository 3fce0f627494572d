import { OptionError } from "@vicinal/core";

/** @throws OptionError `out-of-range` naming the first count that is not a whole number above 0. */
export function checkCounts(name: string, counts: Readonly<Record<string, number>>): void {
  for (const [what, count] of Object.entries(counts)) {
    if (Number.isInteger(count) && count > 0) continue;
    throw new OptionError("out-of-range", `${name}: got ${what} ${count}; expected a whole number above 0.`);
  }
}

/** @throws OptionError `out-of-range` unless `0 <= dropout < 1`. */
export function checkDropout(name: string, dropout: number): void {
  if (dropout >= 0 && dropout < 1) return;
  throw new OptionError("out-of-range", `${name}: got dropout ${dropout}; expected 0 <= dropout < 1.`);
}

/** @throws OptionError `out-of-range` for a number that is not finite. */
export function checkFinite(name: string, what: string, value: number): void {
  if (Number.isFinite(value)) return;
  throw new OptionError("out-of-range", `${name}: got ${what} ${value}; expected a finite number.`);
}

/** @throws OptionError `out-of-range` unless `value` is one of `choices`. */
export function checkChoice(name: string, what: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new OptionError(
    "out-of-range",
    `${name}: got the ${what} ${JSON.stringify(value)}; expected one of ${choices.map((choice) => `"${choice}"`).join(", ")}.`,
  );
}
