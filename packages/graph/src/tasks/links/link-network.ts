import type { Engine } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import type { FeatureEncoder } from "../../convert/features.ts";
import { LinkIndex } from "../../convert/link-index.ts";
import { featureRows } from "../../sample/feature-rows.ts";
import { type GraphLinks, graphLinks } from "./graph-links.ts";
import { answersOf, embedLinks, type LinkAnswers } from "./link-answers.ts";
import { linkFeatures } from "./link-features.ts";
import type { LinkModel } from "./link-model.ts";
import type { PredictedLink } from "./predicted-link.ts";
import type { RankedLinks } from "./rank-links.ts";

/** A network of links with all that it takes to read a graph as it was read that it learned. */
export interface LinkNetwork {
  readonly model: LinkModel;
  /** The key of each node, in the order in which the network numbers them. */
  readonly nodes: readonly string[];
  readonly directed: boolean;
  /** What makes features of attributes; undefined for a network that reads none. */
  readonly encoder: FeatureEncoder | undefined;
  /** Whether each row of features is divided by its sum. */
  readonly normalizeFeatures: boolean;
  readonly engine: Engine | undefined;
}

/** The links of a graph, and what a network says of them. */
export interface AnsweredLinks {
  readonly links: GraphLinks;
  readonly answers: LinkAnswers;
}

/**
 * Reads a graph of the nodes that were learned. Messages run along all of its links.
 *
 * @throws DataError `not-a-graph`, `no-edges`, `unknown-node`, `missing-node`, and for features that cannot be used.
 */
export function answerLinks(where: string, network: LinkNetwork, graph: AbstractGraph): AnsweredLinks {
  const { model, nodes, directed, encoder, normalizeFeatures, engine } = network;
  const links = graphLinks(where, graph, directed, nodes);
  const all = new LinkIndex(nodes.length, links.edges, directed);
  const parts = { known: all, all };
  const features = encoder && linkFeatures(rowsByNode(encoder, graph, links), normalizeFeatures, engine);
  return { links, answers: answersOf(embedLinks(model, features, all, engine), parts) };
}

/** Rows of features in the order of the network, whatever that of the graph is. */
function rowsByNode(encoder: FeatureEncoder, graph: AbstractGraph, { nodes }: GraphLinks) {
  const rowOf = new Map(graph.mapNodes((node, _attributes) => node).map((node, row) => [node, row]));
  return featureRows(
    encoder.encode(graph).matrix,
    Uint32Array.from(nodes, (node) => rowOf.get(node)!),
  );
}

/** Links by the keys of their nodes. */
export function linksByKey({ sources, targets, probabilities }: RankedLinks, { nodes }: GraphLinks): PredictedLink[] {
  return Array.from(probabilities, (probability, k) => ({
    source: nodes[sources[k]!]!,
    target: nodes[targets[k]!]!,
    probability,
  }));
}

/** The embedding of each node by its key. */
export function embeddingsByNode({ links, answers }: AnsweredLinks): Readonly<Record<string, readonly number[]>> {
  const { nodes } = links;
  const { embeddings } = answers;
  const dimensions = embeddings.length / nodes.length;
  return Object.fromEntries(
    nodes.map((node, i) => [node, Array.from(embeddings.subarray(i * dimensions, (i + 1) * dimensions))]),
  );
}
