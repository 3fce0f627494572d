import type { Molecule } from "../molecule/molecule.ts";
import { parseMolfile } from "./parse-molfile.ts";
import { checkReadOptions, type ReadManyOptions, type ReadOptions, readOptionNames } from "./read-options.ts";
import { type ReadMolecules, readRows } from "./read-rows.ts";
import { readingRow } from "./unreadable.ts";

/**
 * Reads one molecule from a MOL block, V2000 or V3000.
 *
 * @throws MoleculeError `malformed-molfile`, `empty-molecule`, `query-molecule`, `impossible-valence`; OptionError `unknown-option`, `out-of-range`.
 */
export function moleculeFromMol(molfile: string, options: ReadOptions = {}): Molecule {
  const where = "moleculeFromMol";
  checkReadOptions(where, options, readOptionNames);
  return readingRow(where, nameOf(molfile), undefined, () => parseMolfile(molfile, options));
}

/**
 * Reads the molecules of an SD file, with the names and data fields of their records.
 *
 * @throws MoleculeError as {@link moleculeFromMol}, naming the record by its place and name, unless invalid ones are skipped; OptionError `unknown-option`,
 * `out-of-range`.
 */
export function moleculesFromSdf(sdf: string, options: ReadManyOptions = {}): ReadMolecules {
  const where = "moleculesFromSdf";
  checkReadOptions(where, options, [...readOptionNames, "onInvalid"]);
  const records = sdf.replaceAll("\r\n", "\n").split(/^\$\$\$\$.*\n?/m);
  // What follows the last end of a record is no record, unless the end was left out.
  if (records.at(-1)?.trim() === "") records.pop();
  return readRows(where, records, nameOf, options.onInvalid ?? "throw", (record) => {
    const end = /^M {2}END.*$/m.exec(record);
    const data = end === null ? "" : record.slice(end.index + end[0].length);
    return parseMolfile(record.slice(0, record.length - data.length), options, fieldsOf(data));
  });
}

/** The first line of a record, which names its molecule. */
function nameOf(record: string): string {
  return record.split("\n", 1)[0]!.trim();
}

/** The data fields behind a MOL block: a line `> <NAME>`, lines of the value, an empty line. */
function fieldsOf(data: string): Readonly<Record<string, string>> {
  const fields: [string, string][] = [];
  for (const [, name, value] of data.matchAll(/^>[^\n]*<([^>\n]+)>[^\n]*\n([\s\S]*?)(?=\n[ \t]*\n|\n?$(?![\s\S]))/gm)) {
    fields.push([name!, value!.trim()]);
  }
  return Object.fromEntries(fields);
}
