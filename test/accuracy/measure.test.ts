import type { NodeDataset } from "@vicinal/datasets";
import { describe, expect, it } from "vitest";
import { measure, protocolFor } from "./measure.ts";
import { table } from "./table.ts";

/** Two rings of ten nodes, joined by one edge; the class of a node is its ring, and is one of its features too. */
function rings(splits: number): NodeDataset {
  const nodes = Array.from({ length: 20 }, (_, i) => i);
  const ringOf = (i: number): number => Math.floor(i / 10);
  const next = (i: number): number => ringOf(i) * 10 + ((i + 1) % 10);
  const part = (remainder: number): Uint32Array => Uint32Array.from(nodes.filter((i) => i % 3 === remainder));
  return {
    name: "rings",
    title: "Two rings",
    task: "node classification",
    metric: "accuracy",
    nodes: 20,
    directed: false,
    edges: { sources: Uint32Array.from([...nodes, 0]), targets: Uint32Array.from([...nodes.map(next), 10]) },
    features: {
      kind: "dense",
      rows: 20,
      columns: 2,
      values: Float32Array.from(nodes.flatMap((i) => [ringOf(i), 1 - ringOf(i)])),
    },
    labels: Int32Array.from(nodes, ringOf),
    labelSets: undefined,
    classNames: ["first", "second"],
    splits: Array.from({ length: splits }, () => ({ train: part(0), validation: part(1), test: part(2) })),
    splitsFrom: "collection",
    splitsHow: "every third node",
    published: [{ model: "GAT", value: 99, std: 0.5, protocol: "none", source: "none" }],
    source: undefined,
    citation: [],
  };
}

describe("protocolFor", () => {
  it("runs one split ten times, and several splits once each", () => {
    expect(protocolFor(rings(1), {})).toMatchObject({ splits: [0], seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] });
    expect(protocolFor(rings(3), {})).toMatchObject({ splits: [0, 1, 2], seeds: [0] });
  });

  it("runs the first split of a large graph only", () => {
    expect(protocolFor({ ...rings(3), nodes: 20_000 }, {}).splits).toEqual([0]);
  });

  it("takes a count of splits or a list, and a count of seeds", () => {
    expect(protocolFor(rings(3), { splits: 2, seeds: 2 })).toMatchObject({ splits: [0, 1], seeds: [0, 1] });
    expect(protocolFor(rings(3), { splits: [2, 0] }).splits).toEqual([2, 0]);
  });

  it("refuses a split that is not there", () => {
    expect(() => protocolFor(rings(3), { splits: [3] })).toThrow(expect.objectContaining({ code: "no-such-split" }));
  });
});

describe("measure", () => {
  it("tests on the test nodes, run by run, and says what was chosen", async () => {
    const dataset = rings(2);
    const seen: number[] = [];
    const row = await measure(dataset, protocolFor(dataset, { seeds: 2 }), { epochs: 60 }, ({ run }) => seen.push(run));
    expect(row).toMatchObject({ dataset: "rings", metric: "accuracy", mean: 100, std: 0, splits: 2, seeds: 2 });
    expect(row.runs).toEqual([100, 100, 100, 100]);
    expect([...new Set(seen)]).toEqual([0, 1, 2, 3]);
    expect(row.choices.find(({ option }) => option === "epochs")).toEqual({
      option: "epochs",
      value: 60,
      reason: "given",
    });
    const text = table([row]);
    expect(text).toContain("accuracy 100.00 ± 0.00");
    expect(text).toContain("GAT 99 ± 0.5");
  });

  it("refuses data with several labels a node", async () => {
    const dataset = { ...rings(1), labelSets: new Uint8Array(40) };
    await expect(measure(dataset, protocolFor(dataset, {}), {})).rejects.toMatchObject({ code: "several-labels" });
  });
});
