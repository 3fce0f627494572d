import { checkOptionNames } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { answerLinks, embeddingsByNode, type LinkNetwork, linksByKey } from "./link-network.ts";
import type { PredictLinksOptions } from "./predict-links-options.ts";
import type { PredictedLink } from "./predicted-link.ts";
import { readCandidates } from "./read-candidates.ts";

/** Which links a trained network predicts. See {@link PredictLinksOptions}. */
export interface RankLinksOptions extends Pick<PredictLinksOptions, "candidates" | "top" | "signal"> {}

/**
 * A network that has learned the links of a graph, asked again without training: of that graph, or of one with the same nodes that has lost or gained
 * edges. It knows each node by what it learned of it, so that there can be no others.
 */
export interface LinkReader {
  /**
   * The likeliest links that a graph lacks, from what its edges say now: all of them are messages.
   *
   * @throws DataError `not-a-graph`, `no-edges`, `unknown-node`, `missing-node`, for a candidate that is none, and for features that cannot be used;
   * OptionError `unknown-option`, `out-of-range`.
   */
  predict(graph: AbstractGraph, options?: RankLinksOptions): Promise<readonly PredictedLink[]>;
  /** The embedding of each node of a graph, by its key. @throws As {@link LinkReader.predict}. */
  embed(graph: AbstractGraph): Promise<Readonly<Record<string, readonly number[]>>>;
}

/** See {@link LinkReader}. */
export function linkReader(network: LinkNetwork): LinkReader {
  return {
    async predict(graph, options = {}) {
      checkOptionNames("predict", options, ["candidates", "top", "signal"]);
      const { links, answers } = answerLinks("predict", network, graph);
      return linksByKey(await answers.rank(readCandidates(links, options)), links);
    },
    async embed(graph) {
      return embeddingsByNode(answerLinks("embed", network, graph));
    },
  };
}
