import { type Engine, scope, withoutGradient } from "@vicinal/core";
import type { Edges } from "../../convert/edge-list.ts";
import type { NodeFeatureTensor } from "../../layers/graph-layer.ts";
import { checkPairs, checkRankOptions } from "./check-pairs.ts";
import type { LinkModel } from "./link-model.ts";
import type { LinkParts } from "./link-parts.ts";
import { LinkScorer, probabilityOf } from "./link-scorer.ts";
import { messagesOf } from "./link-training.ts";
import { type RankedLinks, type RankOptions, rankLinks } from "./rank-links.ts";

/** What a trained network of links answers, by the numbers of nodes. */
export interface LinkAnswers {
  /** `[nodes * dimensions]`: the embedding of each node, from messages along all links but those of the test part. */
  readonly embeddings: Float32Array | Float64Array;
  /**
   * The probability of a link for each pair, as against an equal number of pairs without one: it orders pairs, and says how much likelier one
   * is than another, not how many links there are.
   *
   * @throws DataError `wrong-length`, `index-out-of-range`, `self-loop`.
   */
  probabilities(pairs: Edges): Float64Array;
  /**
   * The likeliest links among candidates.
   *
   * @throws OptionError `unknown-option`, `out-of-range`; DataError `wrong-length`, `index-out-of-range`, `self-loop` for a list that holds no pairs.
   */
  rank(options: RankOptions): Promise<RankedLinks>;
}

/** The embeddings of all nodes by a network that no longer changes, with the scores of pairs. */
export interface EmbeddedLinks {
  readonly embeddings: Float32Array | Float64Array;
  readonly scorer: LinkScorer;
}

/** @param known The links that are messages. */
export function embedLinks(
  model: LinkModel,
  features: NodeFeatureTensor | undefined,
  known: LinkParts["known"],
  engine: Engine | undefined,
): EmbeddedLinks {
  const messages = messagesOf(known);
  const embeddings = withoutGradient(() => scope(() => model.encode(features, messages).dataSync()));
  return { embeddings, scorer: new LinkScorer(model.decoder, embeddings, known.nodes, engine) };
}

/** What embeddings answer. */
export function answersOf({ embeddings, scorer }: EmbeddedLinks, parts: Pick<LinkParts, "known" | "all">): LinkAnswers {
  const { nodes } = parts.all;
  return {
    embeddings,
    probabilities(pairs) {
      checkPairs(pairs, nodes);
      return Float64Array.from(scorer.ofPairs(pairs), probabilityOf);
    },
    rank(options) {
      checkRankOptions(options, nodes);
      return rankLinks(scorer, parts, options);
    },
  };
}
