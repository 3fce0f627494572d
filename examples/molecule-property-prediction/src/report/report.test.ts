import { createHash } from "node:crypto";
import { dangersIn, elementsOf, textOf } from "@vicinal/example-report/testing";
import type { Element } from "hast";
import { describe, expect, it } from "vitest";
import { conflictsIn, sameMolecules } from "../input/same-molecules.ts";
import { extremesOf } from "../result/closeness.ts";
import { evaluate, NOTHING_HELD_OUT } from "../result/evaluation.ts";
import { headingOf } from "../result/heading.ts";
import { hostileNames, madeUpInput, madeUpLearned, madeUpSplit } from "../testing/made-up.ts";
import { createReport } from "./report.ts";

function htmlOn(input = madeUpInput(), split = madeUpSplit): string {
  const learned = madeUpLearned(input);
  const evaluation = evaluate(input, split, learned);
  return createReport({
    input,
    split,
    learned,
    evaluation,
    how: "By hand.",
    heading: headingOf(input, split.train.length, evaluation),
    extremes: extremesOf(input, split, learned, 8),
    conflicts: conflictsIn(input, sameMolecules(input.molecules)),
  });
}

const reportOn = (...content: Parameters<typeof htmlOn>) => elementsOf(htmlOn(...content));

const named = (elements: readonly Element[], tagName: string) =>
  elements.filter((element) => element.tagName === tagName);
const titles = (elements: readonly Element[]) => named(elements, "h2").map(textOf);

describe("createReport", () => {
  const elements = reportOn();

  it("shows scores, predictions, training, the closest and the farthest molecules, and the choices", () => {
    expect(titles(elements)).toEqual([
      "How right the predictions are",
      "Predicted against measured",
      "Training",
      "Farthest off, of those held out",
      "Closest, of those held out",
      "What was chosen, and why",
    ]);
    const text = textOf(elements.find(({ tagName }) => tagName === "body")!);
    for (const told of ["Mean of the training part", "Ridge regression", "salt", "1469 ± 0.25", "1465", "By hand."]) {
      expect(text).toContain(told);
    }
  });

  it("says what was left out, and what is listed with different numbers", () => {
    const input = madeUpInput();
    const told = reportOn({
      ...input,
      molecules: input.molecules.map((molecule, k) => (k === 3 ? input.molecules[2]! : molecule)),
      invalid: [{ row: 6, smiles: "C(", reason: "a branch is not closed" }],
    });
    expect(titles(told)).toContain("Listed more than once, with different numbers");
    expect(titles(told)).toContain("Left out, because they hold no molecule");
    const cells = named(told, "td").map(textOf);
    expect(cells).toEqual(expect.arrayContaining(["3, 4", "-161, 118", "6", "C(", "a branch is not closed"]));
  });

  it("says that a computed number was not measured", () => {
    const text = textOf(reportOn(madeUpInput({ origin: "computed" })).find(({ tagName }) => tagName === "body")!);
    expect(text).toContain("Nobody measured these numbers");
    expect(text).toContain("Predicted against computed");
  });

  it("does without an evaluation where nothing was held out", () => {
    const split = { ...madeUpSplit, train: Uint32Array.of(0, 1, 2, 3), test: Uint32Array.of() };
    const told = reportOn(madeUpInput(), split);
    expect(named(told, "p").map(textOf)).toContain(NOTHING_HELD_OUT);
    expect(titles(told)).toContain("Farthest off, of those learned from");
  });

  it("needs nothing from outside, runs nothing, and forbids both", () => {
    expect(dangersIn(htmlOn())).toEqual([]);
    expect(elements.filter(({ properties }) => properties["style"] !== undefined)).toEqual([]);
    const meta = elements.find(({ properties }) => properties["httpEquiv"] !== undefined);
    const policy = String(meta?.properties["content"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    const styles = named(elements, "style");
    expect(styles).toHaveLength(1);
    expect(textOf(styles[0]!)).not.toMatch(/url\(|@import/);
    expect(policy).toContain(createHash("sha256").update(textOf(styles[0]!)).digest("base64"));
  });

  it("writes hostile names as text: no element, handler or script comes of them", () => {
    const [name] = hostileNames;
    const input = madeUpInput({
      names: hostileNames,
      title: `<b onclick="alert(4)">${name}</b></title><script>alert(5)</script>`,
      targetNames: [hostileNames[1]],
      invalid: [{ row: 1, smiles: hostileNames[2], reason: name }],
    });
    const html = htmlOn({ ...input, smiles: hostileNames });
    expect(dangersIn(html)).toEqual([]);
    const own = elementsOf(html);
    expect(named(own, "b")).toEqual([]);
    const strong = named(own, "strong").map(textOf);
    expect(strong).toContain(hostileNames[2]);
    expect(textOf(named(own, "h1")[0]!)).toContain("<b onclick");
  });
});
