import { DataError, type DenseMatrix } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { type FeatureEncoder, featureEncoder } from "../convert/features.ts";
import type { EdgeGetter } from "../convert/getter.ts";
import { type GraphNeighborhood, neighborhoodOf } from "../convert/graph-neighborhood.ts";
import type { LabelingSources } from "./label-nodes-options.ts";
import type { NodeInputs } from "./node-targets.ts";

/** A graph as a network of nodes reads it, with the way back to its keys. */
export interface ReadGraph {
  readonly converted: GraphNeighborhood;
  readonly inputs: NodeInputs;
}

/** A graph to learn from, and the way to read others as it was read: the same columns, means and deviations. */
export interface LabelingGraph extends ReadGraph {
  /** What makes features of attributes; undefined where nodes have none. */
  readonly encoder: FeatureEncoder | undefined;
  /** @throws What `neighborhoodOf` and `FeatureEncoder.encode` throw. */
  readOther(graph: AbstractGraph): ReadGraph;
}

/**
 * Reads the edges and features of a graph whose nodes are to be labelled.
 *
 * @throws DataError `not-a-graph`, `empty-graph`, and for features or weights that cannot be used; OptionError `unknown-attribute` and others of
 * `featureEncoder`.
 */
export function readLabelingGraph(
  where: string,
  graph: AbstractGraph,
  { features, edgeWeight }: Pick<LabelingSources, "features" | "edgeWeight">,
): LabelingGraph {
  const converted = convert(graph, edgeWeight);
  if (converted.nodes.length === 0) {
    throw new DataError("empty-graph", `${where}: got a graph without nodes; expected at least two that are labelled.`);
  }
  const encoder = features === undefined ? undefined : featureEncoder(graph, features);
  return {
    ...inputsOf(graph, converted, encoder),
    encoder,
    readOther: (other) => readGraph(other, encoder, edgeWeight),
  };
}

/**
 * A graph as one that was learned from was read.
 *
 * @throws What `neighborhoodOf` and `FeatureEncoder.encode` throw.
 */
export function readGraph(
  graph: AbstractGraph,
  encoder: FeatureEncoder | undefined,
  edgeWeight: EdgeGetter<number> | undefined,
): ReadGraph {
  return inputsOf(graph, convert(graph, edgeWeight), encoder);
}

function convert(graph: AbstractGraph, edgeWeight: EdgeGetter<number> | undefined): GraphNeighborhood {
  return neighborhoodOf(graph, edgeWeight === undefined ? {} : { weight: edgeWeight });
}

function inputsOf(graph: AbstractGraph, converted: GraphNeighborhood, encoder: FeatureEncoder | undefined): ReadGraph {
  return {
    converted,
    inputs: {
      neighborhood: converted.neighborhood,
      features: encoder?.encode(graph).matrix,
      edgeFeatures: weightsAsFeatures(converted.weights),
    },
  };
}

function weightsAsFeatures(weights: Float32Array | undefined): DenseMatrix | undefined {
  return weights && { kind: "dense", rows: weights.length, columns: 1, values: weights };
}
