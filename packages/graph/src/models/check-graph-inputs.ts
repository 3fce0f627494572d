import { ShapeError } from "@vicinal/core";
import { checkedEdgeFeatures, expectMatrix } from "../layers/layer-input.ts";
import type { GraphInputs } from "./graph-model.ts";

/**
 * Refuses graphs that a model cannot read, before it computes anything.
 *
 * @param inputs Width of the nodes' features.
 * @param edgeDim Width of the edges' features; undefined where none are read.
 * @throws ShapeError `shapes-differ`; OptionError `missing-input` or `unexpected-input` for edge features that do not agree with `edgeDim`.
 */
export function checkGraphInputs(name: string, graphs: GraphInputs, inputs: number, edgeDim: number | undefined): void {
  const { x, neighborhood, edgeFeatures, graphOf } = graphs;
  const { senders, receivers, edges } = neighborhood;
  const nodes = graphOf.length;
  if (senders !== nodes || receivers !== nodes) {
    throw new ShapeError(
      "shapes-differ",
      `${name}: got a neighborhood of ${senders} senders and ${receivers} receivers for ${nodes} nodes whose graph is given; expected as many of each.`,
    );
  }
  expectMatrix(name, "node features", x, nodes, inputs);
  checkedEdgeFeatures(name, { edgeFeatures }, edges, edgeDim);
}
