import { checkOptionNames, DataError, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "../convert/check-graph.ts";
import type { FeatureSource } from "../convert/feature-source.ts";
import { type FeatureEncoder, featureEncoder, type NodeFeatures } from "../convert/features.ts";
import type { NodeGetter } from "../convert/getter.ts";
import { byCodeUnits, listed } from "./relation.ts";
import { nodesByType } from "./typed-graph.ts";

/** Options of {@link typedNodeFeatures}. */
export interface TypedFeatureOptions {
  /** The type of each node. Default: the attribute `type`. */
  readonly nodeType?: NodeGetter<string>;
}

/** A conversion for each type of node, fitted on one graph, that can be applied to others. */
export interface TypedFeatureEncoder {
  /** The conversion of each type. */
  readonly encoders: Readonly<Record<string, FeatureEncoder>>;
  /**
   * The features of another graph's nodes by type; a type that it has no nodes of is left out.
   *
   * @throws As {@link typedNodeFeatures}.
   */
  encode(graph: AbstractGraph): Readonly<Record<string, NodeFeatures>>;
}

/**
 * Node attributes as numbers, one matrix for each type of node, with columns of its own: as `nodeFeatures` over the nodes of the type alone, in
 * the order in which {@link typedNeighborhoodOf} numbers them. A type that is known by its edges alone can be given a constant:
 * `{ name: "one", get: () => 1, standardize: false }`.
 *
 * @param sources Where the features of each type come from: every type that the graph has, and no others.
 * @throws DataError `not-a-graph`; `missing-type` or `wrong-type` naming a node; `missing-features` for a type of the graph without sources.
 * OptionError `unknown-type` for sources of a type that no node has, `unknown-option`; and as `nodeFeatures`.
 */
export function typedNodeFeatures(
  graph: AbstractGraph,
  sources: Readonly<Record<string, readonly FeatureSource[]>>,
  options: TypedFeatureOptions = {},
): Readonly<Record<string, NodeFeatures>> {
  return typedFeatureEncoder(graph, sources, options).encode(graph);
}

/**
 * Fits {@link typedNodeFeatures} on one graph, to apply the same conversion to others.
 *
 * @throws As {@link typedNodeFeatures}: OptionError `unknown-type` for sources of a type that no node has.
 */
export function typedFeatureEncoder(
  graph: AbstractGraph,
  sources: Readonly<Record<string, readonly FeatureSource[]>>,
  options: TypedFeatureOptions = {},
): TypedFeatureEncoder {
  checkGraph("typedNodeFeatures", graph);
  checkOptionNames("typedNodeFeatures", options, ["nodeType"]);
  const { nodeType = "type" } = options;
  const parts = partsByType(graph, nodeType);
  for (const type of Object.keys(sources)) {
    if (parts.has(type)) continue;
    throw new OptionError(
      "unknown-type",
      `typedNodeFeatures: got features for the node type "${type}", which no node has; expected some of ${listed([...parts.keys()])}.`,
    );
  }
  checkKnown(parts, Object.keys(sources));
  const encoders = new Map([...parts].map(([type, part]) => [type, featureEncoder(part, sources[type]!)]));
  return {
    encoders: Object.fromEntries(encoders),
    encode(other) {
      checkGraph("typedFeatureEncoder.encode", other);
      const found = partsByType(other, nodeType);
      checkKnown(found, [...encoders.keys()]);
      return Object.fromEntries([...found].map(([type, part]) => [type, encoders.get(type)!.encode(part)]));
    },
  };
}

function checkKnown(parts: ReadonlyMap<string, AbstractGraph>, known: readonly string[]): void {
  for (const type of parts.keys()) {
    if (known.includes(type)) continue;
    throw new DataError(
      "missing-features",
      `typedNodeFeatures: got no features for the node type "${type}"; expected some for every type of the graph. Name its attributes, or give ` +
        'it a constant: `{ name: "one", get: () => 1, standardize: false }`.',
    );
  }
}

/** The nodes of each type as a graph without edges, types sorted. */
function partsByType(graph: AbstractGraph, nodeType: NodeGetter<string>): ReadonlyMap<string, AbstractGraph> {
  const { nodes } = nodesByType("typedNodeFeatures", graph, nodeType);
  const parts = [...nodes].map(([type, keys]): readonly [string, AbstractGraph] => {
    const part = graph.nullCopy();
    for (const key of keys) part.addNode(key, graph.getNodeAttributes(key));
    return [type, part];
  });
  return new Map(parts.sort(([a], [b]) => byCodeUnits(a, b)));
}
