import { readFile } from "node:fs/promises";
import {
  GraphFileError,
  graphFileEnding,
  type LabeledGraph,
  type ReadGraphOptions,
  readGraph,
  reasonOf,
  type TextFile,
} from "@vicinal/example-graph-files";

/** Where a user's graph lies, and what its attributes mean. */
export interface GraphFileOptions extends Omit<ReadGraphOptions, "graph" | "nodes"> {
  /** The path of the file. */
  readonly graph: string;
  /** The path of a table of node attributes, only beside a table of edges. */
  readonly nodes?: string | undefined;
}

/**
 * Reads a user's own graph from the disk; see `readGraph`.
 *
 * @throws GraphFileError `missing-file`, `unknown-format`, `unreadable-graph` or `missing-column`.
 */
export async function readGraphFile({
  graph,
  nodes,
  label,
  features,
  weight,
}: GraphFileOptions): Promise<LabeledGraph> {
  graphFileEnding(graph, nodes);
  return readGraph({
    graph: await contentOf(graph),
    nodes: nodes === undefined ? undefined : await contentOf(nodes),
    label,
    features,
    weight,
  });
}

async function contentOf(path: string): Promise<TextFile> {
  try {
    return { name: path, content: await readFile(path) };
  } catch (error) {
    throw new GraphFileError("missing-file", `${path}: the file cannot be read: ${reasonOf(error)} Check the path.`, {
      cause: error,
    });
  }
}
