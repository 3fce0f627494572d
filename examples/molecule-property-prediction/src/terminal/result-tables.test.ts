import { describe, expect, it } from "vitest";
import type { Evaluation } from "../result/evaluation.ts";
import { hostileNames, madeUpInput } from "../testing/made-up.ts";
import { conflictsInText, invalidInText, scoresInText } from "./result-tables.ts";

const evaluation: Evaluation = {
  part: "test",
  molecules: 1200,
  targetNames: ["logS"],
  measures: ["RMSE", "R²"],
  scores: [
    { method: "Mean", perTarget: [[2, undefined]], mean: [2, undefined] },
    { method: "Graph attention", perTarget: [[0.5551, 0.9]], mean: [0.5551, 0.9] },
  ],
};

describe("the tables for a terminal", () => {
  it("align scores, and leave out what cannot be said", () => {
    expect(scoresInText(evaluation)).toBe(
      [
        "On the 1,200 test molecules",
        "                    RMSE     R²",
        "  Mean             2.000      –",
        "  Graph attention  0.555  0.900",
      ].join("\n"),
    );
  });

  it("list every target, and the mean over them", () => {
    const scores = evaluation.scores.map((score) => ({ ...score, perTarget: [...score.perTarget, [1, 0]] }));
    const text = scoresInText({ ...evaluation, scores, targetNames: ["logS", "logD"] });
    for (const told of ["logS", "logD", "mean over targets"]) expect(text).toContain(told);
    expect(text.split("\n")).toHaveLength(2 + 6);
  });

  it("tell what was left out and what contradicts itself, and how much more there is", () => {
    const invalid = Array.from({ length: 12 }, (_, k) => ({ row: k + 1, smiles: "C(", reason: "not closed" }));
    expect(invalidInText(invalid)).toMatch(/the first 10 of 12[\s\S]*10\s+C\(\s+not closed/);
    const conflict = { molecules: [0, 5], target: "boils", values: [78, Number.NaN] };
    expect(conflictsInText([conflict], madeUpInput())).toMatch(/1, 7\s+ethanol\s+boils\s+78, not known/);
  });

  it("cannot be used to control the terminal", () => {
    const invalid = hostileNames.map((smiles, row) => ({ row, smiles, reason: smiles }));
    expect(invalidInText(invalid)).not.toMatch(/[^\P{Cc}\n]/u);
  });
});
