import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { DownloadError } from "../errors.ts";
import { isGraphFolder, loadGraphFolder } from "./load-graph-folder.ts";
import { loadGraphs, mutag } from "./load-graphs.ts";

let root = "";
let folders = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "vicinal-graphs-"));
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(() => {
  vi.stubEnv("VICINAL_DATA", "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Three graphs: a pair, a triangle whose nodes stand apart in the file, and one that has no edges. */
const tiny = {
  A: "1, 2\n2, 1\n3, 5\n5, 3\n3, 6\n6, 3\n5, 6\n6, 5\n",
  graph_indicator: "1\n1\n2\n3\n2\n2\n",
  graph_labels: "1\n-1\n1\n",
  node_labels: "7\n2\n2\n2\n7\n7\n",
  node_attributes: "0.5, 1\n0.25, 2\n0, 3\n0, 4\n0, 5\n0, 6\n",
  edge_labels: "1\n1\n4\n4\n1\n1\n4\n4\n",
  folds: "1\n2\n0\n",
};

const meta = {
  name: "tiny",
  title: "Three graphs",
  task: "graph classification",
  metric: "accuracy, mean over 2 folds",
  class_names: { 1: "yes", [-1]: "no" },
  folds: "line g = fold, published",
  source: { repository: "https://github.com/owner/name", commit: "0123", licence: "MIT" },
  citation: ["Somebody, Something, 2026"],
  reference_results: [{ model: "GIN", value: 89, std: 5 }],
};

async function folderOf(
  changes: Partial<Record<keyof typeof tiny, string | undefined>> = {},
  description: object | string | undefined = meta,
): Promise<string> {
  const folder = join(root, `tiny-${folders++}`);
  await mkdir(folder);
  for (const [part, content] of Object.entries({ ...tiny, ...changes })) {
    if (content !== undefined) await writeFile(join(folder, `TINY_${part}.txt`), content);
  }
  if (description !== undefined) {
    await writeFile(
      join(folder, "meta.json"),
      typeof description === "string" ? description : JSON.stringify(description),
    );
  }
  return folder;
}

const code = (code: string) => expect.objectContaining({ name: "DataError", code });

describe("loadGraphFolder", () => {
  it("reads every graph with its own numbers for nodes, in the order of the files", async () => {
    const { graphs, nodeKinds, edgeKinds } = await loadGraphFolder(await folderOf());
    expect(nodeKinds).toEqual(["2", "7"]);
    expect(edgeKinds).toEqual(["1", "4"]);
    expect(graphs).toEqual([
      {
        nodes: 2,
        edges: { sources: Uint32Array.of(0, 1), targets: Uint32Array.of(1, 0) },
        features: { kind: "dense", rows: 2, columns: 4, values: Float32Array.of(0, 1, 0.5, 1, 1, 0, 0.25, 2) },
        edgeFeatures: { kind: "dense", rows: 2, columns: 2, values: Float32Array.of(1, 0, 1, 0) },
      },
      {
        nodes: 3,
        edges: { sources: Uint32Array.of(0, 1, 0, 2, 1, 2), targets: Uint32Array.of(1, 0, 2, 0, 2, 1) },
        features: { kind: "dense", rows: 3, columns: 4, values: Float32Array.of(1, 0, 0, 3, 0, 1, 0, 5, 0, 1, 0, 6) },
        edgeFeatures: {
          kind: "dense",
          rows: 6,
          columns: 2,
          values: Float32Array.of(0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1),
        },
      },
      {
        nodes: 1,
        edges: { sources: new Uint32Array(0), targets: new Uint32Array(0) },
        features: { kind: "dense", rows: 1, columns: 4, values: Float32Array.of(1, 0, 0, 4) },
        edgeFeatures: { kind: "dense", rows: 0, columns: 2, values: new Float32Array(0) },
      },
    ]);
  });

  it("numbers classes by their labels, and makes a split of each fold that tests on it", async () => {
    const dataset = await loadGraphFolder(await folderOf());
    expect(dataset).toMatchObject({
      name: "tiny",
      title: "Three graphs",
      task: "graph classification",
      metric: "accuracy",
      labels: Int32Array.of(1, 0, 1),
      classNames: ["no", "yes"],
      splitsFrom: "published",
      published: [{ model: "GIN", value: 89, std: 5, protocol: "", source: "" }],
      source: { repository: "https://github.com/owner/name", commit: "0123", licence: "MIT" },
      citation: ["Somebody, Something, 2026"],
    });
    const none = new Uint32Array(0);
    expect(dataset.splits).toEqual([
      { train: Uint32Array.of(1, 2), validation: none, test: Uint32Array.of(0) },
      { train: Uint32Array.of(0, 2), validation: none, test: Uint32Array.of(1) },
    ]);
  });

  it("needs no more than edges, graphs and labels, with Windows' line ends too", async () => {
    const { A, graph_indicator, graph_labels } = tiny;
    const folder = join(root, "bare");
    await mkdir(folder);
    for (const [part, content] of Object.entries({ A, graph_indicator, graph_labels })) {
      await writeFile(join(folder, `BARE_${part}.txt`), content.replaceAll("\n", "\r\n"));
    }
    const dataset = await loadGraphFolder(folder);
    expect(dataset).toMatchObject({
      name: "bare",
      classNames: ["-1", "1"],
      splits: [],
      nodeKinds: [],
      source: undefined,
    });
    expect(dataset.graphs.map(({ nodes, features }) => [nodes, features])).toEqual([
      [2, undefined],
      [3, undefined],
      [1, undefined],
    ]);
  });

  it.each<[string, string, Parameters<typeof folderOf>]>([
    ["labels that are missing", "missing-file", [{ graph_labels: undefined }]],
    ["edges that are missing", "missing-file", [{ A: undefined }]],
    ["a line with one number of two", "malformed-file", [{ A: "1, 2\n2\n" }]],
    ["a line that is no number", "malformed-file", [{ node_labels: "7\n2\nx\n2\n7\n7\n" }]],
    ["half a label", "malformed-file", [{ graph_labels: "1\n0.5\n1\n" }]],
    ["a node that is not there", "index-out-of-range", [{ A: tiny.A.replace("5, 6", "5, 7") }]],
    ["a part of a node", "index-out-of-range", [{ A: tiny.A.replace("1, 2", "1, 1.5") }]],
    ["a graph that is not there", "index-out-of-range", [{ graph_indicator: "1\n1\n2\n4\n2\n2\n" }]],
    ["an edge from graph to graph", "edge-across-graphs", [{ A: "2, 3\n", edge_labels: "1\n" }]],
    ["too few labels of nodes", "wrong-length", [{ node_labels: "7\n2\n" }]],
    ["too few labels of edges", "wrong-length", [{ edge_labels: "1\n" }]],
    ["too many attributes", "wrong-length", [{ node_attributes: `${tiny.node_attributes}0, 1\n` }]],
    ["a negative fold", "index-out-of-range", [{ folds: "1\n-2\n0\n" }]],
    ["too few folds", "wrong-length", [{ folds: "1\n2\n" }]],
    ["a meta.json that is none", "malformed-meta", [{}, "{"]],
    ["a meta.json without a name", "malformed-meta", [{}, { ...meta, name: undefined }]],
    ["another task", "wrong-task", [{}, { ...meta, task: "node classification" }]],
    ["another metric", "wrong-task", [{}, { ...meta, metric: "RMSE" }]],
    ["other content", "wrong-checksum", [{}, { ...meta, files: { "TINY_A.txt": { sha256: "0".repeat(64) } } }]],
  ])("refuses %s", async (_what, expected, changes) => {
    await expect(loadGraphFolder(await folderOf(...changes))).rejects.toThrow(code(expected));
  });

  it("names the file and the line of what it refuses", async () => {
    const folder = await folderOf({ A: tiny.A.replace("2, 1", "2, 9") });
    await expect(loadGraphFolder(folder)).rejects.toThrow(
      `${join(folder, "TINY_A.txt")}: line 2 joins the nodes 2 and 9; expected whole numbers from 1 to 6`,
    );
  });
});

describe("isGraphFolder", () => {
  it("tells a folder of small graphs from others", async () => {
    expect(await isGraphFolder(await folderOf())).toBe(true);
    expect(await isGraphFolder(root)).toBe(false);
    expect(await isGraphFolder(join(root, "nowhere"))).toBe(false);
  });
});

describe("loadGraphs", () => {
  it("takes the folder of the option before VICINAL_DATA", async () => {
    for (const [place, name] of [
      ["a", "from a"],
      ["b", "from b"],
    ] as const) {
      const folder = await folderOf({}, { ...meta, name });
      await mkdir(join(root, place));
      await rename(folder, join(root, place, "mutag"));
    }
    vi.stubEnv("VICINAL_DATA", join(root, "b"));
    expect((await mutag({ folder: join(root, "a") })).name).toBe("from a");
    expect((await mutag()).name).toBe("from b");
  });

  it("says what to do where no folder has the data set", async () => {
    const error = await mutag({ folder: join(root, "nowhere") }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DownloadError);
    expect(error).toMatchObject({ code: "no-download", message: expect.stringContaining("VICINAL_DATA") });
  });

  it("refuses an unknown name and an unknown option", async () => {
    // @ts-expect-error: the name is not in the union.
    await expect(loadGraphs("proteins")).rejects.toThrow(expect.objectContaining({ code: "unknown-dataset" }));
    // @ts-expect-error: the option is not one.
    await expect(mutag({ cache: "x" })).rejects.toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});

const data = process.env["VICINAL_DATA"] ?? "";

describe.skipIf(data === "")("mutag (needs VICINAL_DATA)", () => {
  it("has the counts that were published, and ten folds that test on nearly every graph once", async () => {
    const { graphs, labels, classNames, nodeKinds, splits } = await mutag({ folder: data });
    expect(graphs).toHaveLength(188);
    expect(graphs.reduce((total, { nodes }) => total + nodes, 0)).toBe(3371);
    expect(graphs.reduce((total, { edges }) => total + edges.sources.length, 0)).toBe(2 * 3721);
    expect(classNames).toEqual(["not mutagenic", "mutagenic"]);
    expect(labels.filter((label) => label === 1)).toHaveLength(125);
    expect(nodeKinds).toHaveLength(7);
    expect(splits).toHaveLength(10);
    const tested = splits.flatMap(({ test }) => Array.from(test));
    expect(new Set(tested).size).toBe(tested.length);
    for (const { train, test } of splits) expect(train.length + test.length).toBe(188);
  });
});
