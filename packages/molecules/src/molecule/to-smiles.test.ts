import { describe, expect, it } from "vitest";
import { moleculeFromSmiles } from "../read/molecule-from-smiles.ts";
import { data, linesOf } from "../testing/shared-data.ts";
import { toSmiles } from "./to-smiles.ts";

const canonical = (smiles: string): string => toSmiles(moleculeFromSmiles(smiles));

describe("canonical SMILES", () => {
  it.each([
    [["OCC", "CCO", "C(O)C", "[CH3][CH2][OH]", "[H]OCC"]],
    [["c1ccccc1C", "Cc1ccccc1", "CC1=CC=CC=C1", "CC=1C=CC=CC=1"]],
    [["N[C@@H](C)C(=O)O", "C[C@H](N)C(=O)O", "OC(=O)[C@H](C)N"]],
    [["F/C=C/Cl", "F\\C=C\\Cl", "Cl/C=C/F", "C(\\F)=C/Cl"]],
    [["O=C(c1cnccn1)N", "NC(=O)c1nccnc1", "NC(=O)C1=NC=CN=C1"]],
    [["[Na+].[Cl-]", "[Cl-].[Na+]"]],
    [["[13CH3]O", "O[13CH3]"]],
    [["[CH2]C", "C[CH2]"]],
  ])("is one for all of %j", (ways) => {
    expect(new Set(ways.map(canonical)).size).toBe(1);
    const [one] = ways;
    expect(canonical(canonical(one!))).toBe(canonical(one!));
    expect(moleculeFromSmiles(canonical(one!)).formula).toBe(moleculeFromSmiles(one!).formula);
  });

  it("tells configurations apart, and writes none that is not known", () => {
    expect(canonical("N[C@@H](C)C(=O)O")).not.toBe(canonical("N[C@H](C)C(=O)O"));
    expect(canonical("O[C@H]1CC[C@H](O)CC1")).not.toBe(canonical("O[C@H]1CC[C@@H](O)CC1"));
    expect(canonical("CC=CC=NO")).not.toMatch(/[/\\@]/);
    expect(canonical("CC(N)C=CC")).not.toMatch(/[/\\@]/);
  });

  it("can be written without configurations, and with alternating bonds", () => {
    const molecule = moleculeFromSmiles("C[C@H](N)c1ccccc1");
    expect(toSmiles(molecule, { stereo: false })).toBe(canonical("CC(N)c1ccccc1"));
    const kekule = toSmiles(molecule, { kekule: true });
    expect(kekule).not.toMatch(/c/);
    expect(canonical(kekule)).toBe(toSmiles(molecule));
  });
});

describe.skipIf(data === "")("stereo cases of the SMILES reading benchmark (need VICINAL_DATA)", () => {
  it.each(["stereo-tetrahedral", "stereo-tetrahedral-ring-digits", "stereo-cistrans", "stereo-cistrans-nitrogen"])(
    "%s: all ways to write one stereoisomer give one SMILES",
    (name) => {
      const groups = new Map<string, Set<string>>();
      for (const line of linesOf("smiles-tests", "smilesreading", `${name}.smi`)) {
        const [smiles, group] = line.split(/\s+/);
        const seen = groups.get(group!) ?? new Set();
        groups.set(group!, seen.add(canonical(smiles!)));
      }
      expect(groups.size).toBeGreaterThan(0);
      for (const seen of groups.values()) expect([...seen]).toHaveLength(1);
    },
  );
});
