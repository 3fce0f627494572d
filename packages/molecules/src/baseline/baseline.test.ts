import { Random } from "@vicinal/core";
import { Matrix, solve } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { moleculeFromSmiles, moleculesFromSmiles } from "../read/molecule-from-smiles.ts";
import { type DescriptorRidgeOptions, descriptorRidge } from "./descriptor-ridge.ts";
import { type DescriptorName, descriptorMatrix, descriptorNames, descriptors } from "./descriptors.ts";
import { ridge, standardizationOf, standardized } from "./ridge.ts";

describe("descriptors", () => {
  it("of paracetamol", () => {
    const known = descriptors(moleculeFromSmiles("CC(=O)Nc1ccc(O)cc1"));
    expect(Object.keys(known)).toEqual([...descriptorNames]);
    expect(known).toMatchObject({
      hydrogenBondDonors: 2,
      hydrogenBondAcceptors: 3,
      rotatableBonds: 1,
      heavyAtoms: 11,
      hydrogens: 9,
      carbons: 8,
      nitrogens: 1,
      oxygens: 2,
      heteroatoms: 3,
      charge: 0,
      rings: 1,
      aromaticRings: 1,
      aromaticAtoms: 6,
      saturatedCarbons: 1 / 8,
      doubleBonds: 1,
      fragments: 1,
      largestRing: 6,
      stereocenters: 0,
    });
    expect(known.weight).toBeCloseTo(151.16, 2);
    expect(known.polarSurfaceArea).toBeCloseTo(49.33, 1);
    expect(known.logP).toBeGreaterThan(0);
    expect(known.logP).toBeLessThan(2);
  });

  it("count fragments, charges and rings of any molecule", () => {
    expect(descriptors(moleculeFromSmiles("[Na+].[Cl-]"))).toMatchObject({
      fragments: 2,
      charge: 0,
      chargedAtoms: 2,
      rings: 0,
    });
    expect(descriptors(moleculeFromSmiles("C1CC2CC12"))).toMatchObject({ rings: 2, saturatedCarbons: 1 });
    expect(descriptors(moleculeFromSmiles("[Cl-]"))).toMatchObject({ charge: -1, carbons: 0, saturatedCarbons: 0 });
    expect(Object.values(descriptors(moleculeFromSmiles("C"))).every(Number.isFinite)).toBe(true);
  });
});

describe("ridge regression", () => {
  it("solves the normal equations", () => {
    const random = new Random(1);
    const x = new Matrix(Array.from({ length: 20 }, () => Array.from({ length: 4 }, () => random.normal(3, 2))));
    const z = standardized(x, standardizationOf(x));
    const y = Array.from({ length: 20 }, () => random.normal());
    for (const penalty of [0, 0.1, 10]) {
      const normal = Matrix.add(z.transpose().mmul(z), Matrix.eye(4).mul(penalty * 20));
      const expected = solve(normal, z.transpose().mmul(Matrix.columnVector(y))).to1DArray();
      ridge(
        z,
        y,
      )(penalty).forEach((weight, k) => {
        expect(weight).toBeCloseTo(expected[k]!, 10);
      });
    }
  });

  it("gives constant columns no weight", () => {
    const x = new Matrix([
      [1, 5],
      [2, 5],
      [3, 5],
    ]);
    expect(Array.from(ridge(standardized(x, standardizationOf(x)), [-1, 0, 1])(0))[1]).toBe(0);
  });
});

describe("the baseline on descriptors", () => {
  const smiles = [
    "C",
    "CC",
    "CCC",
    "CCCC",
    "CCCCC",
    "CO",
    "CCO",
    "CCCO",
    "CCCCO",
    "OCCO",
    "CN",
    "CCN",
    "CCCN",
    "c1ccccc1",
    "Oc1ccccc1",
    "Cc1ccccc1",
  ];
  const { molecules } = moleculesFromSmiles(smiles);
  const heavy = molecules.map((molecule) => descriptors(molecule).heavyAtoms);
  const parts = { train: [0, 2, 3, 5, 6, 8, 9, 10, 12, 13, 15], validation: [1, 4, 7, 11, 14] };
  const names: DescriptorName[] = ["weight", "heavyAtoms", "oxygens"];

  it("finds a target that is one of the descriptors", () => {
    const targets = heavy.map((count) => 3 * count - 1);
    const fit = descriptorRidge(molecules, targets, { ...parts, names });
    expect(fit.penalty).toBe(0);
    expect(fit.validationScore).toBeLessThan(1e-6);
    fit.predict(molecules).forEach((answer, k) => {
      expect(answer).toBeCloseTo(targets[k]!, 6);
    });
    expect(fit.names).toEqual(names);
    expect(fit.predict([])).toHaveLength(0);
  });

  it("chooses the penalty that does best on the validation part", () => {
    const random = new Random(3);
    const targets = heavy.map((count) => count + 5 * random.normal());
    const penalties = [0, 0.1, 1, 10];
    const scores = penalties.map(
      (penalty) => descriptorRidge(molecules, targets, { ...parts, penalties: [penalty] }).validationScore,
    );
    const fit = descriptorRidge(molecules, targets, { ...parts, penalties });
    expect(fit.validationScore).toBe(Math.min(...scores));
    expect(fit.penalty).toBe(penalties[scores.indexOf(Math.min(...scores))]);
  });

  it("leaves out what was not measured", () => {
    const targets = heavy.map((count, k) => (k === 2 || k === 4 ? Number.NaN : count));
    const some = descriptorRidge(molecules, targets, { ...parts, names });
    const without = descriptorRidge(molecules, heavy, {
      train: parts.train.filter((k) => k !== 2),
      validation: parts.validation.filter((k) => k !== 4),
      names,
    });
    expect(some.weights).toEqual(without.weights);
  });

  it("ranks classes", () => {
    const alcohol = smiles.map((each) => (each.includes("O") ? 1 : 0));
    const fit = descriptorRidge(molecules, alcohol, { ...parts, task: "classification" });
    expect(fit.validationScore).toBe(1);
    const scores = fit.predict(molecules);
    const of = (kind: number) => scores.filter((_, k) => alcohol[k] === kind);
    expect(Math.min(...of(1))).toBeGreaterThan(Math.max(...of(0)));
  });

  it("takes the descriptors that are named", () => {
    const matrix = descriptorMatrix(molecules.slice(0, 2), ["heavyAtoms", "hydrogens"]);
    expect(matrix.to2DArray()).toEqual([
      [1, 4],
      [2, 6],
    ]);
  });

  it.each<[string, object, readonly number[], string]>([
    ["fewer targets", {}, heavy.slice(1), "wrong-length"],
    ["a part without targets", { train: [] }, heavy, "no-targets"],
    ["a number that is none", { train: [99] }, heavy, "index-out-of-range"],
    ["an infinite target", {}, heavy.map(() => Number.POSITIVE_INFINITY), "not-finite"],
    ["classes that are none", { task: "classification" }, heavy, "label-out-of-range"],
    ["one class", { task: "classification" }, heavy.map(() => 1), "one-class"],
    ["an unknown descriptor", { names: ["taste"] }, heavy, "unknown-descriptor"],
    ["no penalties", { penalties: [] }, heavy, "out-of-range"],
    ["an unknown task", { task: "ranking" }, heavy, "out-of-range"],
    ["an unknown option", { lambda: 1 }, heavy, "unknown-option"],
  ])("refuses %s", (_, options, targets, code) => {
    const all: DescriptorRidgeOptions = { ...parts, ...options };
    expect(() => descriptorRidge(molecules, targets, all)).toThrow(expect.objectContaining({ code }));
  });
});
