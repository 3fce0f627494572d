import { Molecule as Toolkit } from "openchemlib";
import { describe, expect, it } from "vitest";
import { toSmiles } from "../molecule/to-smiles.ts";
import { moleculeFromSmiles } from "./molecule-from-smiles.ts";
import { moleculeFromMol, moleculesFromSdf } from "./molecules-from-sdf.ts";

/** Written by hand: seen from the front, nitrogen, the acid and the methyl group run clockwise around the hydrogen behind. */
const zwitterion = `D-alanine
  by hand

  6  5  0  0  1  0            999 V2000
    0.0000    0.0000    0.0000 C   0  0
    1.2990    0.7500    0.0000 C   0  0
    2.5981    0.0000    0.0000 C   0  0
    2.5981   -1.5000    0.0000 O   0  0
    3.8971    0.7500    0.0000 O   0  0
    1.2990    2.2500    0.0000 N   0  0
  1  2  1  0
  2  3  1  0
  3  4  2  0
  3  5  1  0
  2  6  1  1
M  CHG  2   5  -1   6   1
M  ISO  1   1  13
M  END
`;
const molfileOf = (smiles: string): string => Toolkit.fromSmiles(smiles).toMolfile();

describe("a MOL block", () => {
  it("is read with charges, isotopes, configuration and name", () => {
    const molecule = moleculeFromMol(zwitterion);
    expect(molecule.name).toBe("D-alanine");
    expect(
      molecule.atoms.map(({ element, charge, isotope, hydrogens }) => [element, charge, isotope, hydrogens]),
    ).toEqual([
      ["C", 0, 13, 3],
      ["C", 0, 0, 1],
      ["C", 0, 0, 0],
      ["O", 0, 0, 0],
      ["O", -1, 0, 0],
      ["N", 1, 0, 3],
    ]);
    expect(molecule.atoms[1]!.chirality).toBe("R");
    expect(toSmiles(molecule)).toBe(toSmiles(moleculeFromSmiles("[13CH3][C@@H]([NH3+])C(=O)[O-]")));
    expect(molecule.formula).toBe(moleculeFromSmiles("[13CH3]C([NH3+])C(=O)[O-]").formula);
  });

  it.each(["CCO", "C[C@H](N)C(=O)O", "F/C=C\\Cl", "c1ccncc1", "[Na+].[Cl-]", "C[N+](=O)[O-]", "[2H]C([H])O[H]"])(
    "of %s gives the molecule of its SMILES, V2000 and V3000",
    (smiles) => {
      const expected = toSmiles(moleculeFromSmiles(smiles));
      expect(toSmiles(moleculeFromMol(molfileOf(smiles)))).toBe(expected);
      expect(toSmiles(moleculeFromMol(Toolkit.fromSmiles(smiles).toMolfileV3()))).toBe(expected);
      expect(toSmiles(moleculeFromMol(molfileOf(smiles).replaceAll("\n", "\r\n")))).toBe(expected);
    },
  );

  it("keeps the order of its atoms when hydrogens stand between them", () => {
    const water = `

  by hand
  3  2  0  0  0  0            999 V2000
    0.0000    0.0000    0.0000 H   0  0
    1.0000    0.0000    0.0000 O   0  0
    2.0000    0.0000    0.0000 C   0  0
  1  2  1  0
  2  3  1  0
M  END
`;
    expect(moleculeFromMol(water).atoms.map(({ element, hydrogens }) => `${element}${hydrogens}`)).toEqual([
      "O1",
      "C3",
    ]);
    const all = moleculeFromMol(water, { explicitHydrogens: "atoms" });
    expect(all.atoms.map(({ element, hydrogens }) => `${element}${hydrogens}`)).toEqual(["H0", "O0", "C3"]);
  });

  it.each([
    ["", "malformed-molfile"],
    ["no molecule at all", "malformed-molfile"],
    ["\n\n\n  0  0  0  0  0  0            999 V2000\nM  END\n", "empty-molecule"],
    [zwitterion.split("\n").slice(0, 8).join("\n"), "malformed-molfile"],
    [zwitterion.replace("  2  6  1  1", "  2 66  1  1"), "malformed-molfile"],
    [zwitterion.replace("N   0", "R#  0"), "query-molecule"],
  ])("that does not hold a molecule is refused (%#)", (text, code) => {
    expect(() => moleculeFromMol(text)).toThrow(expect.objectContaining({ name: "MoleculeError", code }));
  });
});

describe("an SD file", () => {
  const ethanol = `${molfileOf("CCO")}> <logP>\n-0.31\n\n>  <Names>  (7)\nethanol\nspirit of wine\n\n`;
  const broken = "broken\n\n\n 12  3  0  0\nM  END\n";
  const file = [ethanol, broken, zwitterion].map((record) => `${record}$$$$\n`).join("");

  it("gives molecules with their data fields", () => {
    const { molecules, rows, invalid } = moleculesFromSdf(file, { onInvalid: "skip" });
    expect(molecules.map(({ formula }) => formula)).toEqual(["C2H6O", moleculeFromMol(zwitterion).formula]);
    expect([...rows]).toEqual([0, 2]);
    expect(molecules[0]!.fields).toEqual({ logP: "-0.31", Names: "ethanol\nspirit of wine" });
    expect(molecules[1]!.name).toBe("D-alanine");
    expect(invalid).toEqual([{ row: 1, smiles: "broken", code: "malformed-molfile", reason: expect.any(String) }]);
  });

  it("ends with an error that names the record", () => {
    expect(() => moleculesFromSdf(file)).toThrow(
      expect.objectContaining({ code: "malformed-molfile", row: 1, input: "broken" }),
    );
  });

  it("may lack the end of the last record, have CRLF, or be empty", () => {
    const crlf = `${ethanol}$$$$\n${zwitterion}`.replaceAll("\n", "\r\n");
    expect(moleculesFromSdf(crlf).molecules[0]!.fields).toEqual({ logP: "-0.31", Names: "ethanol\nspirit of wine" });
    expect(moleculesFromSdf(crlf).molecules).toHaveLength(2);
    expect(moleculesFromSdf("").molecules).toEqual([]);
  });
});
