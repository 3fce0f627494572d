import { checkOptionNames } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { learnLinks } from "../links/learn-links.ts";
import type { NodeEmbedding } from "../links/learned-links.ts";
import { embeddingsByNode } from "../links/link-network.ts";
import {
  type AssignEmbeddingsOptions,
  assignEmbeddingsOptionNames,
  type EmbedNodesOptions,
  embedNodesOptionNames,
} from "./embed-nodes-options.ts";

/**
 * A vector for each node of a graph, learned without labels: nodes that are linked, or have alike neighborhoods, get vectors with a large
 * inner product. A graph attention network is trained on the spot to tell links from pairs without one.
 *
 * ```ts
 * const embeddings = await embedNodes(graph, { dimensions: 32 });
 * ```
 *
 * Several edges between two nodes are one link, and self-loops are ignored.
 *
 * @returns The embedding of every node by its key, `dimensions` numbers each; of nodes without edges too.
 * @throws DataError `not-a-graph`, `no-edges`, `too-few-edges`, `complete-graph`, `wrong-type` or `missing-value` for a part or a time, and for
 * features that cannot be used; OptionError `unknown-option`, `unknown-attribute`, `unused-option`, `out-of-range`, `heads-do-not-divide`,
 * `no-features`; TrainingError `loss-not-finite`. All but the last before any work, and the graph is never changed.
 */
export async function embedNodes(
  graph: AbstractGraph,
  options: EmbedNodesOptions = {},
): Promise<Readonly<Record<string, readonly number[]>>> {
  return (await embedNodes.detailed(graph, options)).embeddings;
}

/** {@link embedNodes} with everything found out: the model, metrics on the edges held out, the split, history, and what was chosen. */
embedNodes.detailed = async (graph: AbstractGraph, options: EmbedNodesOptions = {}): Promise<NodeEmbedding> => {
  checkOptionNames("embedNodes", options, embedNodesOptionNames);
  const trained = await learnLinks("embedNodes", graph, options);
  return { ...trained.learned, embeddings: embeddingsByNode(trained) };
};

/**
 * {@link embedNodes}, writing the embedding to an attribute of every node. Nothing is written if anything goes wrong before.
 *
 * @throws As {@link embedNodes}.
 */
embedNodes.assign = async (graph: AbstractGraph, options: AssignEmbeddingsOptions = {}): Promise<void> => {
  checkOptionNames("embedNodes.assign", options, assignEmbeddingsOptionNames);
  const { nodeEmbeddingAttribute = "embedding", ...rest } = options;
  const { embeddings } = await embedNodes.detailed(graph, rest);
  graph.updateEachNodeAttributes(
    (node, attributes) => ({
      ...attributes,
      // Nodes that were added while the network trained have none.
      ...(Object.hasOwn(embeddings, node) && { [nodeEmbeddingAttribute]: embeddings[node] }),
    }),
    { attributes: [nodeEmbeddingAttribute] },
  );
};
