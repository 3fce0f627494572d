import { describe, expect, it } from "vitest";
import { moleculeFromSmiles } from "../read/molecule-from-smiles.ts";
import { moleculeSvg } from "./molecule-svg.ts";

const aspirin = moleculeFromSmiles("CC(=O)Oc1ccccc1C(=O)O");
const discsOf = (svg: string) =>
  Array.from(
    svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)" fill="([^"]+)" fill-opacity="([\d.]+)"/g),
    (match) => match.slice(1),
  );

describe("a drawing", () => {
  it("is an SVG document with a title, of the size asked for, the same each time", () => {
    const svg = moleculeSvg(aspirin, { width: 400, height: 250, id: "aspirin" });
    expect(svg).toMatch(/^<svg id="aspirin" [^>]*width="400" height="250" viewBox="0 0 400 250" role="img">/);
    expect(svg).toContain("<title>C9H8O4</title>");
    expect(svg.trimEnd()).toMatch(/<\/svg>$/);
    expect(svg.match(/<line/g)!.length).toBeGreaterThan(12);
    expect(svg).not.toContain("event");
    expect(moleculeSvg(aspirin, { width: 400, height: 250, id: "aspirin" })).toBe(svg);
    expect(discsOf(svg)).toEqual([]);
  });

  it("marks the atoms that count, the largest weight at full strength", () => {
    const weights = aspirin.atoms.map((_, atom) => (atom === 3 ? 0.5 : atom === 0 ? 0.25 : 0));
    const discs = discsOf(moleculeSvg(aspirin, { atomWeights: weights }));
    expect(discs.map(([, , , color, opacity]) => [color, opacity])).toEqual([
      ["#f4a300", "0.500"],
      ["#f4a300", "1.000"],
    ]);
    expect(new Set(discs.map(([x, y]) => `${x},${y}`)).size).toBe(2);
    const [compared] = discsOf(moleculeSvg(aspirin, { atomWeights: weights, largestWeight: 1 }));
    expect(compared![4]).toBe("0.250");
  });

  it("can colour each atom by itself", () => {
    const discs = discsOf(moleculeSvg(moleculeFromSmiles("CO"), { atomWeights: [1, 1], color: ["red", "#00f"] }));
    expect(discs.map(([, , , color]) => color)).toEqual(["red", "#00f"]);
  });

  it("puts the disc of an oxygen where its letter is, hydrogens or not", () => {
    const molecule = moleculeFromSmiles("[H]OCC");
    const svg = moleculeSvg(molecule, { atomWeights: [1, 0, 0] });
    const [disc] = discsOf(svg);
    const letter = /<text x="([\d.]+)" y="([\d.]+)"[^>]*>O</.exec(svg)!;
    expect(Math.hypot(Number(disc![0]) - Number(letter[1]), Number(disc![1]) - Number(letter[2]))).toBeLessThan(12);
  });

  it("can be of a single atom, and of several fragments", () => {
    expect(discsOf(moleculeSvg(moleculeFromSmiles("C"), { atomWeights: [1] }))).toHaveLength(1);
    expect(discsOf(moleculeSvg(moleculeFromSmiles("[Na+].[Cl-]"), { atomWeights: [1, 2] }))).toHaveLength(2);
    expect(discsOf(moleculeSvg(moleculeFromSmiles("CO"), { atomWeights: [0, 0] }))).toEqual([]);
  });

  it("escapes what is not markup", () => {
    expect(moleculeSvg(aspirin, { title: "<script>&" })).toContain("<title>&#60;script&#62;&#38;</title>");
  });

  it.each([
    [{ atomWeights: [1] }, "wrong-length"],
    [{ atomWeights: new Array<number>(13).fill(Number.NaN) }, "not-finite"],
    [{ atomWeights: new Array<number>(13).fill(-1) }, "negative-weight"],
    [{ width: 0 }, "out-of-range"],
    [{ id: 'a"b' }, "out-of-range"],
    [{ size: 3 }, "unknown-option"],
  ])("is refused with %j", (options: object, code) => {
    expect(() => moleculeSvg(aspirin, options)).toThrow(expect.objectContaining({ code }));
  });
});
