import { describe, expect, it } from "vitest";
import type { Evaluation } from "../result/evaluation.ts";
import { attentionInText, confusionInText, scoresInText } from "./result-tables.ts";

const evaluation: Evaluation = {
  part: "test",
  nodes: 1200,
  right: 1100,
  methods: [
    { method: "Majority class", accuracy: 0.5, macroF1: 1 / 3, rocAuc: 0.5 },
    { method: "Graph attention", accuracy: 0.9167, macroF1: 0.9, rocAuc: undefined },
  ],
  classes: ["cat", "dog"],
  confusion: [
    [600, 0],
    [100, 500],
  ],
};

describe("the tables for a terminal", () => {
  it("align scores", () => {
    expect(scoresInText(evaluation)).toBe(
      [
        "On the 1,200 test nodes",
        "                   accuracy  macro F1  ROC AUC",
        "  Majority class     50.0 %    33.3 %   50.0 %",
        "  Graph attention    91.7 %    90.0 %        -",
      ].join("\n"),
    );
  });

  it("leave out what no method has", () => {
    const methods = evaluation.methods.map((score) => ({ ...score, rocAuc: undefined }));
    expect(scoresInText({ ...evaluation, methods })).not.toContain("ROC");
  });

  it("count what was confused, and number the columns where names are long", () => {
    expect(confusionInText(evaluation).split("\n").slice(1)).toEqual([
      "       cat  dog",
      "  cat  600    0",
      "  dog  100  500",
    ]);
    const classes = ["a class with a rather long name", "another one with a long name"];
    expect(
      confusionInText({ ...evaluation, classes })
        .split("\n")[1]!
        .trim(),
    ).toMatch(/^1\s+2$/);
  });

  it("tell who attended to whom", () => {
    const ranked = [{ target: "a", source: "b", weight: 0.5, equalShare: 0.25 }];
    expect(attentionInText(ranked, (node) => node.toUpperCase())).toMatch(/A\s+B\s+50\.0 %\s+25\.0 %/);
  });

  it("cannot be used to control the terminal", () => {
    const ranked = [{ target: "\u001b]0;title\u0007x", source: "two\nlines", weight: 1, equalShare: 1 }];
    const text = attentionInText(ranked, (node) => node);
    for (const unprintable of ["\u001b", "\u0007", "two\n"]) expect(text).not.toContain(unprintable);
  });
});
