import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { moleculeFromSmiles, moleculesFromSmiles } from "../read/molecule-from-smiles.ts";
import { scaffold } from "../scaffold/scaffold.ts";
import { data, smilesOf } from "../testing/shared-data.ts";
import { randomSplit } from "./random-split.ts";
import { scaffoldSplit } from "./scaffold-split.ts";

const scaffoldOf = (smiles: string): string => scaffold(moleculeFromSmiles(smiles));

describe("a scaffold", () => {
  it.each([
    ["CC(=O)Oc1ccccc1C(=O)O", "c1ccccc1"],
    ["c1ccccc1CCc1ccncc1", "c1ccccc1CCc1ccncc1"],
    ["OC(=O)CCc1ccccc1CC(C)C1CC1", "c1ccccc1CCC1CC1"],
    ["O=C1CCCCC1CC", "O=C1CCCCC1"],
    ["O=C(c1ccccc1)c1ccccc1", "O=C(c1ccccc1)c1ccccc1"],
    ["Cn1cnc2ncncc12", "c1nc2ncncc2[nH]1"],
    ["C[C@H](N)C1CC1", "C1CC1"],
    ["CC=C1CCCC1", "C=C1CCCC1"],
  ])("of %s is that of %s", (smiles, expected) => {
    const found = scaffoldOf(smiles);
    expect(found).not.toBe("");
    expect(found).toBe(scaffoldOf(expected));
    expect(moleculeFromSmiles(found).formula).toBe(moleculeFromSmiles(expected).formula);
  });

  it.each(["CCO", "C", "[Na+].[Cl-]", "CC(C)(C)C=C"])("of %s, which has no ring, is empty", (smiles) => {
    expect(scaffoldOf(smiles)).toBe("");
  });
});

describe("a split by scaffold", () => {
  it("takes groups from the largest to the smallest, and never divides one", () => {
    const smiles = [
      "CC1CC1",
      "c1ccccc1C",
      "CCO",
      "c1ccccc1N",
      "c1ccccc1",
      "CC1CCC1",
      "OCc1ccccc1",
      "C1CCC1",
      "CCC",
      "c1ccncc1",
    ];
    const split = scaffoldSplit(moleculesFromSmiles(smiles).molecules, { train: 0.6, validation: 0.2 });
    // Benzene 4, cyclobutane 2 and none 2 of which cyclobutane begins later, then cyclopropane and pyridine.
    expect([...split.train]).toEqual([1, 3, 4, 5, 6, 7]);
    expect([...split.validation]).toEqual([2, 8]);
    expect([...split.test]).toEqual([0, 9]);
    expect(split.scaffolds.filter((each) => each === "")).toHaveLength(2);
  });

  it("may be of no molecules", () => {
    expect(scaffoldSplit([])).toMatchObject({ train: new Uint32Array(), test: new Uint32Array(), scaffolds: [] });
  });

  it.each([{ train: 0.9, validation: 0.2 }, { train: -1 }, { train: Number.NaN }])("is refused with %j", (shares) => {
    const refused = expect.objectContaining({ name: "OptionError", code: "out-of-range" });
    expect(() => scaffoldSplit([], shares)).toThrow(refused);
    expect(() => randomSplit(3, { ...shares, random: new Random(0) })).toThrow(refused);
  });
});

describe("a random split", () => {
  it("divides all molecules, by its seed", () => {
    const split = (seed: number) => randomSplit(25, { train: 0.7, validation: 0.1, random: new Random(seed) });
    const { train, validation, test } = split(1);
    expect([train.length, validation.length, test.length]).toEqual([17, 3, 5]);
    expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, k) => k));
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
  });

  it("can leave no test part", () => {
    expect(randomSplit(10, { train: 0.9, validation: 0.1, random: new Random(0) }).test).toHaveLength(0);
  });
});

describe.skipIf(data === "")("on real molecules (needs VICINAL_DATA)", () => {
  it("the scaffold split of ESOL is the one that RDKit and DeepChem's rule give", () => {
    const { molecules } = moleculesFromSmiles(smilesOf("esol"));
    const { train, validation, test, scaffolds } = scaffoldSplit(molecules);
    const expected = readFileSync(join(data, "esol", "scaffold-split.u8.bin"));
    const got = new Uint8Array(molecules.length);
    for (const [part, code] of [
      [train, 1],
      [validation, 2],
      [test, 3],
    ] as const) {
      for (const molecule of part) got[molecule] = code;
    }
    expect(got).toEqual(Uint8Array.from(expected));
    expect(new Set(scaffolds).size).toBe(269);
  });
});
