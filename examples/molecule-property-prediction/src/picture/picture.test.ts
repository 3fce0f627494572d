import { moleculeFromSmiles } from "@vicinal/molecules";
import type { Element } from "hast";
import { describe, expect, it } from "vitest";
import { extremesOf } from "../result/closeness.ts";
import { hostileNames, madeUpInput, madeUpLearned, madeUpSplit } from "../testing/made-up.ts";
import { drawnMolecule, shareColors } from "./drawn-molecule.ts";
import { pictureSvg } from "./picture.ts";

function pictureOf(input = madeUpInput()): string {
  const learned = madeUpLearned(input);
  const split = madeUpSplit;
  const extremes = extremesOf(input, split, learned, 4);
  return pictureSvg({ input, learned, split }, extremes, { title: input.title, subtitle: "3 tested" });
}

const discs = (drawing: Element) =>
  drawing.children.filter((child) => child.type === "element" && child.properties["fillOpacity"] !== undefined);

describe("drawnMolecule", () => {
  it("marks the atoms by attention, and nothing stands out where it is equal", () => {
    const molecule = moleculeFromSmiles("CCO");
    const strengths = (attention: number[]) =>
      discs(drawnMolecule(molecule, attention, { width: 200, height: 100 })).map((disc) =>
        Number(disc.type === "element" && disc.properties["fillOpacity"]),
      );
    expect(strengths([0.1, 0.1, 0.8])).toEqual([0.375, 0.375, 0.75]);
    expect(strengths([0.3, 0.3, 0.4])).toEqual([0.15, 0.15, 0.3]);
    expect(strengths([1 / 3, 1 / 3, 1 / 3])).toEqual([]);
  });

  it("draws one atom, salts, and molecules of which no attention is known", () => {
    for (const smiles of ["C", "[Na+].[Cl-]", "[Xe]", "c1ccccc1"]) {
      const molecule = moleculeFromSmiles(smiles);
      expect(drawnMolecule(molecule, undefined, { width: 200, height: 100 }).tagName).toBe("svg");
      const attention = molecule.atoms.map(() => 1 / molecule.atoms.length);
      expect(discs(drawnMolecule(molecule, attention, { width: 200, height: 100 }))).toEqual([]);
    }
  });

  it("has one colour for more than an equal share and one for less", () => {
    const drawing = drawnMolecule(moleculeFromSmiles("CO"), [0.2, 0.8], { width: 200, height: 100 });
    const colors = discs(drawing).map((disc) => disc.type === "element" && disc.properties["fill"]);
    expect(colors).toEqual([shareColors.less, shareColors.more]);
  });

  it("brings no style of its own into a page", () => {
    const text = JSON.stringify(
      drawnMolecule(moleculeFromSmiles("CC(=O)O"), [0.1, 0.2, 0.3, 0.4], { width: 200, height: 100 }),
    );
    expect(text).not.toContain('"tagName":"style"');
    expect(text).not.toMatch(/"style":|"id":/);
  });
});

describe("pictureSvg", () => {
  it("draws a point for each molecule that was held out, with its spread, and names the closest and the farthest", () => {
    const svg = pictureOf();
    expect(svg.match(/class="spread"/g)).toHaveLength(3);
    expect(svg).toContain("salt: predicted 1469 ± 0.25, measured 1465");
    for (const text of ["Six molecules", "salt", "methane", "predicted", "measured"]) expect(svg).toContain(text);
    expect(svg).toMatch(/^<svg [^>]*xmlns=/);
    expect(pictureOf()).toBe(svg);
  });

  it("draws the ROC curve of answers", () => {
    const input = madeUpInput({ task: "multi-task", targets: Float64Array.of(1, 0, 0, 1, 1, Number.NaN) });
    expect(pictureOf(input)).toContain('class="roc"');
  });

  it("draws even where all numbers are equal", () => {
    expect(pictureOf(madeUpInput({ targets: new Float64Array(6) }))).not.toMatch(/NaN|Infinity/);
  });

  it("stays well-formed and without scripts whatever names hold", () => {
    const svg = pictureOf(madeUpInput({ names: hostileNames, title: `${hostileNames[0]} ${hostileNames[1]}` }));
    expect(svg).not.toMatch(/<img|<script|<svg onload|]]>/);
    expect(svg).not.toMatch(/[^\P{Cc}\n]/u);
    expect(svg).toContain("&#x3C;img");
  });
});
