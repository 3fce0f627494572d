import { Molecule } from "../molecule/molecule.ts";
import { perceive } from "../molecule/perceive.ts";
import { parseSmiles, readAgain } from "./parse-smiles.ts";
import { checkReadOptions, type ReadManyOptions, type ReadOptions, readOptionNames } from "./read-options.ts";
import { type ReadMolecules, readRows } from "./read-rows.ts";
import { readingRow } from "./unreadable.ts";

/**
 * Reads one molecule from a SMILES (Weininger, 1988; OpenSMILES 1.0). Spaces around it are ignored.
 *
 * openchemlib reads it. Beyond what openchemlib refuses are refused: what its grammar does not allow, lower-case atoms that cannot be given alternating
 * bonds, and atoms of boron to fluorine with more bonds than they can have.
 *
 * @throws MoleculeError `empty-molecule`, `malformed-smiles`, `not-kekulizable`, `impossible-valence`, `query-molecule`; OptionError `unknown-option`,
 * `out-of-range`.
 */
export function moleculeFromSmiles(smiles: string, options: ReadOptions = {}): Molecule {
  checkReadOptions("moleculeFromSmiles", options, readOptionNames);
  return readingRow("moleculeFromSmiles", smiles, undefined, () => read(smiles, options));
}

/**
 * Reads many molecules from SMILES.
 *
 * @throws MoleculeError as {@link moleculeFromSmiles}, naming the row, unless invalid ones are skipped; OptionError `unknown-option`, `out-of-range`.
 */
export function moleculesFromSmiles(smiles: readonly string[], options: ReadManyOptions = {}): ReadMolecules {
  checkReadOptions("moleculesFromSmiles", options, [...readOptionNames, "onInvalid"]);
  return readRows(
    "moleculesFromSmiles",
    smiles,
    (text) => text,
    options.onInvalid ?? "throw",
    (text) => read(text, options),
  );
}

function read(smiles: string, options: ReadOptions): Molecule {
  const { toolkit, text, toolkitAtom, stereo } = parseSmiles(smiles, options);
  const { atoms, bonds } = perceive(toolkit, toolkitAtom, stereo);
  const largest = options.keep === "largest" && text.includes(".");
  return new Molecule(atoms, bonds, {
    toolkitAtom,
    read: (wanted) => readAgain(text, largest, { ...wanted, stereo: stereo && wanted.stereo !== false }),
  });
}
