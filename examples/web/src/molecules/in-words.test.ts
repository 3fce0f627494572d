import { describe, expect, it } from "vitest";
import {
  drawingInWords,
  knownInWords,
  numberInWords,
  originInWords,
  partInWords,
  predictionInWords,
  scoresInWords,
} from "./in-words.ts";
import type { HeldOutScores, ModelSummary } from "./protocol.ts";

const numbers = { task: "regression", unit: "mol/l" } as const;
const answers = { task: "multi-task", unit: "" } as const;

describe("what is said of a prediction", () => {
  it("has a unit, and an uncertainty where there is one", () => {
    expect(predictionInWords(numbers, -1.234, 0.056)).toBe("−1.23 ± 0.06 mol/l");
    expect(predictionInWords(numbers, 2, undefined)).toBe("2.00 mol/l");
    expect(knownInWords(numbers, 1)).toBe("1.00 mol/l");
  });

  it("is a probability where the answer is yes or no", () => {
    expect(predictionInWords(answers, 0.875, 0.021)).toBe("88 ± 2 % yes");
    expect([knownInWords(answers, 1), knownInWords(answers, 0)]).toEqual(["yes", "no"]);
  });

  it.each([
    [1234.5, "1235"],
    [1e9, "1.00e+9"],
    [0.0001, "1.00e−4"],
    [0, "0.00"],
    [Number.NaN, "not a number"],
  ])("writes %d as %s", (value, words) => expect(numberInWords(value)).toBe(words));

  it("says which part a molecule played", () => {
    expect(([undefined, "train", "validation", "test"] as const).map(partInWords)).toEqual([
      "new",
      "learned from",
      "chosen by",
      "held out",
    ]);
  });
});

describe("what is said of a model", () => {
  const scores: HeldOutScores = {
    molecules: 78,
    part: "test",
    rmse: 0.48,
    mae: 0.3,
    rSquared: 0.95,
    rmseOfMean: 2.2,
    rocAuc: undefined,
  };

  it("has its error beside that of answering with the mean", () => {
    expect(scoresInWords(scores, numbers)).toMatch(
      /78 molecules .*held out.* 0\.48 mol\/l and R² 0\.95.*mean has 2\.20 mol\/l/,
    );
  });

  it("says that what was learned from measures little, and what guessing would reach", () => {
    expect(scoresInWords({ ...scores, part: "train" }, numbers)).toContain("says little");
    const yesOrNo = { ...scores, rmse: undefined, rmseOfMean: undefined, rSquared: undefined };
    expect(scoresInWords({ ...yesOrNo, rocAuc: 0.9 }, answers)).toContain("0.900; guessing has 0.5");
    expect(scoresInWords(yesOrNo, answers)).toContain("nothing could be measured");
  });

  it("says where it came from", () => {
    const model: ModelSummary = {
      ...numbers,
      title: "logS of mine.csv",
      targetNames: ["logS"],
      origin: "measured",
      networks: 1,
      attends: true,
      from: { kind: "trained", epochs: 3, stopped: true, seconds: 1.26, molecules: 1, scores, unread: [] },
    };
    expect(originInWords(model)).toBe(
      "One network, trained for 3 epochs, stopped early in 1.3 s on 1 molecule: logS of mine.csv.",
    );
    expect(originInWords({ ...model, networks: 3, from: { kind: "file", name: "a.safetensors" } })).toBe(
      "3 networks out of a.safetensors: logS of mine.csv.",
    );
  });
});

describe("what is said of a drawing", () => {
  const row = { place: 0, line: 1, smiles: "CCl", name: "x", formula: "CH3Cl", elements: ["C", "Cl"] };
  const prediction = { place: 0, values: [1], uncertainty: undefined, known: [undefined], part: undefined };

  it("names the atoms that got most attention, for those who cannot see it", () => {
    const attended = { ...row, prediction: { ...prediction, attention: [0.2, 0.8] } };
    expect(drawingInWords(attended)).toBe("x, CH3Cl. Most attention went to the atoms Cl 2 (80 %), C 1 (20 %).");
    expect(drawingInWords({ ...row, prediction: undefined })).toBe("x, CH3Cl");
  });
});
