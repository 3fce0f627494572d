import { Random } from "@vicinal/core";
import { moleculeFromSmiles } from "@vicinal/molecules";
import { describe, expect, it } from "vitest";
import { hillFormula } from "./hill-formula.ts";
import { madeUpStructure } from "./made-up-structures.ts";
import { isConnected, type Structure } from "./structure.ts";

const many = (known: readonly Structure[], mostAtoms: number, count: number) => {
  const random = new Random(3);
  return Array.from({ length: count }, () => madeUpStructure(known, mostAtoms, random));
};

/** What each atom is, with all its bonds, those to hydrogens too. */
function valences({ atoms, bonds }: Structure): string[] {
  return atoms.map(({ element, charge, hydrogens }, atom) => {
    const orders = bonds.filter(({ source, target }) => source === atom || target === atom).map(({ order }) => order);
    return `${element} ${charge} ${orders.reduce((sum, order) => sum + order, hydrogens)}`;
  });
}

describe("a structure made up of pieces", () => {
  const known = ["CC(=O)Oc1ccccc1C(=O)O", "C[N+](=O)[O-]", "CS(=O)(=O)Cl", "FC(F)(F)C#N", "OP(=O)(O)O"].map((smiles) =>
    moleculeFromSmiles(smiles),
  );

  it("is in one piece, of as many atoms as asked for, each with as many bonds as an atom of its kind has", () => {
    const kinds = new Set(known.flatMap(valences));
    const made = many(known, 9, 500);
    for (const structure of made) {
      expect(isConnected(structure)).toBe(true);
      expect(structure.atoms.every(({ hydrogens }) => hydrogens >= 0)).toBe(true);
      for (const kind of valences(structure)) expect(kinds).toContain(kind);
    }
    expect(new Set(made.map(({ atoms }) => atoms.length))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]));
  });

  it("has the formula of what it is: of chains of carbon come chains of carbon", () => {
    const formulae = many([moleculeFromSmiles("CCC")], 4, 100).map(hillFormula);
    expect(new Set(formulae)).toEqual(new Set(["CH4", "C2H6", "C3H8", "C4H10"]));
  });

  it("is drawn anew by each seed, and the same by the same", () => {
    expect(many(known, 9, 20)).toEqual(many(known, 9, 20));
    expect(many(known, 9, 2)[0]).not.toEqual(many(known, 9, 2)[1]);
  });
});
