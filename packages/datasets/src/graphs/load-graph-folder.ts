import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@vicinal/core";
import type { Split } from "../dataset.ts";
import { sha256 } from "../download/checksum.ts";
import { splitFromLists } from "../splits.ts";
import type { GraphDataset, SmallGraph } from "./graph-dataset.ts";
import { type GraphMeta, readGraphMeta } from "./graph-meta.ts";
import { type Described, describe } from "./kinds.ts";
import { expectRows, readTextTable, readWholeNumbers, type TextTable } from "./text-table.ts";

/** The end of the name of the file that every set of small graphs has. */
const edgeFile = "_A.txt";

/**
 * Loads a set of small graphs in the text format of the TU collection (Morris et al., "TUDataset", 2020): `DS_A.txt`, `DS_graph_indicator.txt` and
 * `DS_graph_labels.txt`, and where they are there node and edge labels, node and edge attributes, and `DS_folds.txt`, which is the layout of
 * the README. Contents are compared with the SHA-256 sums that `meta.json` gives, if there is one.
 *
 * @param folder Path of the folder of one data set.
 * @throws DataError `missing-file`, `malformed-file` naming the line, `wrong-length`, `wrong-checksum`, `index-out-of-range`, `edge-across-graphs`,
 * `malformed-meta`, `wrong-task`.
 */
export async function loadGraphFolder(folder: string): Promise<GraphDataset> {
  const prefix = await prefixOf(folder);
  const meta = await readGraphMeta(folder, prefix.toLowerCase());
  const files = new TextFiles(folder, prefix, meta);

  const graphOf = readWholeNumbers(files.path("graph_indicator"), await files.expect("graph_indicator"));
  const labels = readWholeNumbers(files.path("graph_labels"), await files.expect("graph_labels"));
  const pairs = readTextTable(files.path("A"), await files.expect("A"), 2);
  const [nodes, edges] = [
    [graphOf.length, "nodes"],
    [pairs.rows, "edges"],
  ] as const;
  const ofNodes = describe(await files.numbers("node_labels", nodes), await files.table("node_attributes", nodes));
  const edgeLabels = (await files.numbers("edge_labels", edges)) ?? (await files.numbers("edge_codes", edges));
  const ofEdges = describe(edgeLabels, await files.table("edge_attributes", edges));
  const folds = await files.numbers("folds", [labels.length, "graphs"]);

  const classes = [...new Set(labels)].sort((a, b) => a - b);
  return {
    name: meta.name,
    title: meta.title ?? meta.name,
    task: "graph classification",
    metric: "accuracy",
    graphs: separate(files, graphOf, labels.length, pairs, ofNodes, ofEdges),
    labels: labels.map((label) => classes.indexOf(label)),
    classNames: classes.map((label) => meta.class_names[label] ?? String(label)),
    nodeKinds: ofNodes.kinds.map(String),
    edgeKinds: ofEdges.kinds.map(String),
    splits: folds === undefined ? [] : splitsOfFolds(files.path("folds"), folds),
    splitsFrom: /published/i.test(meta.folds ?? "") ? "published" : "collection",
    splitsHow: meta.folds ?? "",
    published: meta.reference_results.map((result) => ({ ...result, std: result.std ?? undefined })),
    source: meta.source && {
      repository: meta.source.repository,
      commit: meta.source.commit,
      licence: meta.source.licence ?? "not stated",
    },
    citation: meta.citation,
  };
}

/** Whether a folder holds a set of small graphs. */
export async function isGraphFolder(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => name.endsWith(edgeFile));
}

/** The name that all files of the set begin with. */
async function prefixOf(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const found = names.filter((name) => name.endsWith(edgeFile));
  const [name] = found;
  if (name !== undefined && found.length === 1) return name.slice(0, -edgeFile.length);
  throw new DataError(
    "missing-file",
    `loadGraphFolder: ${folder} holds ${found.length} files whose name ends with "${edgeFile}"; expected one, and the files that belong to it. ` +
      "Pass the folder of one data set.",
  );
}

/** The text files of one set. */
class TextFiles {
  readonly #folder: string;
  readonly #prefix: string;
  readonly #meta: GraphMeta;

  constructor(folder: string, prefix: string, meta: GraphMeta) {
    this.#folder = folder;
    this.#prefix = prefix;
    this.#meta = meta;
  }

