import { denseMatrix, Random } from "@vicinal/core";
import type { NodeDataset } from "@vicinal/datasets";
import { describe, expect, it } from "vitest";
import { measureTransfer } from "./measure-transfer.ts";
import { table } from "./table.ts";

/** Two communities of `size` nodes; one feature leans towards the community, and every tenth node has no label. */
function town(name: string, size: number, seed: number, more: Partial<NodeDataset> = {}): NodeDataset {
  const nodes = 2 * size;
  const random = new Random(seed);
  const sources = Uint32Array.from({ length: 4 * nodes }, (_, e) => e % nodes);
  const targets = sources.map((source) => {
    const isOwn = random.uniform() < 0.9;
    return random.integer(size) + (source < size === isOwn ? 0 : size);
  });
  const values = Float32Array.from({ length: 2 * nodes }, (_, k) =>
    random.normal(k % 2 === 0 ? (k < nodes ? -0.7 : 0.7) : 0),
  );
  const labels = Int32Array.from({ length: nodes }, (_, i) => (i % 10 === 9 ? -1 : i < size ? 0 : 1));
  const labelled = (digits: readonly number[]) =>
    Uint32Array.from(labels.keys()).filter((node) => digits.includes(node % 10));
  return {
    name,
    title: name,
    task: "node classification",
    metric: "roc-auc",
    nodes,
    directed: false,
    edges: { sources, targets },
    features: denseMatrix(nodes, 2, values),
    labels,
    labelSets: undefined,
    classNames: ["left", "right"],
    splits: [{ train: labelled([0, 1, 2, 3]), validation: labelled([4, 5]), test: labelled([6, 7, 8]) }],
    splitsFrom: "collection",
    splitsHow: "by number",
    published: [{ model: "GAT", value: 99, std: 0.5, protocol: "within one town", source: "none" }],
    source: undefined,
    citation: [],
    ...more,
  };
}

const options = { model: "gat", epochs: 40, hidden: 8, heads: 2, learningRate: 0.01 } as const;

describe("measureTransfer", () => {
  it("trains on one data set and tests on all labelled nodes of the other, seed by seed", async () => {
    const seen: number[] = [];
    const [here, there] = [town("here", 50, 1), town("there", 40, 2)];
    const row = await measureTransfer(here, there, [0, 1], options, ({ run }) => seen.push(run));
    expect(row).toMatchObject({ dataset: "here to there", metric: "roc-auc", seeds: 2, splits: 1, published: [] });
    expect(row.protocol).toContain("all 72 nodes of there");
    expect(row.runs).toHaveLength(2);
    expect(row.mean).toBeCloseTo((row.runs[0]! + row.runs[1]!) / 2, 10);
    expect(row.std).toBeCloseTo(Math.abs(row.runs[0]! - row.runs[1]!) / 2, 10);
    expect(row.mean).toBeGreaterThan(90);
    expect([...new Set(seen)]).toEqual([0, 1]);
    expect(table([row])).toContain("here to there");
  });

  it("learns nothing from the other data set: its labels change the figure alone", async () => {
    const here = town("here", 50, 1);
    const there = town("there", 40, 2);
    const swapped = { ...there, labels: there.labels.map((label) => (label < 0 ? label : 1 - label)) };
    const row = await measureTransfer(here, there, [0], options);
    const other = await measureTransfer(here, swapped, [0], options);
    expect(other.mean).toBeCloseTo(100 - row.mean, 8);
    expect(other.epochs).toBe(row.epochs);
    expect(other.choices).toEqual(row.choices);
  });

  it("measures accuracy where the other data set does", async () => {
    const row = await measureTransfer(town("here", 50, 1), town("there", 40, 2, { metric: "accuracy" }), [0], options);
    expect(row.metric).toBe("accuracy");
    expect((row.mean * 72) / 100).toBeCloseTo(Math.round((row.mean * 72) / 100), 8);
  });

  it.each<[string, string, Partial<NodeDataset>]>([
    ["other columns", "data-differ", { features: denseMatrix(80, 3, new Float32Array(240)) }],
    ["other classes", "data-differ", { classNames: ["left", "wrong"] }],
    ["another count of classes", "data-differ", { classNames: ["left", "right", "middle"] }],
    ["no features", "no-features", { features: undefined }],
    ["several labels a node", "several-labels", { labelSets: new Uint8Array(160) }],
  ])("refuses data with %s", async (_what, code, more) => {
    const transfer = measureTransfer(town("here", 50, 1), town("there", 40, 2, more), [0], options);
    await expect(transfer).rejects.toMatchObject({ name: "OptionError", code });
  });

  it("refuses data without a split to train on", async () => {
    const transfer = measureTransfer(town("here", 50, 1, { splits: [] }), town("there", 40, 2), [0], options);
    await expect(transfer).rejects.toMatchObject({ name: "OptionError", code: "no-such-split" });
  });
});
