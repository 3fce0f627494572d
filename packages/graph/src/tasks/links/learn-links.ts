import type { AbstractGraph } from "graphology-types";
import { nodeFeatures } from "../../convert/features.ts";
import type { SplitPart } from "../label-nodes-options.ts";
import { type GraphLinks, graphLinks } from "./graph-links.ts";
import type { LearnLinksOptions } from "./learn-links-options.ts";
import type { LearnedLinks } from "./learned-links.ts";
import { type LinkPredictor, trainLinkPredictor } from "./link-predictor.ts";
import { readLinkSplit } from "./read-link-split.ts";
import type { LinkSplit } from "./split-links.ts";

/** A predictor that was trained on a graph. */
export interface GraphLinkPredictor {
  readonly links: GraphLinks;
  readonly predictor: LinkPredictor;
  /** What `detailed` says of it. */
  readonly learned: LearnedLinks;
}

/** Reads the links of a graph and learns them. */
export async function learnLinks(
  where: string,
  graph: AbstractGraph,
  options: LearnLinksOptions,
): Promise<GraphLinkPredictor> {
  const { features, directed, split: _split, time: _time, testFraction, validationFraction, ...training } = options;
  const links = graphLinks(where, graph, directed);
  const split = readLinkSplit(where, graph, links, options);
  const predictor = await trainLinkPredictor(
    {
      nodes: links.nodes.length,
      edges: links.edges,
      directed: links.directed,
      features: features === undefined ? undefined : nodeFeatures(graph, features).matrix,
      split,
    },
    training,
  );
  const { model, metrics, history, bestEpoch, choices } = predictor;
  const learned = { model, metrics, history, bestEpoch, choices, parts: partsOf(links, split) };
  return { links, predictor, learned };
}

/** Of each edge that is a link. */
function partsOf({ edges, edgeKeys }: GraphLinks, split: LinkSplit): Readonly<Record<string, SplitPart>> {
  const parts = ["train", "validation", "test"] as const;
  return Object.fromEntries(
    parts.flatMap((part) =>
      Array.from(split[part])
        .filter((e) => edges.sources[e] !== edges.targets[e])
        .map((e) => [edgeKeys[e]!, part]),
    ),
  );
}

/** The embedding of each node by its key. */
export function embeddingsByNode({
  links,
  predictor,
}: GraphLinkPredictor): Readonly<Record<string, readonly number[]>> {
  const { nodes } = links;
  const { embeddings } = predictor;
  const dimensions = embeddings.length / nodes.length;
  return Object.fromEntries(
    nodes.map((node, i) => [node, Array.from(embeddings.subarray(i * dimensions, (i + 1) * dimensions))]),
  );
}
