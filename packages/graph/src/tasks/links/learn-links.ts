import type { AbstractGraph } from "graphology-types";
import { featureEncoder } from "../../convert/features.ts";
import { saveLinks } from "../../save/save-links.ts";
import { trainingSummary } from "../../save/training-summary.ts";
import type { SplitPart } from "../label-nodes-options.ts";
import { type GraphLinks, graphLinks } from "./graph-links.ts";
import type { LearnLinksOptions } from "./learn-links-options.ts";
import type { LearnedLinks } from "./learned-links.ts";
import type { AnsweredLinks, LinkNetwork } from "./link-network.ts";
import { trainLinkPredictor } from "./link-predictor.ts";
import { linkReader } from "./link-reader.ts";
import { readLinkSplit } from "./read-link-split.ts";
import type { LinkSplit } from "./split-links.ts";

/** A predictor that was trained on a graph. */
export interface GraphLinkPredictor extends AnsweredLinks {
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
  const encoder = features && featureEncoder(graph, features);
  const predictor = await trainLinkPredictor(
    {
      nodes: links.nodes.length,
      edges: links.edges,
      directed: links.directed,
      features: encoder?.encode(graph).matrix,
      split,
    },
    training,
  );
  const { model, metrics, history, bestEpoch, choices, normalizeFeatures } = predictor;
  const { nodes, directed: isDirected } = links;
  const network: LinkNetwork = {
    model,
    nodes,
    directed: isDirected,
    encoder,
    normalizeFeatures,
    engine: training.engine,
  };
  const summary = trainingSummary({ history, bestEpoch, choices, metrics: { train: undefined, ...metrics } });
  const learned: LearnedLinks = {
    model,
    metrics,
    history,
    bestEpoch,
    choices,
    parts: partsOf(links, split),
    ...linkReader(network),
    save: () => saveLinks(network, summary),
  };
  return { links, answers: predictor, learned };
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
