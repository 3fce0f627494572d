import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Molecule } from "../molecule/molecule.ts";
import {
  knownChemblDifferences,
  knownDifferences,
  knownInvalidDifferences,
  knownPysmilesDifferences,
  knownValenceDifferences,
  refusedByBoth,
  refusedByRdkitAlone,
  rowsOfOtherAromaticity,
} from "../testing/known-differences.ts";
import {
  data,
  linesOf,
  moleculeDatasets,
  type ReferenceGraph,
  referenceGraphs,
  smilesOf,
} from "../testing/shared-data.ts";
import { moleculeFromSmiles, moleculesFromSmiles } from "./molecule-from-smiles.ts";

const differ = (got: readonly number[], expected: readonly number[]): boolean =>
  got.length !== expected.length || got.some((value, k) => value !== expected[k]);

/** What differs between a molecule and what RDKit read, aromaticity aside. */
function differences({ atoms, bonds }: Molecule, reference: ReferenceGraph): string[] {
  const orders = new Map<string, number>(
    reference.b.map(([a, b, order]) => [`${Math.min(a, b)}-${Math.max(a, b)}`, order] as const),
  );
  const inRing = new Map<string, number>(
    reference.b.map(([a, b, , ring]) => [`${Math.min(a, b)}-${Math.max(a, b)}`, ring] as const),
  );
  const named = bonds.map((bond) => ({ ...bond, name: `${bond.source}-${bond.target}` }));
  if (atoms.length !== reference.z.length) return ["atoms"];
  const found: Record<string, boolean> = {
    elements: differ(
      atoms.map(({ atomicNumber }) => atomicNumber),
      reference.z,
    ),
    charges: differ(
      atoms.map(({ charge }) => charge),
      reference.q,
    ),
    hydrogens: differ(
      atoms.map(({ hydrogens }) => hydrogens),
      reference.h,
    ),
    "atoms in rings": differ(
      atoms.map(({ ringSize }) => (ringSize > 0 ? 1 : 0)),
      reference.ring,
    ),
    bonds: bonds.length !== reference.b.length || named.some(({ name }) => !orders.has(name)),
    "bonds in rings": named.some(({ name, ringSize }) => inRing.get(name) !== (ringSize > 0 ? 1 : 0)),
    orders: named.some(({ name, order, aromatic }) => {
      const expected = orders.get(name);
      return !aromatic && expected !== 1.5 && expected !== order;
    }),
  };
  return Object.keys(found).filter((what) => found[what]);
}

