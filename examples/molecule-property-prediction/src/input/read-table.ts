import { readFile } from "node:fs/promises";
import { readTable, reasonOf, type Table } from "@vicinal/example-graph-files";
import { MoleculeFileError } from "./molecule-file-error.ts";

/** A table that was read from a file. */
export interface TableFile extends Table {
  readonly path: string;
}

/** What a column of names is called where none is asked for. */
const nameColumns = ["name", "compound", "compound id", "compound_name", "cmpd_chemblid", "id", "title"];

/** @throws MoleculeFileError `missing-file`, `unreadable-table`. */
export async function readTableFile(path: string): Promise<TableFile> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new MoleculeFileError(
      "missing-file",
      `${path}: the file cannot be read: ${reasonOf(cause)} Check the path.`,
      { cause },
    );
  }
  const refusal = (message: string, cause: unknown) => new MoleculeFileError("unreadable-table", message, { cause });
  return { path, ...readTable(path, text, refusal) };
}

/** The column that holds the molecules: the one asked for, else the one that is called SMILES, in whatever case. @throws MoleculeFileError `missing-column`. */
export function smilesColumn(table: TableFile, asked: string | undefined): string {
  return expectColumn(table, asked ?? table.columns.find((name) => name.toLowerCase() === "smiles") ?? "smiles");
}

/** The column that holds names: the one asked for, else one that is called as such columns are; undefined where there is none. @throws MoleculeFileError `missing-column`. */
export function nameColumn(table: TableFile, asked: string | undefined): string | undefined {
  if (asked !== undefined) return expectColumn(table, asked);
  return nameColumns
    .map((known) => table.columns.find((name) => name.toLowerCase() === known))
    .find((found) => found !== undefined);
}

/** @throws MoleculeFileError `missing-column`. */
export function expectColumn({ path, columns }: TableFile, name: string): string {
  if (columns.includes(name)) return name;
  throw new MoleculeFileError(
    "missing-column",
    `${path}: got the columns ${columns.map((column) => JSON.stringify(column)).join(", ") || "of an empty file"}; expected one named ` +
      `${JSON.stringify(name)} in the header line. Name another one, or rename the column that holds it.`,
  );
}

/** The fields of one column. */
export function fieldsOf({ rows }: TableFile, column: string | undefined): string[] {
  return rows.map((row) => (column === undefined ? "" : (row[column] ?? "")));
}
