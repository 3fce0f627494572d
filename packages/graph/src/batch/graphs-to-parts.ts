import {
  checkOptionNames,
  DataError,
  type DenseMatrix,
  type FeatureMatrix,
  type SparseNeighborhood,
} from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "../convert/check-graph.ts";
import { type FeatureEncoder, type FeatureSource, featureEncoder } from "../convert/features.ts";
import type { EdgeGetter } from "../convert/getter.ts";
import { neighborhoodOf } from "../convert/graph-neighborhood.ts";
import { edgeRows } from "./edge-rows.ts";
import type { NeighborhoodParts } from "./graph-parts.ts";

/** How graphology graphs become typed arrays. */
export interface ConvertGraphsOptions {
  /**
   * Node features: sources, fitted on the nodes of all graphs together, as `nodeFeatures` does for one; or an encoder that was fitted before, such
   * as the `encoder` of the graphs that a model was trained on. Default: none.
   */
  readonly features?: readonly FeatureSource[] | FeatureEncoder;
  /** Edge features: a number or a list of numbers for each edge; both messages of an undirected edge get them. Default: none. */
  readonly edgeFeatures?: EdgeGetter<number | ArrayLike<number>>;
  /** A structural encoding of each graph's nodes, such as by `laplacianEncoding`, computed once. Default: none. */
  readonly encode?: (neighborhood: SparseNeighborhood, graph: number) => DenseMatrix;
}

/** Graphs as typed arrays, and the encoder of their features. */
export interface ConvertedGraphs {
  readonly parts: readonly NeighborhoodParts[];
  readonly encoder: FeatureEncoder | undefined;
}

const optionNames = ["features", "edgeFeatures", "encode"];

/**
 * Graphology graphs of any type as typed arrays; neighborhoods are those of `neighborhoodOf`. Graphs are not changed.
 *
 * @throws DataError `not-a-graph` naming the graph; as `nodeFeatures`, where a node is named by the number of its graph and its key, `3/alice`;
 * `missing-features`, `mixed-widths`, `wrong-type` or `not-finite` for features of edges; OptionError `unknown-option`.
 */
export function graphsToParts(
  where: string,
  graphs: readonly AbstractGraph[],
  options: ConvertGraphsOptions,
): ConvertedGraphs {
  checkOptionNames(where, options, optionNames);
  for (const [k, graph] of graphs.entries()) checkGraph(`${where}: graph ${k}`, graph);
  const { features, edgeFeatures, encode } = options;
  const { matrices, encoder } = encodeFeatures(graphs, features);
  const parts = graphs.map((graph, k): NeighborhoodParts => {
    const { neighborhood, nodes, edgeKeys } = neighborhoodOf(graph);
    return {
      neighborhood,
      features: matrices?.[k],
      encodings: encode?.(neighborhood, k),
      edgeFeatures:
        edgeFeatures === undefined ? undefined : edgeRows(`${where}: graph ${k}`, graph, edgeKeys, edgeFeatures),
      nodeKeys: nodes,
      edgeKeys,
    };
  });
  return { parts, encoder };
}

interface EncodedFeatures {
  readonly matrices: readonly FeatureMatrix[] | undefined;
  readonly encoder: FeatureEncoder | undefined;
}

function encodeFeatures(graphs: readonly AbstractGraph[], features: ConvertGraphsOptions["features"]): EncodedFeatures {
  if (features === undefined) return { matrices: undefined, encoder: undefined };
  const encoder = isEncoder(features) ? features : fitOnAll(graphs, features);
  return { matrices: graphs.map((graph) => encoder.encode(graph).matrix), encoder };
}

function isEncoder(features: readonly FeatureSource[] | FeatureEncoder): features is FeatureEncoder {
  return "encode" in features;
}

/** Fits sources on a graph that has the nodes of all graphs, so that categories, means and deviations are those of all. */
function fitOnAll(graphs: readonly AbstractGraph[], sources: readonly FeatureSource[]): FeatureEncoder {
  const [first] = graphs;
  if (first === undefined) {
    throw new DataError("no-graphs", "node features: got no graphs; expected at least one to fit them on.");
  }
  const all = first.nullCopy();
  let ownKeys: Map<string, string> | undefined = new Map();
  for (const [k, graph] of graphs.entries()) {
    graph.forEachNode((node, attributes) => {
      const key = `${k}/${node}`;
      ownKeys?.set(key, node);
      all.addNode(key, attributes);
    });
  }
  const byOwnKeys = Array.isArray(sources)
    ? sources.map((source: FeatureSource): FeatureSource => {
        if (typeof source !== "object" || source === null || typeof source.get !== "function") return source;
        const { get } = source;
        return { ...source, get: (node, attributes) => get(ownKeys?.get(node) ?? node, attributes) };
      })
    : sources;
  const encoder = featureEncoder(all, byOwnKeys);
  // From here on the encoder reads graphs whose keys are their own.
  ownKeys = undefined;
  return encoder;
}
