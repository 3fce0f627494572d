import { DataError } from "@vicinal/core";

/** A text file of numbers: line by line, separated by commas or spaces. */
export interface TextTable {
  readonly rows: number;
  readonly columns: number;
  /** `[rows * columns]`. */
  readonly values: Float64Array;
}

/**
 * Reads a text file of numbers. Empty lines at the end do not count.
 *
 * @param columns How many numbers a line has. Default: as many as the first.
 * @throws DataError `malformed-file`, naming the line.
 */
export function readTextTable(where: string, text: string, columns?: number): TextTable {
  const lines = text.trimEnd().split(/\r?\n/);
  if (lines.length === 1 && lines[0] === "") return { rows: 0, columns: columns ?? 0, values: new Float64Array(0) };
  const fieldsOf = (line: string): readonly string[] => line.trim().split(/\s*,\s*|\s+/);
  const width = columns ?? fieldsOf(lines[0] ?? "").length;
  const values = new Float64Array(lines.length * width);
  for (const [row, line] of lines.entries()) {
    const fields = fieldsOf(line);
    for (let c = 0; c < width; c++) {
      const value = fields[c] === undefined || fields[c] === "" ? Number.NaN : Number(fields[c]);
      if (fields.length === width && Number.isFinite(value)) {
        values[row * width + c] = value;
        continue;
      }
      throw new DataError(
        "malformed-file",
        `${where}: line ${row + 1} holds "${line}"; expected ${width === 1 ? "one number" : `${width} numbers, separated by commas`}.`,
      );
    }
  }
  return { rows: lines.length, columns: width, values };
}

/**
 * A text file of one whole number a line.
 *
 * @param rows How many lines are expected, and of what.
 * @throws DataError `malformed-file`, `wrong-length`.
 */
export function readWholeNumbers(
  where: string,
  text: string,
  rows?: readonly [count: number, what: string],
): Int32Array {
  const table = readTextTable(where, text, 1);
  for (const [row, value] of table.values.entries()) {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) continue;
    throw new DataError("malformed-file", `${where}: line ${row + 1} holds ${value}; expected a whole number.`);
  }
  expectRows(where, table.rows, rows);
  return Int32Array.from(table.values);
}

/** @throws DataError `wrong-length`. */
export function expectRows(
  where: string,
  got: number,
  expected: readonly [count: number, what: string] | undefined,
): void {
  if (expected === undefined || got === expected[0]) return;
  throw new DataError(
    "wrong-length",
    `${where}: got ${got} lines for ${expected[0]} ${expected[1]}; expected one for each. The file is truncated, or belongs to other data.`,
  );
}
