import { Random } from "@vicinal/core";
import type { NodeDataset } from "@vicinal/datasets";
import { describe, expect, it } from "vitest";
import { measureLinks } from "./measure-links.ts";
import { table } from "./table.ts";

/** Six communities of twenty nodes; nearly all links are within one. */
function communities(): NodeDataset {
  const nodes = 120;
  const random = new Random(2);
  const sources = Uint32Array.from({ length: 4 * nodes }, (_, e) => e % nodes);
  const targets = sources.map((source) =>
    random.uniform() < 0.95 ? source - (source % 20) + random.integer(20) : random.integer(nodes),
  );
  return {
    name: "communities",
    title: "Six communities",
    task: "node classification",
    metric: "accuracy",
    nodes,
    directed: false,
    edges: { sources, targets },
    features: undefined,
    labels: new Int32Array(nodes).fill(-1),
    labelSets: undefined,
    classNames: [],
    splits: [],
    splitsFrom: "collection",
    splitsHow: "none",
    published: [{ model: "GAT", value: 99, std: 0.5, protocol: "of labels", source: "none" }],
    source: undefined,
    citation: [],
  };
}

describe("measureLinks", () => {
  it("tests on held-out links, seed by seed, without labels or splits of nodes", async () => {
    const seen: number[] = [];
    const options = { epochs: 60, hidden: 16, dimensions: 16, heads: 2 };
    const row = await measureLinks(communities(), [0, 1], options, ({ run }) => seen.push(run));
    expect(row).toMatchObject({ dataset: "communities", metric: "roc-auc", seeds: 2, published: [] });
    expect(row.runs).toHaveLength(2);
    expect(row.runs[0]).not.toBe(row.runs[1]);
    expect(row.mean).toBeGreaterThan(75);
    expect(row.mean).toBeCloseTo((row.runs[0]! + row.runs[1]!) / 2, 10);
    expect([...new Set(seen)]).toEqual([0, 1]);
    expect(table([row])).toContain("roc-auc");
  });
});
