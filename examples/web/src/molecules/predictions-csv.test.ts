import { parse } from "csv-parse/browser/esm/sync";
import { describe, expect, it } from "vitest";
import type { MoleculeRow } from "./page-state.ts";
import { predictionsCsv } from "./predictions-csv.ts";
import type { ModelFacts } from "./protocol.ts";

const facts: ModelFacts = {
  title: "t",
  task: "regression",
  targetNames: ["logS, by hand"],
  unit: "mol/l",
  origin: "measured",
};
const row: MoleculeRow = {
  place: 0,
  line: 4,
  smiles: "CO",
  name: 'a "name", quoted\nand broken',
  formula: "CH4O",
  elements: ["C", "O"],
  prediction: { place: 0, values: [-1.5], uncertainty: [0.25], attention: [0.75, 0.25], known: [2], part: "test" },
};

describe("predictionsCsv", () => {
  it("has a line for each molecule, which any reader of CSV reads back", () => {
    expect(parse(predictionsCsv([row], facts), { columns: true })).toEqual([
      {
        line: "4",
        name: row.name,
        smiles: "CO",
        part: "test",
        "measured:logS, by hand [mol/l]": "2.000000",
        "predicted:logS, by hand [mol/l]": "-1.500000",
        "uncertainty:logS, by hand [mol/l]": "0.250000",
        attention: "0.7500 0.2500",
      },
    ]);
  });

  it("leaves empty what is not known, and leaves out what no molecule has", () => {
    const bare = {
      ...row.prediction!,
      uncertainty: undefined,
      attention: undefined,
      known: [undefined],
      part: undefined,
    };
    const text = predictionsCsv([{ ...row, name: "x", prediction: bare }], { ...facts, targetNames: ["y"], unit: "" });
    expect(text).toBe("line,name,smiles,part,measured:y,predicted:y\n4,x,CO,,,-1.500000\n");
  });
});
