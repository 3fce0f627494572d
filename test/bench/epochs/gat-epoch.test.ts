import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NodeDataset } from "@vicinal/datasets";
import { describe, expect, it } from "vitest";
import { gatProblem } from "./gat-epoch.ts";
import { readGatProblem, writeGatProblem } from "./gat-work.ts";

/** Three nodes in a line, one edge of it listed in both directions. */
const line: NodeDataset = {
  ...{ name: "line", title: "Line", task: "node classification", metric: "accuracy", nodes: 3, directed: false },
  edges: { sources: Uint32Array.of(0, 1, 2), targets: Uint32Array.of(1, 0, 1) },
  features: {
    kind: "csr",
    rows: 3,
    columns: 5,
    indptr: Uint32Array.of(0, 2, 2, 6),
    indices: Uint32Array.of(0, 3, 0, 1, 2, 4),
    values: undefined,
  },
  labels: Int32Array.of(1, 0, 1),
  labelSets: undefined,
  classNames: ["a", "b"],
  splits: [{ train: Uint32Array.of(0, 2), validation: new Uint32Array(), test: Uint32Array.of(1) }],
  ...{ splitsFrom: "collection", splitsHow: "", published: [], source: undefined, citation: [] },
};

describe("the epoch of the GAT paper's network", () => {
  const problem = gatProblem(line);

  it("has every node once among its own senders, and each edge in both directions once", () => {
    const { offsets, senders } = problem.indices;
    const rows = Array.from(offsets.subarray(1), (end, i) => Array.from(senders.subarray(offsets[i], end)).sort());
    expect(rows).toEqual([
      [0, 1],
      [0, 1, 2],
      [1, 2],
    ]);
  });

  it("has rows of features that sum to 1", () => {
    expect(Array.from(problem.floats.featureValues)).toEqual([0.5, 0.5, 0.25, 0.25, 0.25, 0.25]);
    expect(problem.work).toMatchObject({ nodes: 3, features: 5, classes: 2, heads: 8, channels: 8, dropout: 0.6 });
  });

  it("is read as it was written", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gat-"));
    try {
      await writeGatProblem(folder, problem);
      expect(readGatProblem(folder)).toEqual(problem);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("needs sparse features", () => {
    expect(() => gatProblem({ ...line, features: undefined })).toThrow(/line: got no features; expected sparse ones/);
  });
});
