import type { LabelNodesOptions, NodeGetter, SplitPart } from "@vicinal/graph";
import type { AbstractGraph } from "graphology-types";

/** A graph and what `labelNodes` has to know about it: what every way of reading a graph ends in. */
export interface LabeledGraph {
  /** In words, such as `"Zachary's karate club"`. */
  readonly title: string;
  readonly graph: AbstractGraph;
  /** The node attribute that holds the labels, or a function of the node that gives them. */
  readonly label: NodeGetter<string | undefined>;
  /** The part of each labelled node. Where there is none, `labelNodes` holds some labels out if there are enough. */
  readonly split?: (node: string) => SplitPart | undefined;
  readonly features?: NonNullable<LabelNodesOptions["features"]>;
  /** The edge attribute that holds the weight. */
  readonly edgeWeight?: string;
  readonly metric?: NonNullable<LabelNodesOptions["metric"]>;
  /** What a node is called in tables and pictures. */
  readonly nodeName: (node: string) => string;
}

/** The label that the graph gives a node, as text; undefined where it gives none. */
export function givenLabel({ graph, label }: LabeledGraph, node: string): string | undefined {
  const attributes = graph.getNodeAttributes(node);
  const value: unknown = typeof label === "string" ? attributes[label] : label(node, attributes);
  return value === undefined || value === null ? undefined : String(value);
}

/** The label that may be learned from: that of test nodes is held back. */
export function knownLabel(input: LabeledGraph, node: string): string | undefined {
  return input.split?.(node) === "test" ? undefined : givenLabel(input, node);
}

/** The label that is held back to test the predictions with. */
export function testLabel(input: LabeledGraph, node: string): string | undefined {
  return input.split?.(node) === "test" ? givenLabel(input, node) : undefined;
}
