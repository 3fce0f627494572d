import { moleculeFromSmiles } from "@vicinal/molecules";
import { describe, expect, it } from "vitest";
import type { MoleculeInput } from "../input/molecule-input.ts";
import { madeUpInput, madeUpLearned, madeUpSplit } from "../testing/made-up.ts";
import { extremesOf } from "./closeness.ts";
import { evaluate } from "./evaluation.ts";
import { headingOf } from "./heading.ts";

const scoresOf = (input: MoleculeInput, split = madeUpSplit) => evaluate(input, split, madeUpLearned(input))!;

describe("evaluate", () => {
  it("measures on the test part, beside the mean of the training part", () => {
    const { part, molecules, measures, scores } = scoresOf(madeUpInput());
    expect({ part, molecules, measures }).toEqual({ part: "test", molecules: 3, measures: ["RMSE", "MAE", "R²"] });
    const [mean, ridge, ours] = scores;
    const off = [-161 - 79, 118 - 79, 1465 - 79];
    expect(mean!.mean[0]).toBeCloseTo(Math.sqrt(off.reduce((sum, each) => sum + each ** 2, 0) / 3), 9);
    expect(ridge!.mean[0]).toEqual(expect.any(Number));
    expect(ours!.mean[0]).toBeCloseTo(Math.sqrt((4 + 9 + 16) / 3), 9);
    expect(ours!.mean[1]).toBeCloseTo(3, 9);
    expect(ours!.method).toContain("2 networks");
  });

  it("measures the area under the ROC curve of answers; a mean ranks nothing", () => {
    const input = madeUpInput({
      task: "multi-task",
      targetNames: ["works", "harms"],
      targets: Float64Array.of(1, 0, 0, 1, 1, 1, 0, 1, 1, 0, Number.NaN, 0),
    });
    const { scores, measures } = scoresOf(input);
    expect(measures).toEqual(["ROC AUC", "accuracy"]);
    const [mean, , ours] = scores;
    expect(mean!.perTarget.map(([area]) => area)).toEqual([0.5, 0.5]);
    expect(ours!.perTarget.map(([area]) => area)).toEqual([1, 1]);
  });

  it("does without a baseline that cannot be fitted", () => {
    const input = madeUpInput({
      task: "multi-task",
      targetNames: ["works"],
      targets: Float64Array.of(1, 1, 0, 1, 1, Number.NaN),
    });
    expect(scoresOf(input).scores[1]!.mean).toEqual([undefined, undefined]);
  });

  it("withholds from the baseline what the target is computed from", () => {
    const smiles = Array.from({ length: 12 }, (_, k) => `${"C".repeat(k + 1)}O`);
    const molecules = smiles.map((each) => moleculeFromSmiles(each));
    const input = madeUpInput({ smiles, molecules, names: smiles, targets: Float64Array.from(smiles, (_, k) => k) });
    const split = { train: Uint32Array.of(0, 2, 4, 6), validation: Uint32Array.of(1, 3), test: Uint32Array.of(5, 7) };
    const of = (withheld: MoleculeInput["withheld"]) => scoresOf({ ...input, withheld }, split).scores[1]!.mean[0];
    expect(of(["logP", "logS"])).not.toBe(of([]));
  });

  it("says nothing where nothing was held out", () => {
    const input = madeUpInput();
    const split = { ...madeUpSplit, test: Uint32Array.of() };
    expect(evaluate(input, split, madeUpLearned(input))).toBeUndefined();
    expect(headingOf(input, 2, undefined).subtitle).toBe("Learned from 2 of 6 molecules");
  });
});

describe("headingOf", () => {
  it("tells the error beside those of the baselines", () => {
    const input = madeUpInput();
    expect(headingOf(input, 2, scoresOf(input)).subtitle).toMatch(
      /Learned from 2 of 6 molecules; RMSE 3\.109 on 3 test molecules \(mean: 812\.\d+, descriptors: [\d.]+\)/,
    );
  });
});

describe("extremesOf", () => {
  it("ranks the molecules that were held out by how far they are off", () => {
    const input = madeUpInput();
    expect(extremesOf(input, madeUpSplit, madeUpLearned(input), 8)).toEqual({ best: [2], worst: [4] });
  });
});
