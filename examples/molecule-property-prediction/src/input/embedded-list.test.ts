import { moleculeFromSmiles } from "@vicinal/molecules";
import { describe, expect, it } from "vitest";
import { readEmbeddedList, readEmbeddedTable } from "./embedded-list.ts";
import { sameMolecules } from "./same-molecules.ts";

/** Counts of elements in a formula, over all fragments; `[13C]` is not used in the list. */
function elementsOf(formula: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const part of formula.split(".")) {
    const [, times = "", rest = ""] = /^(\d*)(.*)$/.exec(part) ?? [];
    for (const [, element, count] of rest.matchAll(/([A-Z][a-z]?)(\d*)/g)) {
      counts.set(element!, (counts.get(element!) ?? 0) + Number(count || 1) * Number(times || 1));
    }
  }
  return counts;
}

describe("the embedded list", () => {
  it("holds at least 400 compounds, each with a name of its own and the formula that openchemlib finds", async () => {
    const { rows, columns } = await readEmbeddedTable();
    expect(columns).toEqual(["name", "formula", "smiles"]);
    expect(rows.length).toBeGreaterThanOrEqual(400);
    expect(new Set(rows.map(({ name }) => name?.toLowerCase())).size).toBe(rows.length);
    for (const { name, formula, smiles } of rows) {
      const found = moleculeFromSmiles(smiles!).formula;
      expect({ name, elements: elementsOf(found) }).toEqual({ name, elements: elementsOf(formula!) });
    }
  });

  it("names no molecule twice, however it is written", async () => {
    const { molecules, names } = await readEmbeddedList();
    const same = sameMolecules(molecules);
    const repeated = names.filter((_, molecule) => same.indexOf(same[molecule]!) !== molecule);
    expect(repeated).toEqual([]);
  });

  it("has a computed number for each, and says so", async () => {
    const input = await readEmbeddedList();
    expect(input.targets).toHaveLength(input.molecules.length);
    expect(input.targets.every(Number.isFinite)).toBe(true);
    expect(input.origin).toBe("computed");
    expect(input.title).toContain("not measured");
    // Water dissolves in water, decane does not.
    const logP = (name: string) => input.targets[input.names.indexOf(name)]!;
    expect(logP("decane")).toBeGreaterThan(3);
    expect(logP("glycerol")).toBeLessThan(0);
    expect(input.withheld).toContain("logP");
  });
});
