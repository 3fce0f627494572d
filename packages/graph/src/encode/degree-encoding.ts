import { checkOptionNames, type DenseMatrix, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "../convert/check-graph.ts";
import { assignRows, type GraphSource, squareNeighborhood } from "./graph-source.ts";

/** Which edges of a node are counted: those that lead to it, or those that come from it. */
export type EncodedDegree = "in" | "out";

/** Options of {@link degreeEncoding}. */
export interface DegreeEncodingOptions {
  /** A column for each, in this order. Without directions of edges both say the same. Default `["in", "out"]`. */
  readonly directions?: readonly EncodedDegree[];
  /** Whether a column has the count itself or `log(1 + count)`. Default `"log"`. */
  readonly scale?: "count" | "log";
}

/** Options of {@link degreeEncoding.assign}. */
export interface AssignDegreeEncodingOptions extends DegreeEncodingOptions {
  /** The node attribute to write to. Default `"degreeEncoding"`. */
  readonly nodeEncodingAttribute?: string;
}

const optionNames = ["directions", "scale"];

/**
 * How many edges each node has, `[nodes, directions]`: its centrality (Ying et al., "Do Transformers Really Perform Bad for Graph Representation?",
 * 2021, section 3.1.1). An edge without direction counts in both, a self-loop once in both, parallel edges each.
 *
 * @throws OptionError `unknown-option`, `out-of-range`; ShapeError `shapes-differ`; DataError `not-a-graph`.
 */
export function degreeEncoding(of: GraphSource, options: DegreeEncodingOptions = {}): DenseMatrix {
  checkOptionNames("degreeEncoding", options, optionNames);
  const { directions = ["in", "out"], scale = "log" } = options;
  const unknown = directions.find((direction) => direction !== "in" && direction !== "out");
  if (unknown !== undefined || directions.length === 0 || new Set(directions).size < directions.length) {
    throw new OptionError(
      "out-of-range",
      `degreeEncoding: got the directions ${JSON.stringify(directions)}; expected "in", "out" or both, each once.`,
    );
  }
  if (scale !== "count" && scale !== "log") {
    throw new OptionError(
      "out-of-range",
      `degreeEncoding: got the scale ${JSON.stringify(scale)}; expected "count" or "log".`,
    );
  }
  const { offsets, senderOf, receivers: nodes } = squareNeighborhood("degreeEncoding", of);
  const columns = directions.length;
  const values = new Float32Array(nodes * columns);
  for (const [column, direction] of directions.entries()) {
    if (direction === "out") for (const sender of senderOf) values[sender * columns + column]!++;
    else for (let i = 0; i < nodes; i++) values[i * columns + column] = offsets[i + 1]! - offsets[i]!;
  }
  return { kind: "dense", rows: nodes, columns, values: scale === "log" ? values.map(Math.log1p) : values };
}

/** {@link degreeEncoding}, writing the numbers of each node to an attribute, as an array. */
degreeEncoding.assign = (graph: AbstractGraph, options: AssignDegreeEncodingOptions = {}): void => {
  checkGraph("degreeEncoding.assign", graph);
  checkOptionNames("degreeEncoding.assign", options, [...optionNames, "nodeEncodingAttribute"]);
  const { nodeEncodingAttribute = "degreeEncoding", ...rest } = options;
  assignRows("degreeEncoding.assign", graph, nodeEncodingAttribute, degreeEncoding(graph, rest));
};
