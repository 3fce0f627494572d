import type { MoleculeDataset } from "@vicinal/datasets";
import { describe, expect, it } from "vitest";
import { measureMolecules } from "./measure-molecules.ts";
import { table } from "./table.ts";

/** Chains of carbon with oxygens at random places, and one row that is no molecule; the target counts oxygens. */
function chains(more: Partial<MoleculeDataset> = {}): MoleculeDataset {
  const smiles = Array.from({ length: 61 }, (_, k) =>
    k === 7 ? "not a molecule" : Array.from({ length: 3 + (k % 5) }, (_, i) => ((k >> i) & 1 ? "O" : "C")).join("C"),
  );
  const oxygens = smiles.map((text) => text.split("O").length - 1);
  const rows = Uint32Array.from(smiles.keys());
  const part = (digits: readonly number[]) => rows.filter((row) => digits.includes(row % 10));
  const split = { train: part([0, 1, 2, 3, 4, 5, 6, 7]), validation: part([8]), test: part([9]) };
  return {
    name: "chains",
    title: "Chains",
    task: "regression",
    metric: "rmse",
    columns: ["smiles", "oxygens"],
    rows: smiles.map((text, k) => [text, String(oxygens[k])]),
    smiles,
    targetNames: ["oxygens"],
    targets: Float64Array.from(oxygens),
    splits: [split, split],
    scaffoldSplit: undefined,
    published: [{ model: "counting", value: 0, std: undefined, protocol: "by eye", source: "none" }],
    source: undefined,
    citation: [],
    ...more,
  };
}

describe("measureMolecules", () => {
  it("trains a network for each split and seed on the rows that can be read, and gives the error in the unit of the target", async () => {
    const seen: number[] = [];
    const protocol = { model: "attentive-fp", seeds: [0], splits: [0, 1], epochs: 30 } as const;
    const row = await measureMolecules(chains(), protocol, ({ run }) => seen.push(run));
    expect(row).toMatchObject({ dataset: "chains", metric: "rmse", seeds: 1, splits: 2 });
    expect(row.runs).toHaveLength(2);
    // The targets deviate by about 1.2 from their mean.
    expect(row.mean).toBeLessThan(0.7);
    expect([...new Set(seen)]).toEqual([0, 1]);
    expect(table([row])).toContain(`rmse ${row.mean.toFixed(3)}`);
  });

  it("measures the baseline on descriptors, which counts oxygens almost without error", async () => {
    const row = await measureMolecules(chains(), { model: "descriptors", seeds: [0], splits: [0] });
    expect(row.mean).toBeLessThan(0.2);
  });

  it("gives the mean area under the ROC curve, in percent, for answers yes and no", async () => {
    const { targets } = chains();
    const answers = Float64Array.from({ length: 2 * targets.length }, (_, k) =>
      k % 2 === 0 ? Number(targets[k >> 1]! > 1) : Number(targets[k >> 1]! > 2),
    );
    const dataset = chains({ task: "multi-task", metric: "roc-auc", targetNames: ["two", "three"], targets: answers });
    const row = await measureMolecules(dataset, { model: "gatv2", seeds: [0], splits: [0], epochs: 20 });
    expect(row.metric).toBe("roc-auc");
    expect(row.mean).toBeGreaterThan(75);
    expect(row.mean).toBeLessThanOrEqual(100);
  });

  it.each([
    ["a split that there is not", chains(), [2], "no-such-split"],
    ["a scaffold split where there is none", chains(), "scaffold", "no-splits"],
    ["data without splits", chains({ splits: [] }), [0], "no-splits"],
  ] as const)("refuses %s", async (_what, dataset, splits, code) => {
    const measured = measureMolecules(dataset, { model: "descriptors", seeds: [0], splits });
    await expect(measured).rejects.toMatchObject({ name: "OptionError", code });
  });
});
