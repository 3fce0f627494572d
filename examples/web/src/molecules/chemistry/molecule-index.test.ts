import { moleculeFromSmiles } from "@vicinal/molecules";
import { describe, expect, it } from "vitest";
import { firstOfEach, MoleculeIndex } from "./molecule-index.ts";

describe("MoleculeIndex", () => {
  it("finds a molecule however it is written, and no isomer of it", () => {
    const index = new MoleculeIndex();
    for (const [number, smiles] of ["OCC", "c1ccccc1C", "COC", "F/C=C/F"].entries()) {
      index.add(moleculeFromSmiles(smiles), number);
    }
    const find = (smiles: string) => index.find(moleculeFromSmiles(smiles));
    expect([find("C(C)O"), find("CC1=CC=CC=C1"), find("O(C)C"), find("FC=CF"), find("F\\C=C\\F"), find("C")]).toEqual([
      0,
      1,
      2,
      undefined,
      3,
      undefined,
    ]);
  });

  it("tells salts apart from what they are made of", () => {
    const molecules = ["CC(=O)O", "CC(=O)[O-]", "CC([O-])=O", "CC(O)=O"].map((smiles) => moleculeFromSmiles(smiles));
    expect([...firstOfEach(molecules)]).toEqual([0, 1, 1, 0]);
  });
});
