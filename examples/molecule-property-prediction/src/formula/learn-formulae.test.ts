import { Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { readEmbeddedList } from "../input/embedded-list.ts";
import { formulaBlindToBonds } from "./blind-to-bonds.ts";
import { formulaExamples } from "./formula-examples.ts";
import { hillFormula } from "./hill-formula.ts";
import { learnFormulae, writeFormulae } from "./learn-formulae.ts";
import { structureParts } from "./structure.ts";

const { molecules } = await readEmbeddedList();
const shareOf = (marks: readonly boolean[]): number => marks.filter((mark) => mark).length / marks.length;

describe("learning formulae from atoms and bonds", () => {
  it("is not told of hydrogens", () => {
    const [aware] = molecules;
    const blind = { atoms: aware!.atoms.map((atom) => ({ ...atom, hydrogens: 0 })), bonds: aware!.bonds };
    expect(hillFormula(blind)).not.toBe(hillFormula(aware!));
    expect(structureParts(blind)).toEqual(structureParts(aware!));
  });

  it("shows no example with the formula of a molecule that is held out", () => {
    const { known, madeUp, heldOut } = formulaExamples(molecules, { mostAtoms: 8, madeUp: 300, random: new Random(1) });
    const hidden = new Set(heldOut.map((place) => hillFormula(molecules[place]!)));
    expect(heldOut.length).toBeGreaterThan(20);
    expect([...known, ...madeUp].filter((example) => hidden.has(hillFormula(example)))).toEqual([]);
    expect([...known, ...madeUp].every(({ atoms }) => atoms.length <= 8)).toBe(true);
  });

  it("writes those of molecules held out, where who counts atoms and does not look at bonds fails", async () => {
    const random = new Random(1);
    const examples = formulaExamples(molecules, { mostAtoms: 12, madeUp: 3000, random });
    const model = await learnFormulae(examples, { epochs: 12, random });
    const heldOut = examples.heldOut.map((place) => molecules[place]!);
    const truths = heldOut.map(hillFormula);
    const answers = writeFormulae(model, heldOut);
    const guess = formulaBlindToBonds(examples.known);
    const exact = shareOf(answers.map(({ formula }, k) => formula === truths[k]));
    const guessed = shareOf(heldOut.map((molecule, k) => guess(molecule) === truths[k]));
    expect(exact).toBeGreaterThan(0.8);
    expect(guessed).toBeLessThan(0.4);
    for (const [k, { tokens, attention }] of answers.entries()) {
      expect([attention.rows, attention.columns]).toEqual([tokens.length, heldOut[k]!.atoms.length]);
    }
  });

  it("comes to the same for the same seed", async () => {
    const learned = async (seed: number) => {
      const random = new Random(seed);
      const examples = formulaExamples(molecules, { mostAtoms: 5, madeUp: 100, random });
      const model = await learnFormulae(examples, { epochs: 2, random });
      return writeFormulae(model, molecules.slice(0, 5)).map(({ attention }) => attention.to1DArray());
    };
    expect(await learned(4)).toEqual(await learned(4));
    expect(await learned(4)).not.toEqual(await learned(5));
  });
});
