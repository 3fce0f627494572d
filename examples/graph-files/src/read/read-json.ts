import { MultiGraph } from "graphology";
import type { AbstractGraph } from "graphology-types";
import { GraphFileError, reasonOf } from "./graph-file-error.ts";
import { type TextFile, textOf } from "./text-file.ts";

/**
 * Reads graphology's own JSON: what `graph.export()` gives.
 *
 * @throws GraphFileError `unreadable-graph`.
 */
export function readJson(file: TextFile): AbstractGraph {
  const text = textOf(file);
  try {
    const data = JSON.parse(text);
    if (!Array.isArray(data?.nodes)) throw new Error('It has no list "nodes".');
    return MultiGraph.from(data, { multi: true });
  } catch (error) {
    throw new GraphFileError(
      "unreadable-graph",
      `${file.name}: this is not a graph in graphology's JSON: ${reasonOf(error)} ` +
        'Expected {"options": …, "nodes": [{"key": …, "attributes": …}], "edges": [{"source": …, "target": …}]}, as graph.export() gives it.',
      { cause: error },
    );
  }
}
