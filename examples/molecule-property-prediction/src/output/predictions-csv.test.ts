import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { hostileNames, madeUpInput, madeUpLearned, madeUpSplit } from "../testing/made-up.ts";
import { predictionsCsv } from "./predictions-csv.ts";

const rowsOf = (text: string) => parse<Record<string, string>>(text, { columns: true });

describe("predictionsCsv", () => {
  const input = madeUpInput();
  const { answers } = madeUpLearned(input);
  const { targetNames } = input;

  it("has a line for each molecule, with what is known, predicted and attended to", () => {
    const rows = rowsOf(predictionsCsv({ ...input, targetNames, answers, training: { input, split: madeUpSplit } }));
    expect(rows.map(({ row }) => row)).toEqual(["1", "2", "3", "4", "5", "7"]);
    expect(rows.map(({ part }) => part)).toEqual(["train", "train", "test", "test", "test", ""]);
    expect(rows[3]).toEqual({
      row: "4",
      name: "acetic acid",
      smiles: "CC(=O)O",
      part: "test",
      "measured:boils": "118",
      "predicted:boils": "121.000000",
      "uncertainty:boils": "0.250000",
      attention: "0.2500 0.2500 0.2500 0.2500",
    });
    expect(rows[5]).toMatchObject({ "measured:boils": "", "predicted:boils": "5.000000" });
  });

  it("leaves out what there is not for new molecules and single networks", () => {
    const alone = { ...answers, uncertainty: undefined, attention: undefined };
    const [row] = rowsOf(predictionsCsv({ ...input, targetNames, answers: alone }));
    expect(Object.keys(row!)).toEqual(["row", "name", "smiles", "predicted:boils"]);
  });

  it("keeps quotes, commas, line ends and markup in names", () => {
    const rows = rowsOf(predictionsCsv({ ...input, names: hostileNames, targetNames, answers }));
    expect(rows.map(({ name }) => name)).toEqual([...hostileNames]);
  });
});
