import { DataError } from "@vicinal/core";

/**
 * Refuses a table of answers that does not fit the table of what is known.
 *
 * @returns Count of rows.
 * @throws DataError `wrong-length`, `index-out-of-range` for an item that has no row, `not-finite` for an answer that is NaN.
 */
export function checkTables(
  where: string,
  actual: ArrayLike<number>,
  answers: ArrayLike<number>,
  targets: number,
  items: ArrayLike<number> | undefined,
): number {
  const rows = actual.length / targets;
  if (!(targets > 0 && Number.isInteger(rows)) || answers.length !== actual.length) {
    throw new DataError(
      "wrong-length",
      `${where}: got ${actual.length} known values and ${answers.length} answers for ${targets} targets; expected one of each for every item and target.`,
    );
  }
  for (let k = 0; k < (items?.length ?? 0); k++) {
    const item = items?.[k];
    if (item !== undefined && Number.isInteger(item) && item >= 0 && item < rows) continue;
    throw new DataError("index-out-of-range", `${where}: got the item ${item}; expected numbers below ${rows}.`);
  }
  return rows;
}

/**
 * The rows in which a target is known.
 *
 * @param actual `[rows, targets]`; NaN where unknown.
 * @throws DataError `not-finite` where a target is known and its answer is NaN.
 */
export function knownRows(
  where: string,
  actual: ArrayLike<number>,
  answers: ArrayLike<number>,
  targets: number,
  target: number,
  items: ArrayLike<number> | undefined,
): number[] {
  const rows: number[] = [];
  const count = items?.length ?? actual.length / targets;
  for (let k = 0; k < count; k++) {
    const row = items?.[k] ?? k;
    const at = row * targets + target;
    if (Number.isNaN(actual[at])) continue;
    if (Number.isNaN(answers[at])) {
      throw new DataError(
        "not-finite",
        `${where}: the answer for target ${target} of item ${row} is NaN; expected a number where the target is known.`,
      );
    }
    rows.push(row);
  }
  return rows;
}

/** The mean of what is defined; undefined where nothing is. */
export function meanOfDefined(values: readonly (number | undefined)[]): number | undefined {
  const defined = values.filter((value) => value !== undefined);
  return defined.length === 0 ? undefined : defined.reduce((total, value) => total + value, 0) / defined.length;
}
