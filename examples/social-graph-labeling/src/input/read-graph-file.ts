import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { AbstractGraph } from "graphology-types";
import { GraphFileError, reasonOf } from "./graph-file-error.ts";
import type { LabeledGraph } from "./labeled-graph.ts";
import { readCsv } from "./read-csv.ts";
import { readJson } from "./read-json.ts";
import { readGexf, readGraphml } from "./read-xml.ts";

/** Where a user's graph lies, and what its attributes mean. */
export interface GraphFileOptions {
  readonly graph: string;
  /** A table of node attributes, only beside a table of edges. */
  readonly nodes?: string | undefined;
  readonly label: string;
  readonly features?: readonly string[] | undefined;
  readonly weight?: string | undefined;
}

/**
 * Reads a user's own graph. The ending of the file says what it holds. An empty label is an unknown label.
 *
 * @throws GraphFileError `missing-file`, `unknown-format`, `unreadable-graph` or `missing-column`.
 */
export async function readGraphFile(options: GraphFileOptions): Promise<LabeledGraph> {
  const { label, features, weight } = options;
  const graph = await parseFile(options);
  graph.forEachNode((node, { [label]: value }) => {
    if (value === "") graph.removeNodeAttribute(node, label);
  });
  return {
    title: basename(options.graph),
    graph,
    label,
    ...(features === undefined ? {} : { features }),
    ...(weight === undefined ? {} : { edgeWeight: weight }),
    nodeName: (node) => displayName(graph, node, label),
  };
}

async function parseFile({ graph: path, nodes, label }: GraphFileOptions): Promise<AbstractGraph> {
  const ending = extname(path).toLowerCase();
  if (nodes !== undefined && ending !== ".csv") {
    throw new GraphFileError(
      "unknown-format",
      `${path}: a table of nodes (${nodes}) was given beside a ${ending || "nameless"} file; expected it only beside a .csv of edges. ` +
        "Leave --nodes out: the graph file holds the attributes of its nodes.",
    );
  }
  switch (ending) {
    case ".gexf":
      return readGexf(path, await readText(path));
    case ".graphml":
      return readGraphml(path, await readText(path));
    case ".json":
      return readJson(path, await readText(path));
    case ".csv":
      return readCsv(
        { path, text: await readText(path) },
        nodes === undefined ? undefined : { path: nodes, text: await readText(nodes) },
        [label],
      );
    default:
      throw new GraphFileError(
        "unknown-format",
        `${path}: got a file that ends in "${ending}"; expected .gexf, .graphml, .json or .csv. ` +
          "Rename the file if it is one of these, or export it as one.",
      );
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new GraphFileError("missing-file", `${path}: the file cannot be read: ${reasonOf(error)} Check the path.`, {
      cause: error,
    });
  }
}

/** The name that the file gives a node, unless that is what is to be predicted; else its key. */
function displayName(graph: AbstractGraph, node: string, label: string): string {
  for (const attribute of ["name", "label"]) {
    const value: unknown = graph.getNodeAttribute(node, attribute);
    if (attribute !== label && typeof value === "string" && value !== "") return value;
  }
  return node;
}
