import { parse } from "csv-parse/browser/esm/sync";
import { reasonOf } from "./graph-file-error.ts";

/** A table of text with a header. */
export interface Table {
  readonly columns: readonly string[];
  /** The fields of each row by column, without the blanks around them. */
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/**
 * Reads comma-separated values with a header line.
 *
 * @param name What messages call the file.
 * @param refusal Makes what is thrown, of a sentence and its cause, for a header that names a column twice and for what is no table.
 */
export function readTable(name: string, text: string, refusal: (message: string, cause: unknown) => Error): Table {
  let columns: string[] = [];
  try {
    const rows = parse<Record<string, string>>(text, {
      bom: true,
      columns: (header: string[]) => {
        columns = header.map((column) => column.trim());
        const repeated = columns.find((column, position) => columns.indexOf(column) !== position);
        if (repeated !== undefined) throw new Error(`The header names the column "${repeated}" twice.`);
        return columns;
      },
      skip_empty_lines: true,
      trim: true,
    });
    return { columns, rows };
  } catch (error) {
    const reason =
      `${name}: this is not a table of comma-separated values: ${reasonOf(error)} Expected a header line and as many fields in ` +
      "each line as the header has.";
    throw refusal(reason, error);
  }
}
