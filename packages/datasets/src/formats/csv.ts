import { DataError } from "@vicinal/core";
import { parse } from "csv-parse/sync";

/** A CSV file with a header line: text fields by column. */
export interface CsvTable {
  /** Names of the columns. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The position of a column in each row. @throws DataError `missing-column`. */
  column(name: string): number;
}

/**
 * Reads a CSV file with a header line.
 *
 * @throws DataError `malformed-csv`, naming the line.
 */
export function readCsv(where: string, bytes: Uint8Array): CsvTable {
  let rows: string[][];
  try {
    rows = parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { bom: true, skip_empty_lines: true });
  } catch (cause) {
    throw new DataError("malformed-csv", `${where}: ${String(cause)}. The file is damaged: fetch it again.`, { cause });
  }
  const [header = [], ...body] = rows;
  return {
    columns: header,
    rows: body,
    column(name) {
      const position = header.indexOf(name);
      if (position >= 0) return position;
      throw new DataError(
        "missing-column",
        `${where}: there is no column "${name}"; expected it among ${header.map((h) => `"${h}"`).join(", ")}.`,
      );
    },
  };
}

/** The number in a field that holds digits and nothing else. @throws DataError `malformed-csv`. */
export function wholeNumber(where: string, field: string | undefined, row: number): number {
  if (field !== undefined && /^\d+$/.test(field)) return Number(field);
  throw new DataError("malformed-csv", `${where}: line ${row + 2} holds "${field}"; expected a whole number.`);
}
