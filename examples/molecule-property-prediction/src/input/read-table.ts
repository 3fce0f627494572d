import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { MoleculeFileError, reasonOf } from "./molecule-file-error.ts";

/** A table of text with a header. */
export interface Table {
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** What a column of names is called where none is asked for. */
const nameColumns = ["name", "compound", "compound id", "compound_name", "cmpd_chemblid", "id", "title"];

/** @throws MoleculeFileError `missing-file`, `unreadable-table`. */
export async function readTable(path: string): Promise<Table> {
  try {
    return parseTable(path, await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof MoleculeFileError) throw error;
    throw new MoleculeFileError(
      "missing-file",
      `${path}: the file cannot be read: ${reasonOf(error)} Check the path.`,
      {
        cause: error,
      },
    );
  }
}

/** @throws MoleculeFileError `unreadable-table`. */
function parseTable(path: string, text: string): Table {
  let columns: string[] = [];
  try {
    const rows = parse<Record<string, string>>(text, {
      bom: true,
      columns: (header: string[]) => {
        columns = header.map((name) => name.trim());
        const repeated = columns.find((name, position) => columns.indexOf(name) !== position);
        if (repeated !== undefined) throw new Error(`The header names the column "${repeated}" twice.`);
        return columns;
      },
      skip_empty_lines: true,
      trim: true,
    });
    return { path, columns, rows };
  } catch (error) {
    throw new MoleculeFileError(
      "unreadable-table",
      `${path}: this is not a table of comma-separated values: ${reasonOf(error)} Expected a header line and as many fields in ` +
        "each line as the header has.",
      { cause: error },
    );
  }
}

/** The column that holds the molecules: the one asked for, else the one that is called SMILES, in whatever case. @throws MoleculeFileError `missing-column`. */
export function smilesColumn(table: Table, asked: string | undefined): string {
  return expectColumn(table, asked ?? table.columns.find((name) => name.toLowerCase() === "smiles") ?? "smiles");
}

/** The column that holds names: the one asked for, else one that is called as such columns are; undefined where there is none. @throws MoleculeFileError `missing-column`. */
export function nameColumn(table: Table, asked: string | undefined): string | undefined {
  if (asked !== undefined) return expectColumn(table, asked);
  return nameColumns
    .map((known) => table.columns.find((name) => name.toLowerCase() === known))
    .find((found) => found !== undefined);
}

/** @throws MoleculeFileError `missing-column`. */
export function expectColumn({ path, columns }: Table, name: string): string {
  if (columns.includes(name)) return name;
  throw new MoleculeFileError(
    "missing-column",
    `${path}: got the columns ${columns.map((column) => JSON.stringify(column)).join(", ") || "of an empty file"}; expected one named ` +
      `${JSON.stringify(name)} in the header line. Name another one, or rename the column that holds it.`,
  );
}

/** The fields of one column. */
export function fieldsOf({ rows }: Table, column: string | undefined): string[] {
  return rows.map((row) => (column === undefined ? "" : (row[column] ?? "")));
}
