import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";

/** The folder of data sets, empty where there is none: tests that need it are skipped then. */
export const data: string = process.env["VICINAL_DATA"] ?? "";

/** What RDKit 2022.09.3 read of a row. */
export interface ReferenceGraph {
  readonly ok: boolean;
  readonly z: readonly number[];
  readonly q: readonly number[];
  readonly h: readonly number[];
  readonly ar: readonly number[];
  readonly ring: readonly number[];
  readonly b: readonly (readonly [from: number, to: number, order: number, inRing: number])[];
}

export const moleculeDatasets = ["lipophilicity", "esol", "clintox"] as const;

/** The SMILES of a data set. */
export function smilesOf(name: string): string[] {
  const meta: { file: string; smiles_column: string } = JSON.parse(readFileSync(join(data, name, "meta.json"), "utf8"));
  const rows: Record<string, string>[] = parse(readFileSync(join(data, name, meta.file)), { columns: true, bom: true });
  return rows.map((row) => row[meta.smiles_column]!);
}

export function referenceGraphs(name: string): ReferenceGraph[] {
  return linesOf(name, "reference-graphs.jsonl.gz").map((line) => JSON.parse(line));
}

/** The lines of a file below the folder, unpacked where it is packed. */
export function linesOf(...path: readonly string[]): string[] {
  const bytes = readFileSync(join(data, ...path));
  const text = path.at(-1)!.endsWith(".gz") ? gunzipSync(bytes).toString() : bytes.toString();
  return text.split(/\r?\n/).filter((line) => line !== "");
}
