import { moleculeFromSmiles } from "@vicinal/molecules";
import { describe, expect, it } from "vitest";
import { madeUpInput } from "../testing/made-up.ts";
import { conflictsIn, sameMolecules } from "./same-molecules.ts";

const same = (...smiles: string[]) => Array.from(sameMolecules(smiles.map((each) => moleculeFromSmiles(each))));

describe("sameMolecules", () => {
  it("knows a molecule again, however it is written", () => {
    expect(same("CCO", "OCC", "c1ccccc1", "C1=CC=CC=C1", "C(O)C")).toEqual([0, 0, 1, 1, 0]);
  });

  it("tells apart what differs in a bond, a charge, an isotope, a configuration or a place", () => {
    expect(same("CCC", "CC=C")).toEqual([0, 1]);
    expect(same("CC(=O)O", "CC(=O)[O-]")).toEqual([0, 1]);
    expect(same("CO", "[13CH3]O")).toEqual([0, 1]);
    expect(same("C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O", "N[C@@H](C)C(=O)O")).toEqual([0, 1, 0]);
    expect(same("F/C=C/F", "F/C=C\\F")).toEqual([0, 1]);
    expect(same("Cc1ccccc1C", "Cc1cccc(C)c1")).toEqual([0, 1]);
  });
});

describe("conflictsIn", () => {
  it("finds molecules that are listed with different numbers, and lets those with equal or unknown ones be", () => {
    const smiles = ["CCO", "OCC", "C", "C", "N", "N", "C(C)O"];
    const input = madeUpInput({
      smiles,
      molecules: smiles.map((each) => moleculeFromSmiles(each)),
      targetNames: ["a", "b"],
      targets: Float64Array.of(1, 5, 2, 5, 3, 6, 3, Number.NaN, 4, 7, 4, 8, Number.NaN, 5),
    });
    expect(conflictsIn(input, sameMolecules(input.molecules))).toEqual([
      { molecules: [0, 1, 6], target: "a", values: [1, 2, Number.NaN] },
      { molecules: [4, 5], target: "b", values: [7, 8] },
    ]);
  });
});
