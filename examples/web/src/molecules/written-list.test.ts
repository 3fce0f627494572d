import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mostWritten, readWrittenList } from "./written-list.ts";

describe("readWrittenList", () => {
  it("reads a SMILES a line, with a name behind spaces, a tab, a comma or a semicolon", () => {
    expect(
      readWrittenList("CCO ethanol\nC\tmethane\nCl,hydrogen chloride\n\n  N ; ammonia, dry  \n").molecules,
    ).toEqual([
      { line: 1, smiles: "CCO", name: "ethanol" },
      { line: 2, smiles: "C", name: "methane" },
      { line: 3, smiles: "Cl", name: "hydrogen chloride" },
      { line: 5, smiles: "N", name: "ammonia, dry" },
    ]);
  });

  it("calls a molecule without a name by its SMILES", () => {
    expect(readWrittenList("C#N\nCC,\n").molecules.map(({ name }) => name)).toEqual(["C#N", "CC"]);
  });

  it("leaves out empty lines and remarks, and counts them as lines", () => {
    expect(readWrittenList("\uFEFF# mine\r\n\r\nC\rCC").molecules).toMatchObject([{ line: 3 }, { line: 4 }]);
  });

  it("keeps what is no SMILES for whoever reads it to refuse", () => {
    expect(readWrittenList(",oops\n<b>x</b>").molecules.map(({ smiles }) => smiles)).toEqual([",oops", "<b>x</b>"]);
  });

  it("stops at the most that it reads, and says how many are left", () => {
    const list = readWrittenList("C\n".repeat(mostWritten + 3));
    expect([list.molecules.length, list.leftOut]).toEqual([mostWritten, 3]);
  });

  it("reads back every list of names and SMILES", () => {
    const smiles = fc.constantFrom("C", "CCO", "c1ccccc1", "C#N", "[Na+].[Cl-]");
    const name = fc.string({ minLength: 1 }).map((text) => text.replace(/[\s,;\uFEFF]+/g, "") || "x");
    fc.assert(
      fc.property(fc.array(fc.tuple(smiles, name), { maxLength: 20 }), (list) => {
        const read = readWrittenList(list.map(([text, called]) => `${text} ${called}`).join("\n"));
        expect(read.molecules.map((molecule) => [molecule.smiles, molecule.name])).toEqual(list);
      }),
    );
  });
});