describe.skipIf(data === "")("against RDKit (needs VICINAL_DATA)", () => {
  it.each(moleculeDatasets)(
    "%s: atoms, bonds, hydrogens, rings and charges agree but for the known differences",
    (name) => {
      const references = referenceGraphs(name);
      const smiles = smilesOf(name);
      expect(smiles).toHaveLength(references.length);
      const { molecules, rows, invalid } = moleculesFromSmiles(smiles, { onInvalid: "skip" });

      expect(invalid.map(({ row }) => row)).toEqual(references.flatMap(({ ok }, row) => (ok ? [] : [row])));
      const different: [number, string[]][] = [];
      let otherAromaticity = 0;
      for (const [k, molecule] of molecules.entries()) {
        const reference = references[rows[k]!]!;
        const found = differences(molecule, reference);
        if (found.length > 0) different.push([rows[k]!, found]);
        const aromatic = molecule.atoms.map((atom) => (atom.aromatic ? 1 : 0));
        if (found[0] !== "atoms" && differ(aromatic, reference.ar)) otherAromaticity++;
      }
      const known = knownDifferences.filter(({ dataset }) => dataset === name);
      expect(different).toEqual(known.flatMap(({ rows, what }) => rows.map((row) => [row, what])));
      expect(otherAromaticity).toBe(rowsOfOtherAromaticity[name]);
    },
  );

  it("ChEMBL, every fourth: hydrogens of aromatic SMILES agree but for the known differences", () => {
    const expected = new Map(
      linesOf("smiles-tests", "smilesreading", "chembl.aromatic.rdkit.hydrogens.rdkit.txt.gz").map((line) => {
        const [number, ...counts] = line.replace(/^# /, "").split(" ");
        return [number!, counts.join(" ")] as const;
      }),
    );
    const different: string[] = [];
    let read = 0;
    for (const line of linesOf("smiles-tests", "smilesreading", "chembl.aromatic.rdkit.smi.gz")) {
      const [smiles, number] = line.split(" ");
      // RDKit refused what it was to write.
      if (smiles === "") continue;
      if (Number(number) % 4 !== 0 && knownChemblDifferences[number!] === undefined) continue;
      const got = hydrogensOf(smiles!);
      if (got === expected.get(number!)) read++;
      else different.push(number!);
    }
    expect(different).toEqual(Object.keys(knownChemblDifferences));
    expect(read).toBe(11_861);
  });

  it("ChEMBL: the Kekule SMILES that are refused are those that RDKit refuses, but for the known ones", () => {
    const refused = linesOf("smiles-tests", "smilesreading", "chembl.kekule.smi.gz")
      .map((line) => line.split(" "))
      .filter(([, number], k) => k % 8 === 0 || [...refusedByBoth, ...refusedByRdkitAlone].includes(number!))
      .filter(([smiles]) => !/^[\d ]+$/.test(hydrogensOf(smiles!)));
    expect(refused.map(([, number]) => number)).toEqual(refusedByBoth);
  });

  it.each(["implicit", "explicit"])(
    "hydrogens of every common valence, %s, agree but for the known differences",
    (kind) => {
      const folder = ["smiles-tests", "smilesreading"];
      const expected = new Map(
        linesOf(...folder, `${kind}-valence.hydrogens.rdkit.txt`).map((line) => {
          const [name, ...counts] = line.replace(/^# /, "").split(" ");
          return [name!, counts.join(" ")] as const;
        }),
      );
      const different = linesOf(...folder, `${kind}-valence.smi`).flatMap((line) => {
        const [smiles, name] = line.split(" ");
        const got = hydrogensOf(smiles!);
        const same = expected.get(name!) === "Bad_valence" ? got === "impossible-valence" : got === expected.get(name!);
        return same ? [] : [`${kind} ${name}`];
      });
      const known = knownValenceDifferences.flatMap(({ cases }) => cases).filter((name) => name.startsWith(kind));
      expect(different.sort()).toEqual([...known].sort());
    },
  );
});

interface PysmilesCases {
  readonly valid: readonly {
    readonly smiles: string;
    readonly hydrogens_as_atoms: boolean;
    readonly atoms: readonly {
      readonly element?: string;
      readonly charge: number;
      readonly hcount?: number;
      readonly isotope?: number;
    }[];
    readonly bonds: readonly { readonly from: number; readonly to: number; readonly order: number }[];
  }[];
  readonly invalid: readonly { readonly smiles: string; readonly rdkit_accepts: boolean }[];
}

describe.skipIf(data === "")("the cases of pysmiles (need VICINAL_DATA)", () => {
  const cases: PysmilesCases =
    data === ""
      ? { valid: [], invalid: [] }
      : JSON.parse(readFileSync(join(data, "smiles-tests", "pysmiles-cases.json"), "utf8"));

  it("are read as expected, but for the known differences", () => {
    const different: string[] = [];
    for (const { smiles, hydrogens_as_atoms: all, atoms, bonds } of cases.valid) {
      // Those expect hydrogens as atoms that were not written as atoms.
      if (all) continue;
      const expected = [
        atoms.map((atom) => [atom.element ?? "*", atom.charge, atom.hcount ?? 0]),
        bonds.map(({ from, to }) => [Math.min(from, to), Math.max(from, to)]).sort(byNumbers),
      ];
      const got = attempt(() => {
        const molecule = moleculeFromSmiles(smiles);
        return [
          molecule.atoms.map(({ element, charge, hydrogens }) => [element, charge, hydrogens]),
          molecule.bonds.map(({ source, target }) => [source, target]).sort(byNumbers),
        ];
      });
      if (JSON.stringify(got) !== JSON.stringify(expected)) different.push(smiles);
    }
    expect(different.sort()).toEqual(Object.keys(knownPysmilesDifferences).sort());
  });

  it("that pysmiles refuses are refused where RDKit refuses them, but for the known differences", () => {
    const different = cases.invalid.filter(
      ({ smiles, rdkit_accepts: accepts }) => (attempt(() => moleculeFromSmiles(smiles)) !== undefined) !== accepts,
    );
    expect(different.map(({ smiles }) => smiles)).toEqual(Object.keys(knownInvalidDifferences));
  });
});

const byNumbers = (a: readonly number[], b: readonly number[]): number => a[0]! - b[0]! || a[1]! - b[1]!;

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The hydrogens of each atom, or the code of the error. */
function hydrogensOf(smiles: string): string {
  const { molecules, invalid } = moleculesFromSmiles([smiles], { onInvalid: "skip" });
  return invalid[0]?.code ?? molecules[0]!.atoms.map(({ hydrogens }) => hydrogens).join(" ");
}
