import { describe, expect, it } from "vitest";
import { moleculeFromSmiles } from "../read/molecule-from-smiles.ts";

const hybridizations = (smiles: string): string =>
  moleculeFromSmiles(smiles)
    .atoms.map(({ hybridization }) => hybridization)
    .join(" ");
const conjugated = (smiles: string): string =>
  moleculeFromSmiles(smiles)
    .bonds.filter((bond) => bond.conjugated)
    .map(({ source, target }) => `${source}-${target}`)
    .join(" ");

describe("hybridization", () => {
  it.each([
    ["C", "sp3"],
    ["C=C", "sp2 sp2"],
    ["C#N", "sp sp"],
    ["C=C=C", "sp2 sp sp2"],
    ["CNC", "sp3 sp3 sp3"],
    ["CC(=O)N", "sp3 sp2 sp2 sp2"],
    ["CC(=O)OC", "sp3 sp2 sp2 sp2 sp3"],
    ["COC", "sp3 sp3 sp3"],
    ["Nc1ccccc1", "sp2 sp2 sp2 sp2 sp2 sp2 sp2"],
    ["c1cc[nH]c1", "sp2 sp2 sp2 sp2 sp2"],
    ["c1ccsc1", "sp2 sp2 sp2 sp2 sp2"],
    ["C[N+](=O)[O-]", "sp3 sp2 sp2 sp2"],
    ["CN=[N+]=[N-]", "sp3 sp2 sp sp2"],
    ["C[N+](C)(C)C", "sp3 sp3 sp3 sp3 sp3"],
    ["CS(=O)(=O)C", "sp3 sp3 sp2 sp2 sp3"],
    ["FP(F)(F)(F)F", "sp3 sp3d sp3 sp3 sp3 sp3"],
    ["FS(F)(F)(F)(F)F", "sp3 sp3d2 sp3 sp3 sp3 sp3 sp3"],
    ["[H+]", "s"],
    ["[Fe+2]", "other"],
    ["[CH3]", "sp3"],
    ["C[B](C)C", "sp3 sp2 sp3 sp3"],
  ])("of %s is %s", (smiles, expected) => {
    expect(hybridizations(smiles)).toBe(expected);
  });
});

describe("conjugation", () => {
  it.each([
    ["C=CC=C", "0-1 1-2 2-3"],
    ["C=CCC=C", ""],
    ["CC(=O)N", "1-2 1-3"],
    ["CC(=O)OC", "1-2 1-3"],
    ["COC", ""],
    ["C=O", ""],
    ["C=C=C", "0-1 1-2"],
    ["N#CC=C", "0-1 1-2 2-3"],
    ["CC(=O)CC", ""],
    ["CS(=O)(=O)N", ""],
    ["C[N+](=O)[O-]", "1-2 1-3"],
  ])("of %s joins %s", (smiles, expected) => {
    expect(conjugated(smiles).split(" ").sort().join(" ")).toBe(expected);
  });

  it("goes around aromatic rings and along what they are bound to", () => {
    expect(moleculeFromSmiles("c1ccccc1C=C").bonds.every((bond) => bond.conjugated)).toBe(true);
    const { bonds } = moleculeFromSmiles("Cc1ccccc1");
    expect(bonds.filter((bond) => !bond.conjugated).map(({ source, target }) => [source, target])).toEqual([[0, 1]]);
  });
});

describe("rings", () => {
  it("are known by their smallest size", () => {
    const sizes = (smiles: string) => moleculeFromSmiles(smiles).atoms.map(({ ringSize }) => ringSize);
    expect(sizes("C1CC1C")).toEqual([3, 3, 3, 0]);
    expect(sizes("C1CCC2CC2C1")).toEqual([6, 6, 6, 3, 3, 3, 6]);
    expect(sizes("C1CCCCCCCCCCC1")).toEqual(new Array(12).fill(12));
  });

  it("are aromatic as openchemlib sees it: pyridine is, 2-pyridone is not", () => {
    expect(moleculeFromSmiles("c1ccncc1").atoms.every(({ aromatic }) => aromatic)).toBe(true);
    expect(moleculeFromSmiles("O=c1cccc[nH]1").atoms.some(({ aromatic }) => aromatic)).toBe(false);
  });
});

describe("a molecule", () => {
  it("has a formula and a weight", () => {
    const caffeine = moleculeFromSmiles("Cn1cnc2c1c(=O)n(C)c(=O)n2C");
    expect(caffeine.formula).toBe("C8H10N4O2");
    expect(caffeine.weight).toBeCloseTo(194.19, 2);
  });
});
