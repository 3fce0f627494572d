import { Molecule as Toolkit } from "openchemlib";
import { describe, expect, it } from "vitest";
import type { Molecule } from "../molecule/molecule.ts";
import { moleculeFromSmiles, moleculesFromSmiles } from "../read/molecule-from-smiles.ts";
import { data, smilesOf } from "../testing/shared-data.ts";

const chirality = (smiles: string): string =>
  moleculeFromSmiles(smiles)
    .atoms.map((atom) => atom.chirality ?? "-")
    .join("");
const doubleBonds = (smiles: string): string[] =>
  moleculeFromSmiles(smiles)
    .bonds.filter(({ order }) => order === 2)
    .map(({ stereo }) => stereo);

describe("a center of chirality", () => {
  // The names are those of the compounds, from textbooks.
  it.each([
    ["(S)-alanine", "N[C@@H](C)C(=O)O", "-S----"],
    ["(R)-alanine", "N[C@H](C)C(=O)O", "-R----"],
    ["(R)-cysteine, where sulfur outranks the acid", "N[C@@H](CS)C(=O)O", "-R-----"],
    ["(R)-glyceraldehyde", "OC[C@@H](O)C=O", "--R---"],
    ["(R)-limonene", "CC1=CC[C@@H](CC1)C(=C)C", "----R-----"],
    ["(R,R)-tartaric acid", "O[C@H]([C@@H](O)C(=O)O)C(=O)O", "-RR-------"],
    ["meso-tartaric acid", "O[C@@H]([C@@H](O)C(=O)O)C(=O)O", "-SR-------"],
    ["(S)-methyl phenyl sulfoxide", "C[S@](=O)c1ccccc1", undefined],
  ])("of %s", (_, smiles, expected) => {
    if (expected === undefined) expect(chirality(smiles)).toMatch(/^-[RS]-+$/);
    else expect(chirality(smiles)).toBe(expected);
  });

  it("has the same name however it is written", () => {
    const ways = [
      "N[C@@H](C)C(=O)O",
      "[C@@H](N)(C(=O)O)C",
      "OC(=O)[C@H](C)N",
      "[H][C@@](N)(C(O)=O)C",
      "C[C@@H](C(=O)O)N",
    ];
    const names = ways.map((smiles) => chirality(smiles).replaceAll("-", ""));
    expect(new Set(names)).toEqual(new Set(["S"]));
    expect(chirality("[C@]1(Cl)(F)I.Br1")).not.toBe(chirality("[C@@]1(Cl)(F)I.Br1"));
  });

  it("is known as one where its configuration is not", () => {
    const { atoms } = moleculeFromSmiles("CC(N)C(=O)O");
    expect(atoms.map(({ stereocenter }) => stereocenter)).toEqual([false, true, false, false, false, false]);
    expect(atoms[1]!.chirality).toBeUndefined();
  });

  it.each(["CC(C)O", "C1CCCCC1O", "OC1CCC(O)CC1", "CN(CC)CCC", "CC(=O)N", "C"])("is not in %s", (smiles) => {
    expect(moleculeFromSmiles(smiles).atoms.some(({ stereocenter }) => stereocenter)).toBe(false);
  });

  it("can differ by an isotope alone, which the first rule does not decide", () => {
    expect(chirality("[2H][C@H](C)O")).toMatch(/^-[RS]--$/);
    expect(chirality("[2H][C@H](C)O")).not.toBe(chirality("[2H][C@@H](C)O"));
  });

  it("can exist because two others are mirror images: endo and exo in tropane", () => {
    const [one, other] = ["CN1[C@@H]2CC[C@H]1C[C@H](C2)O", "CN1[C@@H]2CC[C@H]1C[C@@H](C2)O"].map(chirality);
    expect([one![7], other![7]].sort()).toEqual(["R", "S"]);
  });
});

describe("a double bond", () => {
  it.each([
    ["F/C=C/F", ["E"]],
    ["F/C=C\\F", ["Z"]],
    ["C(\\F)=C/F", ["E"]],
    ["FC=CF", ["any"]],
    ["C=CF", ["none"]],
    ["CC(C)=CF", ["none"]],
    ["C1CCCCC=1", ["none"]],
    ["C1CCCC/C=C/CCC1", ["E"]],
    ["C1CCCC/C=C\\CCC1", ["Z"]],
    ["C/C=N/O", ["E"]],
    ["CC=O", ["none"]],
    ["C/C(Cl)=C(Br)/C", ["E"]],
    ["C/C=C/C=C\\C", ["E", "Z"]],
    ["C/C=C\\\\C", ["Z"]],
  ])("of %s is %j", (smiles, expected) => {
    expect(doubleBonds(smiles)).toEqual(expected);
  });

  it("is named by rank, not by what was written first", () => {
    // The methyl groups are on opposite sides in the first, bromine and the second methyl group in the second.
    expect(doubleBonds("C/C(Br)=C(Cl)/C")).toEqual(["E"]);
    expect(doubleBonds("Br/C(C)=C(Cl)/C")).toEqual(["Z"]);
  });
});

describe.skipIf(data === "")("on real molecules (needs VICINAL_DATA)", () => {
  /** What openchemlib itself says, milliseconds a molecule. */
  function namesOf(molecule: Molecule): { readonly atoms: string[]; readonly bonds: string[] } {
    const toolkit = molecule.toolkit({});
    toolkit.ensureHelperArrays(Toolkit.cHelperCIP);
    const place = new Map(molecule.toolkitAtom.map((atom, k) => [atom, k] as const));
    const bonds = new Map<string, string>();
    for (let bond = 0; bond < toolkit.getAllBonds(); bond++) {
      const ends = [place.get(toolkit.getBondAtom(0, bond))!, place.get(toolkit.getBondAtom(1, bond))!];
      const name = toolkit.getBondOrder(bond) === 2 ? ["-", "E", "Z"][toolkit.getBondCIPParity(bond)]! : "-";
      bonds.set(ends.sort((a, b) => a - b).join(), name);
    }
    return {
      atoms: molecule.toolkitAtom.map((atom) => ["-", "R", "S"][toolkit.getAtomCIPParity(atom)]!),
      bonds: molecule.bonds.map(({ source, target }) => bonds.get(`${source},${target}`)!),
    };
  }

  it("names are those of openchemlib, but for the known differences", () => {
    const different: string[] = [];
    let same = 0;
    let otherBonds = 0;
    for (const name of ["lipophilicity", "clintox"]) {
      const written = smilesOf(name).filter((smiles, row) => /[@/\\]/.test(smiles) && row % 8 === 0);
      for (const molecule of moleculesFromSmiles(written, { onInvalid: "skip" }).molecules) {
        const expected = namesOf(molecule);
        for (const [k, { chirality }] of molecule.atoms.entries()) {
          if ((chirality ?? "-") !== expected.atoms[k]) different.push(`${molecule.formula} ${k}`);
          else if (chirality !== undefined) same++;
        }
        for (const [k, { stereo, ringSize }] of molecule.bonds.entries()) {
          const known = stereo === "E" || stereo === "Z" ? stereo : "-";
          // openchemlib calls bonds of macrocycles Z that are written as E, such as C1\C=C\O in rifampicin.
          if (ringSize < 8 && known !== expected.bonds[k]) otherBonds++;
        }
      }
    }
    expect(same).toBeGreaterThan(500);
    expect(otherBonds).toBe(0);
    expect(different).toEqual([]);
  });
});
