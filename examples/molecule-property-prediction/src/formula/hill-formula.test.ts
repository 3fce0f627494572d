import { moleculeFromSmiles } from "@vicinal/molecules";
import { describe, expect, it } from "vitest";
import { readEmbeddedTable } from "../input/embedded-list.ts";
import { formulaTokens, hillFormula, vocabulary } from "./hill-formula.ts";

const formulaOf = (smiles: string) => hillFormula(moleculeFromSmiles(smiles));

/** Elements with their counts, in no order. */
const partsOf = (formula: string) => formula.match(/[A-Z][a-z]?\d*/g)!.sort();

describe("the formula of a molecule", () => {
  it.each([
    ["CCO", "C2H6O"],
    ["O", "H2O"],
    ["ClC(Cl)(Cl)Cl", "CCl4"],
    ["OC(=O)CCl", "C2H3ClO2"],
    ["BrCCN", "C2H6BrN"],
    ["OS(=O)(=O)O", "H2O4S"],
    ["NN", "H4N2"],
    ["C[N+](=O)[O-]", "CH3NO2"],
  ])("of %s is %s", (smiles, formula) => expect(formulaOf(smiles)).toBe(formula));

  it("has the counts that the embedded list has, which was written by hand", async () => {
    const { rows } = await readEmbeddedTable();
    const wrong = rows
      .filter(({ formula }) => !formula!.includes("."))
      .filter(({ formula, smiles }) => `${partsOf(formulaOf(smiles!))}` !== `${partsOf(formula!)}`);
    expect(wrong).toEqual([]);
  });

  it("is written in elements and digits", () => {
    expect(formulaTokens("C12H22Cl2O11")).toEqual(["C", "1", "2", "H", "2", "2", "Cl", "2", "O", "1", "1"]);
    expect(vocabulary.decode(vocabulary.encode(formulaTokens("CBrCl")))).toEqual(["C", "Br", "Cl"]);
  });
});
