import { OptionError } from "@vicinal/core";

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

/** @throws OptionError `heads-do-not-divide` unless `width` is a multiple of `heads`. */
export function checkHeads(name: string, what: string, width: number, heads: number): void {
  if (width % heads === 0) return;
  throw new OptionError(
    "heads-do-not-divide",
    `${name}: got ${what} ${width} with heads ${heads}; expected a multiple of heads, such as ` +
      `${heads * Math.max(1, Math.round(width / heads))}.`,
  );
}
