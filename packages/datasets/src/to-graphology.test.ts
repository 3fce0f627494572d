import type { CsrMatrix } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import type { NodeDataset } from "./dataset.ts";
import { loadFolder } from "./folder/load-folder.ts";
import { toGraphology } from "./to-graphology.ts";

const root = process.env["VICINAL_DATA"] ?? "";

const sparse: CsrMatrix = {
  kind: "csr",
  rows: 3,
  columns: 4,
  indptr: Uint32Array.of(0, 2, 2, 3),
  indices: Uint32Array.of(1, 3, 0),
  values: undefined,
};

const dataset: NodeDataset = {
  name: "tiny",
  title: "Three nodes",
  task: "node classification",
  metric: "accuracy",
  nodes: 3,
  directed: false,
  edges: { sources: Uint32Array.of(0, 1, 0, 2), targets: Uint32Array.of(1, 0, 1, 2) },
  features: sparse,
  labels: Int32Array.of(1, -1, 0),
  labelSets: undefined,
  classNames: ["left", "right"],
  splits: [],
  splitsFrom: "published",
  splitsHow: "",
  published: [],
  source: undefined,
  citation: [],
};

describe("toGraphology", () => {
  it("makes one node a row and one edge a pair, and keeps self-loops", () => {
    const graph = toGraphology(dataset);
    expect(graph.type).toBe("undirected");
    expect(graph.nodes()).toEqual(["0", "1", "2"]);
    expect(graph.mapEdges((_, __, source, target) => [source, target])).toEqual([
      ["0", "1"],
      ["2", "2"],
    ]);
    expect(graph.getAttributes()).toEqual({ name: "tiny", title: "Three nodes" });
  });

  it("keeps the direction of a directed data set", () => {
    const graph = toGraphology({ ...dataset, directed: true });
    expect(graph.type).toBe("directed");
    expect(graph.size).toBe(3);
    expect(graph.hasDirectedEdge("1", "0")).toBe(true);
  });

  it("leaves out unknown labels, and writes sparse features as sets of column names", () => {
    const graph = toGraphology(dataset);
    expect(graph.getNodeAttributes("0")).toEqual({ label: "right", features: ["1", "3"] });
    expect(graph.getNodeAttributes("1")).toEqual({ features: [] });
    expect(graph.getNodeAttributes("2")).toEqual({ label: "left", features: ["0"] });
  });

  it("names columns so that they sort as numbers do", () => {
    const indices = Uint32Array.of(9, 100, 0);
    const graph = toGraphology({ ...dataset, features: { ...sparse, columns: 101, indices } });
    expect(graph.mapNodes((_, { features }) => features)).toEqual([["009", "100"], [], ["000"]]);
  });

  it("leaves out stored zeros", () => {
    const features = { ...sparse, values: Float32Array.of(0, 2, 1) };
    const graph = toGraphology({ ...dataset, features });
    expect(graph.getNodeAttribute("0", "features")).toEqual(["3"]);
  });

  it("writes dense features as numbers, and none where there are none", () => {
    const features = { kind: "dense", rows: 3, columns: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) } as const;
    expect(toGraphology({ ...dataset, features }).getNodeAttribute("1", "features")).toEqual([3, 4]);
    expect(toGraphology({ ...dataset, features: undefined }).getNodeAttributes("0")).toEqual({ label: "right" });
  });

  it("writes several labels where a node can carry several", () => {
    const labels = Int32Array.of(-1, -1, -1);
    const graph = toGraphology({ ...dataset, labels, labelSets: Uint8Array.of(1, 1, 0, 0, 0, 1) });
    expect(graph.mapNodes((_, { label, labels }) => [label, labels])).toEqual([
      [undefined, ["left", "right"]],
      [undefined, []],
      [undefined, ["right"]],
    ]);
  });

  it.skipIf(root === "")("holds a graph of 37,700 nodes and 690,358 feature entries", async () => {
    const github = await loadFolder(`${root}/github-social`);
    const graph = toGraphology(github);
    expect([graph.order, graph.size]).toEqual([37_700, 289_003]);
    expect(graph.reduceNodes((sum, _, { features }) => sum + (features?.length ?? 0), 0)).toBe(690_358);
  });
});
