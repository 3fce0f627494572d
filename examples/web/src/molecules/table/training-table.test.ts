import { describe, expect, it } from "vitest";
import { guessColumns, mostRows, readTrainingTable, targetsOf } from "./training-table.ts";

describe("readTrainingTable", () => {
  it("reads quotes, a byte order mark and Windows line ends", () => {
    expect(readTrainingTable('\uFEFFname,smiles\r\n"ethanol, ""dry""", CCO \r\n')).toEqual({
      columns: ["name", "smiles"],
      rows: [['ethanol, "dry"', "CCO"]],
    });
  });

  it.each([";", "\t", ","])("finds out that fields are separated by %j", (delimiter) => {
    const text = `smiles${delimiter}log S${delimiter}note\nC${delimiter}1${delimiter}x\n`;
    expect(readTrainingTable(text).columns).toEqual(["smiles", "log S", "note"]);
  });

  it.each([
    ["an empty file", "", /no rows/],
    ["a header alone", "smiles,y\n", /no rows/],
    ["a line with too few fields", "smiles,y\nC\n", /line 2/],
    ["a quote that is never closed", 'smiles,y\n"C,1\n', /[Qq]uote/],
    ["a column that is named twice", "y,smiles,y\n1,C,2\n", /two columns called "y"/],
    ["too many rows", `s,y\n${"C,1\n".repeat(mostRows + 1)}`, /more than 20,000 rows/],
    ["a record without an end", `s,y\n"${"C".repeat(200_000)}`, /no table/],
  ])("refuses %s in a sentence", (_what, text, sentence) => {
    expect(() => readTrainingTable(text)).toThrow(sentence);
    expect(() => readTrainingTable(text)).toThrow(expect.objectContaining({ name: "PageProblem" }));
  });
});

describe("guessColumns", () => {
  const guess = (text: string) => guessColumns(readTrainingTable(text));

  it("takes the column that is called SMILES, and the one with numbers that sounds measured", () => {
    expect(guess("id,weight,measured log solubility,Smiles\n1,46,-0.7,CCO\n2,16,,C\n")).toEqual({
      smiles: "Smiles",
      target: "measured log solubility",
    });
  });

  it("takes the last column with numbers where none sounds like it", () => {
    expect(guess("a,structure,b,c\n1,CCO,2,x\n")).toEqual({ smiles: "structure", target: "b" });
  });

  it("guesses nothing where nothing fits", () => expect(guess("a,b\nx,y\n")).toEqual({}));
});

describe("targetsOf", () => {
  const targets = (text: string) => targetsOf(readTrainingTable(text), { smiles: "s", target: "y" });

  it("takes an empty field for what is not known", () => {
    expect(targets("s,y\nCCO,-1.5e0\nC,\n")).toEqual({
      smiles: ["CCO", "C"],
      targets: Float64Array.of(-1.5, Number.NaN),
      areAnswers: false,
    });
  });

  it("takes numbers that are all 0 or 1 for answers, if there are both", () => {
    expect(targets("s,y\nCCO,0\nC,1\nN,\n").areAnswers).toBe(true);
    expect(targets("s,y\nCCO,1\nC,1\n").areAnswers).toBe(false);
    expect(targets("s,y\nCCO,0\nC,2\n").areAnswers).toBe(false);
  });

  it.each(["hot", "1e999", "0x10", "12 °C", "<script>"])("names the row of the target %s", (field) => {
    expect(() => targets(`s,y\nCCO,0\nC,${field}\n`)).toThrow(`Row 2 has ${JSON.stringify(field)}`);
  });

  it("refuses a column that is empty or not there", () => {
    expect(() => targets("s,y\nCCO,\n")).toThrow(/"y" is empty/);
    expect(() => targets("s,z\nCCO,\n")).toThrow(/no column "y"/);
  });
});
