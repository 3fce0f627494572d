import type { AbstractGraph } from "graphology-types";
import type { LabeledGraph } from "../labeled-graph.ts";
import { GraphFileError } from "./graph-file-error.ts";
import { readCsv } from "./read-csv.ts";
import { readJson } from "./read-json.ts";
import { readGexf, readGraphml } from "./read-xml.ts";
import type { TextFile } from "./text-file.ts";

/** The endings of files that {@link readGraph} takes, such as for `accept` of a file input. */
export const graphFileEndings = [".gexf", ".graphml", ".json", ".csv"] as const;

type GraphFileEnding = (typeof graphFileEndings)[number];

/** A user's graph, and what its attributes mean. */
export interface ReadGraphOptions {
  readonly graph: TextFile;
  /** A table of node attributes, only beside a table of edges. */
  readonly nodes?: TextFile | undefined;
  /** The node attribute that holds the labels. */
  readonly label: string;
  /** The node attributes to learn from. Default: the choice of `labelNodes`. */
  readonly features?: readonly string[] | undefined;
  /** The edge attribute that holds the weight. Default: none. */
  readonly weight?: string | undefined;
}

/**
 * Reads a user's own graph. The ending of the file says what it holds. An empty label is an unknown label.
 *
 * @throws GraphFileError `unknown-format`, `unreadable-graph` or `missing-column`.
 */
export function readGraph(options: ReadGraphOptions): LabeledGraph {
  const { label, features, weight } = options;
  const graph = parseFile(options);
  graph.forEachNode((node, { [label]: value }) => {
    if (value === "") graph.removeNodeAttribute(node, label);
  });
  return {
    title: options.graph.name.replace(/^.*[\\/]/, ""),
    graph,
    label,
    ...(features === undefined ? {} : { features }),
    ...(weight === undefined ? {} : { edgeWeight: weight }),
    nodeName: (node) => displayName(graph, node, label),
  };
}

/**
 * The ending of a graph file's name, before anybody reads the file.
 *
 * @param nodes The name of the table of node attributes beside it, if there is one.
 * @throws GraphFileError `unknown-format`.
 */
export function graphFileEnding(graph: string, nodes?: string): GraphFileEnding {
  const ending = /[^\\/](\.[^.\\/]*)$/.exec(graph)?.[1]?.toLowerCase() ?? "";
  if (nodes !== undefined && ending !== ".csv") {
    throw new GraphFileError(
      "unknown-format",
      `${graph}: a table of nodes (${nodes}) was given beside a ${ending || "nameless"} file; expected it only beside a .csv of edges. ` +
        "Leave the table out: the graph file holds the attributes of its nodes.",
    );
  }
  const known = graphFileEndings.find((name) => name === ending);
  if (known !== undefined) return known;
  throw new GraphFileError(
    "unknown-format",
    `${graph}: got a file that ends in "${ending}"; expected .gexf, .graphml, .json or .csv. ` +
      "Rename the file if it is one of these, or export it as one.",
  );
}

function parseFile({ graph, nodes, label }: ReadGraphOptions): AbstractGraph {
  switch (graphFileEnding(graph.name, nodes?.name)) {
    case ".gexf":
      return readGexf(graph);
    case ".graphml":
      return readGraphml(graph);
    case ".json":
      return readJson(graph);
    case ".csv":
      return readCsv(graph, nodes, [label]);
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
