import { OptionError, oneOf } from "./errors.ts";

/**
 * Refuses counts that are no whole numbers above 0.
 *
 * @param where Who refuses, such as `"GATConv"`: the sentence begins with it.
 * @param counts Each by the name of its option.
 * @throws OptionError `out-of-range` naming the first count that is not a whole number above 0.
 */
export function checkCounts(where: string, counts: Readonly<Record<string, number>>): void {
  for (const [what, count] of Object.entries(counts)) {
    if (Number.isSafeInteger(count) && count > 0) continue;
    throw new OptionError("out-of-range", `${where}: got ${what} ${count}; expected a whole number above 0.`);
  }
}

/**
 * Refuses a value that is none of the choices, as one who writes JavaScript may give it.
 *
 * @param where Who refuses: the sentence begins with it.
 * @param what The name of the option.
 * @throws OptionError `out-of-range` unless `value` is one of `choices`.
 */
export function checkChoice(where: string, what: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new OptionError(
    "out-of-range",
    `${where}: got the ${what} ${JSON.stringify(value)}; expected ${oneOf(choices)}.`,
  );
}

/** @throws OptionError `out-of-range` unless `value` is a positive, finite number. */
export function checkPositive(where: string, what: string, value: number): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw new OptionError("out-of-range", `${where}: got ${what} ${value}; expected a positive, finite number.`);
}
