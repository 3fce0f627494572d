import { parse } from "csv-parse/browser/esm/sync";
import { problem } from "../page-problem.ts";

/** A table of comma-separated values: a header line, and a row for each molecule. */
export interface TrainingTable {
  readonly columns: readonly string[];
  /** `[rows][columns]`. */
  readonly rows: readonly (readonly string[])[];
}

/** Which columns a network is to learn from. */
export interface TableColumns {
  readonly smiles: string;
  readonly target: string;
}

/** The most rows that are read: training on more takes longer than anyone waits for a page. */
export const mostRows = 20_000;

/**
 * Reads a table whose fields are separated by commas, semicolons or tabs, whichever its first line has most of.
 *
 * @throws PageProblem naming the line of what is no table.
 */
export function readTrainingTable(text: string): TrainingTable {
  let records: string[][];
  try {
    records = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      skip_empty_lines: true,
      trim: true,
      to: mostRows + 2,
      max_record_size: 100_000,
    });
  } catch (error) {
    throw problem(
      `This is no table of comma-separated values: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  const [columns, ...rows] = records;
  if (columns === undefined || rows.length === 0) {
    throw problem("The table has no rows; expected a header line, then a line for each molecule.");
  }
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw problem(`The table has two columns called ${quoted(twice)}; rename one of them.`);
  if (rows.length > mostRows) {
    throw problem(
      `The table has more than ${mostRows.toLocaleString("en")} rows, which is more than a page should train on.`,
    );
  }
  return { columns, rows };
}

/** A guess at what the columns of a table hold; undefined where nothing fits. */
export function guessColumns({ columns, rows }: TrainingTable): Partial<TableColumns> {
  const smiles =
    columns.find((column) => /^smiles$/i.test(column)) ?? columns.find((column) => /smiles|structure/i.test(column));
  const numeric = columns.filter(
    (column, index) =>
      column !== smiles &&
      !/^(?:row|number|nr|no|id|index|#)?$/i.test(column) &&
      rows.some((row) => row[index] !== "") &&
      rows.every((row) => row[index] === "" || isNumber(row[index]!)),
  );
  const target = numeric.find((column) => /measured|target|exp|log|value/i.test(column)) ?? numeric.at(-1);
  return { ...(smiles !== undefined && { smiles }), ...(target !== undefined && { target }) };
}

/** What a table says of its molecules. */
export interface TableTargets {
  /** `[rows]` */
  readonly smiles: readonly string[];
  /** `[rows]`; NaN where the field is empty. */
  readonly targets: Float64Array;
  /** Whether all that is known is 0 or 1, which are taken for no and yes. */
  readonly areAnswers: boolean;
}

/** @throws PageProblem for a column that is not there, and for a target that is neither a number nor empty, naming the row. */
export function targetsOf(table: TrainingTable, columns: TableColumns): TableTargets {
  const [smiles, target] = [columnOf(table, columns.smiles), columnOf(table, columns.target)];
  const targets = Float64Array.from(table.rows, (row, index) => {
    const field = row[target]!;
    if (field === "") return Number.NaN;
    if (isNumber(field)) return Number(field);
    throw problem(
      `Row ${index + 1} has ${quoted(field)} in the column ${quoted(columns.target)}; expected a number, or nothing where it is not known.`,
    );
  });
  const known = targets.filter((value) => !Number.isNaN(value));
  if (known.length === 0) throw problem(`The column ${quoted(columns.target)} is empty; choose one with numbers.`);
  return {
    smiles: table.rows.map((row) => row[smiles]!),
    targets,
    areAnswers: known.every((value) => value === 0 || value === 1) && new Set(known).size === 2,
  };
}

function columnOf({ columns }: TrainingTable, name: string): number {
  const index = columns.indexOf(name);
  if (index === -1) throw problem(`The table has no column ${quoted(name)}.`);
  return index;
}

function delimiterOf(text: string): string {
  const line = text.slice(0, Math.max(0, text.search(/[\r\n]/)) || 10_000);
  const counts = [",", ";", "\t"].map((delimiter) => ({ delimiter, count: line.split(delimiter).length }));
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).delimiter;
}

function isNumber(field: string): boolean {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(field) && Number.isFinite(Number(field));
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
