import type { Split } from "@vicinal/datasets";
import { moleculeFromSmiles, scaffold } from "@vicinal/molecules";
import { describe, expect, it } from "vitest";
import { sameMolecules } from "../input/same-molecules.ts";
import { madeUpInput } from "../testing/made-up.ts";
import { holdOut } from "./hold-out.ts";

const chain = (length: number) => "C".repeat(length);
const rings = ["c1ccccc1", "c1ccncc1", "C1CCCCC1", "c1ccoc1", "c1ccsc1"];
const smiles = Array.from({ length: 60 }, (_, k) => (k % 2 === 0 ? rings[(k / 2) % 5]! + chain(k) : chain(k)));
const input = madeUpInput({
  smiles,
  names: smiles,
  rows: smiles.map((_, row) => row + 1),
  molecules: smiles.map((each) => moleculeFromSmiles(each)),
  targets: Float64Array.from(smiles, (_, k) => (k === 7 ? Number.NaN : k)),
});
const same = sameMolecules(input.molecules);
const random = { split: "random", seed: 0 } as const;
const all = ({ train, validation, test }: Split) => [...train, ...validation, ...test].sort((a, b) => a - b);

describe("holdOut", () => {
  it("holds out a tenth each, of what is known, and the same for the same seed", () => {
    const { split, how } = holdOut(input, same, random);
    expect(all(split)).toEqual(smiles.flatMap((_, k) => (k === 7 ? [] : [k])));
    expect(split.train.length).toBe(47);
    expect(split.test.length).toBe(6);
    expect(how).toContain("seed 0");
    expect(holdOut(input, same, random).split).toEqual(split);
    expect(holdOut(input, same, { ...random, seed: 1 }).split).not.toEqual(split);
  });

  it("keeps a molecule that is listed twice in one part", () => {
    const twice = Uint32Array.from(same, (number) => number % 20);
    const { train, validation, test } = holdOut(input, twice, random).split;
    const parts = [train, validation, test].map((part) => new Set(Array.from(part, (molecule) => twice[molecule])));
    expect(parts.reduce((sum, { size }) => sum + size, 0)).toBe(20);
  });

  it("keeps the molecules of a scaffold together when asked to", () => {
    const { split, how } = holdOut(input, same, { split: "scaffold", seed: 0 });
    expect(how).toContain("scaffold");
    expect(all(split)).toHaveLength(59);
    const scaffolds = [split.train, split.validation, split.test].map(
      (part) => new Set(Array.from(part, (molecule) => scaffold(input.molecules[molecule]!))),
    );
    const distinct = new Set(scaffolds.flatMap((part) => [...part]));
    expect(scaffolds.reduce((sum, { size }) => sum + size, 0)).toBe(distinct.size);
  });

  it("takes the splits that come with the data; the seed names one", () => {
    const part = (...members: number[]) => ({
      train: Uint32Array.from(members),
      validation: Uint32Array.of(),
      test: Uint32Array.of(7, 8),
    });
    const given = { ...input, splits: [part(0), part(1)], scaffoldSplit: part(2) };
    expect(holdOut(given, same, { ...random, seed: 3 })).toMatchObject({
      split: { train: Uint32Array.of(1), test: Uint32Array.of(8) },
      how: expect.stringContaining("2 of the 2"),
    });
    expect(holdOut(given, same, { split: "scaffold", seed: 0 }).split.train).toEqual(Uint32Array.of(2));
  });

  it("holds nothing out where there is too little", () => {
    const few = madeUpInput();
    const { split, how } = holdOut(few, sameMolecules(few.molecules), random);
    expect(Array.from(split.train)).toEqual([0, 1, 2, 3, 4]);
    expect(split.test).toHaveLength(0);
    expect(how).toContain("Fewer");
  });
});
