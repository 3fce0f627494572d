import { checkOptionNames } from "@vicinal/core";
import { smilesOfCode } from "../molecule/canonical-smiles.ts";
import type { Molecule } from "../molecule/molecule.ts";
import { scaffoldCode } from "../scaffold/scaffold.ts";
import { ascending, checkedShares, type MoleculeSplit, type SplitShares } from "./split.ts";

/** A {@link MoleculeSplit} by scaffold. */
export interface ScaffoldSplit extends MoleculeSplit {
  /** `[molecules]`: the scaffold of each, as SMILES. */
  readonly scaffolds: readonly string[];
}

/**
 * Splits molecules so that those of one scaffold stay together, which asks a model for what it has not seen: as MoleculeNet (Wu et al., 2018) and DeepChem
 * do it. Groups of one scaffold are taken from the largest to the smallest, of equal ones the one whose first molecule comes last; each goes to the
 * training part while it fits, else to validation while that fits, else to test. Nothing is drawn at random.
 *
 * @throws OptionError `unknown-option`, or `out-of-range` for shares that sum to more than 1.
 */
export function scaffoldSplit(molecules: readonly Molecule[], options: SplitShares = {}): ScaffoldSplit {
  const where = "scaffoldSplit";
  checkOptionNames(where, options, ["train", "validation"]);
  const shares = checkedShares(where, options);
  const codes = molecules.map(scaffoldCode);
  const groups = new Map<string, number[]>();
  for (const [number, code] of codes.entries()) {
    const group = groups.get(code);
    if (group === undefined) groups.set(code, [number]);
    else group.push(number);
  }
  const smiles = new Map(Array.from(groups.keys(), (code) => [code, code === "" ? "" : smilesOfCode(code)] as const));
  const largestFirst = [...groups.values()].sort((a, b) => b.length - a.length || b[0]! - a[0]!);
  const trainEnd = shares.train * molecules.length;
  const validationEnd = (shares.train + shares.validation) * molecules.length;
  const train: number[] = [];
  const validation: number[] = [];
  const test: number[] = [];
  for (const group of largestFirst) {
    if (train.length + group.length <= trainEnd) train.push(...group);
    else if (train.length + validation.length + group.length <= validationEnd) validation.push(...group);
    else test.push(...group);
  }
  return {
    train: ascending(train),
    validation: ascending(validation),
    test: ascending(test),
    scaffolds: codes.map((code) => smiles.get(code) ?? ""),
  };
}