  path(part: string): string {
    return join(this.#folder, `${this.#prefix}_${part}.txt`);
  }

  /** @throws DataError `wrong-checksum`. */
  async read(part: string): Promise<string | undefined> {
    const path = this.path(part);
    const content = await readFile(path).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    });
    if (content === undefined) return undefined;
    const expected = this.#meta.files[`${this.#prefix}_${part}.txt`]?.sha256;
    if (expected === undefined || sha256(content) === expected) return content.toString("utf8");
    throw new DataError(
      "wrong-checksum",
      `loadGraphFolder: the SHA-256 of ${path} is ${sha256(content)}; expected ${expected} (from meta.json). ` +
        "The file was changed or damaged: copy it again.",
    );
  }

  /** @throws DataError `missing-file`, `wrong-checksum`. */
  async expect(part: string): Promise<string> {
    const text = await this.read(part);
    if (text !== undefined) return text;
    throw new DataError(
      "missing-file",
      `loadGraphFolder: ${this.path(part)} is missing; expected it beside the edges.`,
    );
  }

  async numbers(part: string, rows: readonly [number, string]): Promise<Int32Array | undefined> {
    const text = await this.read(part);
    return text === undefined ? undefined : readWholeNumbers(this.path(part), text, rows);
  }

  async table(part: string, rows: readonly [number, string]): Promise<TextTable | undefined> {
    const text = await this.read(part);
    if (text === undefined) return undefined;
    const table = readTextTable(this.path(part), text);
    expectRows(this.path(part), table.rows, rows);
    return table;
  }
}

/** The graphs one by one, nodes and edges in the order of the files. */
function separate(
  files: TextFiles,
  graphOf: Int32Array,
  graphs: number,
  { rows, values }: TextTable,
  ofNodes: Described,
  ofEdges: Described,
): SmallGraph[] {
  const nodesOf = Array.from({ length: graphs }, (): number[] => []);
  const edgesOf = Array.from({ length: graphs }, (): number[] => []);
  const inGraph = new Uint32Array(graphOf.length);
  for (const [node, graph] of graphOf.entries()) {
    const members = nodesOf[graph - 1];
    if (members === undefined) {
      throw new DataError(
        "index-out-of-range",
        `${files.path("graph_indicator")}: line ${node + 1} names the graph ${graph}; expected numbers from 1 to ${graphs}, the count of labels.`,
      );
    }
    inGraph[node] = members.length;
    members.push(node);
  }
  for (let edge = 0; edge < rows; edge++) {
    const [source, target] = [values[2 * edge]! - 1, values[2 * edge + 1]! - 1];
    const [graph, other] = [graphOf[source], graphOf[target]];
    if (graph === undefined || other === undefined) {
      throw new DataError(
        "index-out-of-range",
        `${files.path("A")}: line ${edge + 1} joins the nodes ${source + 1} and ${target + 1}; expected whole numbers from 1 to ${graphOf.length}.`,
      );
    }
    if (graph !== other) {
      throw new DataError(
        "edge-across-graphs",
        `${files.path("A")}: line ${edge + 1} joins a node of graph ${graph} with one of graph ${other}; expected both in one graph.`,
      );
    }
    edgesOf[graph - 1]!.push(edge);
  }
  return nodesOf.map((nodes, graph): SmallGraph => {
    const edges = edgesOf[graph]!;
    const end = (side: 0 | 1): Uint32Array => Uint32Array.from(edges, (edge) => inGraph[values[2 * edge + side]! - 1]!);
    return {
      nodes: nodes.length,
      edges: { sources: end(0), targets: end(1) },
      features: ofNodes.rowsOf(nodes),
      edgeFeatures: ofEdges.rowsOf(edges),
    };
  });
}

/** One split a fold, which tests on it. */
function splitsOfFolds(where: string, folds: Int32Array): Split[] {
  const count = folds.reduce((highest, fold) => Math.max(highest, fold), 0);
  for (const [graph, fold] of folds.entries()) {
    if (fold >= 0) continue;
    throw new DataError(
      "index-out-of-range",
      `${where}: line ${graph + 1} holds ${fold}; expected a fold from 1, or 0 for none.`,
    );
  }
  const graphs = Array.from(folds.keys());
  return Array.from({ length: count }, (_, k) =>
    splitFromLists(
      graphs.filter((graph) => folds[graph] !== k + 1),
      [],
      graphs.filter((graph) => folds[graph] === k + 1),
    ),
  );
}
