import { describe, expect, it } from "vitest";
import type { Molecule } from "../molecule/molecule.ts";
import { moleculeFromSmiles, moleculesFromSmiles } from "./molecule-from-smiles.ts";

/** Each atom as its symbol, charge and hydrogens: `N+1H3`. */
const spelled = ({ atoms }: Molecule): string =>
  atoms
    .map(
      ({ isotope, element, charge, hydrogens, radicalElectrons }) =>
        `${isotope || ""}${element}${charge === 0 ? "" : charge > 0 ? `+${charge}` : charge}H${hydrogens}${"^".repeat(radicalElectrons)}`,
    )
    .join(" ");

describe("a SMILES", () => {
  it.each([
    ["C", "CH4"],
    ["CCO", "CH3 CH2 OH1"],
    ["c1ccccc1O", "CH1 CH1 CH1 CH1 CH1 CH0 OH1"],
    [" CC ", "CH3 CH3"],
    ["[NH4+].[Cl-]", "N+1H4 Cl-1H0"],
    ["C[N+](=O)[O-]", "CH3 N+1H0 OH0 O-1H0"],
    ["CN(=O)=O", "CH3 N+1H0 O-1H0 OH0"],
    ["[13CH3]C", "13CH3 CH3"],
    ["[2H]OC", "2HH0 OH0 CH3"],
    ["[H]OC([H])([H])[H]", "OH1 CH3"],
    ["[CH3]", "CH3^"],
    ["[O][O]", "OH0^ OH0^"],
    ["[H][H]", "HH0 HH0"],
    ["[H+]", "H+1H0"],
    ["[Fe+2]", "Fe+2H0"],
    ["FS(F)(F)(F)(F)F", "FH0 SH0 FH0 FH0 FH0 FH0 FH0"],
    ["C%10CC%10", "CH2 CH2 CH2"],
    ["C.C(O)1C.C1", "CH4 CH1 OH1 CH3 CH3"],
  ])("%s is read as %s", (smiles, expected) => {
    expect(spelled(moleculeFromSmiles(smiles))).toBe(expected);
  });

  it("keeps the order in which atoms are written, whatever becomes of hydrogens", () => {
    expect(spelled(moleculeFromSmiles("[H]OC([H])([H])N[H]"))).toBe("OH1 CH2 NH2");
    const atoms = moleculeFromSmiles("[H]OC([H])([H])N[H]", { explicitHydrogens: "atoms" });
    expect(spelled(atoms)).toBe("HH0 OH0 CH0 HH0 HH0 NH1 HH0");
    expect(atoms.bonds.map(({ source, target }) => `${source}-${target}`).sort()).toEqual([
      "0-1",
      "1-2",
      "2-3",
      "2-4",
      "2-5",
      "5-6",
    ]);
  });

  it("may be of several fragments, of which the largest can be kept and neutralised", () => {
    const salt = "[Na+].[O-]C(=O)[C@@H](N)C";
    expect(spelled(moleculeFromSmiles(salt))).toBe("Na+1H0 O-1H0 CH0 OH0 CH1 NH2 CH3");
    const acid = moleculeFromSmiles(salt, { keep: "largest" });
    expect(spelled(acid)).toBe("OH1 CH0 OH0 CH1 NH2 CH3");
    expect(acid.atoms[3]!.chirality).toBe("S");
    expect(acid.formula).toBe("C3H7NO2");
    expect(spelled(moleculeFromSmiles("CC", { keep: "largest" }))).toBe("CH3 CH3");
  });

  it("has the bonds, rings and orders that were written", () => {
    const { bonds, atoms } = moleculeFromSmiles("C1CC1C#CC=O");
    expect(
      bonds.map(({ source, target, order, ringSize }) => `${source}-${target}:${order}:${ringSize}`).sort(),
    ).toEqual(["0-1:1:3", "0-2:1:3", "1-2:1:3", "2-3:1:0", "3-4:3:0", "4-5:1:0", "5-6:2:0"]);
    expect(atoms.map(({ degree }) => degree)).toEqual([2, 2, 3, 2, 2, 2, 1]);
    expect(atoms.map(({ ringBonds }) => ringBonds)).toEqual([2, 2, 2, 0, 0, 0, 0]);
  });

  it.each([
    ["", "empty-molecule", "no atoms"],
    ["  ", "empty-molecule", "no atoms"],
    ["C1CC", "malformed-smiles", "ring closure"],
    ["C(", "malformed-smiles", '"(" without a ")"'],
    ["C)", "malformed-smiles", 'character 2: got ")"'],
    ["(C)", "malformed-smiles", "character 1"],
    ["C..C", "malformed-smiles", "character 3"],
    [".C", "malformed-smiles", "character 1"],
    ["C.", "malformed-smiles", "the end"],
    ["C=", "malformed-smiles", "the end"],
    ["C==C", "malformed-smiles", "character 3"],
    ["C%1CC1", "malformed-smiles", 'got "%"'],
    ["[CH4", "malformed-smiles", "bracket"],
    ["[Xx]", "malformed-smiles", ""],
    ["[HH]", "malformed-smiles", "[H][H]"],
    ["c1c1CC", "malformed-smiles", "twice"],
    ["CCO ethanol", "malformed-smiles", 'got " "'],
    ["C\u0000", "malformed-smiles", "\\u0000"],
    ["CC>>CO", "malformed-smiles", 'got ">"'],
    ["no molecule", "malformed-smiles", ""],
    ["c1cccc1", "not-kekulizable", "[nH]"],
    ["ccc", "not-kekulizable", "[nH]"],
    ["CC(C)(=C)C", "impossible-valence", "atom 2, C, has 5 bonds"],
    ["C[N](C)(C)C", "impossible-valence", "atom 2, N, has 4 bonds"],
    ["C[O-]C", "impossible-valence", "O of charge -1, has 2 bonds"],
    ["C*", "query-molecule", "pattern"],
    ["C~C", "query-molecule", "pattern"],
  ])("%j is refused: %s", (smiles, code, reason) => {
    expect(() => moleculeFromSmiles(smiles)).toThrow(
      expect.objectContaining({
        name: "MoleculeError",
        code,
        input: smiles,
        row: undefined,
        reason: expect.stringContaining(reason),
        message: expect.stringContaining("moleculeFromSmiles: cannot read"),
      }),
    );
  });

  it("is refused with options that nobody reads", () => {
    const unknown: object = { stereo: true };
    expect(() => moleculeFromSmiles("C", unknown)).toThrow(expect.objectContaining({ code: "unknown-option" }));
    const impossible: object = { keep: "some" };
    expect(() => moleculeFromSmiles("C", impossible)).toThrow(expect.objectContaining({ code: "out-of-range" }));
  });
});

describe("many SMILES", () => {
  const list = ["CCO", "C1CC", "", "c1ccccc1"];

  it("end with an error that names the first row that cannot be read", () => {
    expect(() => moleculesFromSmiles(list)).toThrow(
      expect.objectContaining({
        code: "malformed-smiles",
        row: 1,
        input: "C1CC",
        message: expect.stringContaining("row 1"),
      }),
    );
  });

  it("can skip those rows, and report them", () => {
    const { molecules, rows, invalid } = moleculesFromSmiles(list, { onInvalid: "skip" });
    expect(molecules.map(({ formula }) => formula)).toEqual(["C2H6O", "C6H6"]);
    expect([...rows]).toEqual([0, 3]);
    expect(invalid).toEqual([
      { row: 1, smiles: "C1CC", code: "malformed-smiles", reason: expect.stringContaining("ring closure") },
      { row: 2, smiles: "", code: "empty-molecule", reason: "it holds no atoms" },
    ]);
  });

  it("may be none", () => {
    expect(moleculesFromSmiles([]).molecules).toEqual([]);
  });

  it("are each as if read alone", () => {
    const together = moleculesFromSmiles(["C[C@H](N)O", "c1cc[nH]c1", "C[C@H](N)O", "[H]O"]).molecules;
    expect(together[2]).toEqual(together[0]);
    expect(together[3]).toEqual(moleculeFromSmiles("[H]O"));
  });
});
