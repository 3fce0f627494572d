import type { EpochRecord } from "../../train/history.ts";
import type { SplitPart } from "../label-nodes-options.ts";
import type { Choice } from "../node-labeling.ts";
import type { LinkMetrics } from "./link-metrics.ts";
import type { LinkModel } from "./link-model.ts";
import type { LinkReader } from "./link-reader.ts";
import type { PredictedLink } from "./predicted-link.ts";

/** What is known once the links of a graph have been learned. Keys are the graph's. */
export interface LearnedLinks extends LinkReader {
  /** The network, with the weights of the best epoch. */
  readonly model: LinkModel;
  /** On the links held out for validation, and for testing; undefined when there are none. */
  readonly metrics: { readonly validation: LinkMetrics | undefined; readonly test: LinkMetrics | undefined };
  /** The part that each edge played. Self-loops played none. */
  readonly parts: Readonly<Record<string, SplitPart>>;
  /** One record an epoch; the metric is the area under the ROC curve on the validation links. */
  readonly history: readonly EpochRecord[];
  /** The epoch whose weights were kept. */
  readonly bestEpoch: number;
  /** What was chosen, and why. */
  readonly choices: readonly Choice[];
  /**
   * A file with the network and what it takes to ask it again: {@link loadLinkPrediction} reads it.
   *
   * @throws DataError `cannot-save` for options of a layer, or features, that JSON cannot say.
   */
  save(): Promise<Uint8Array<ArrayBuffer>>;
}

/** All that `predictLinks.detailed` found out. */
export interface LinkPrediction extends LearnedLinks {
  /** The likeliest of the candidates, from the likeliest on. */
  readonly links: readonly PredictedLink[];
  /**
   * The probability of each edge of the graph, by its key; self-loops have none. That of an edge that was learned from is higher than if it
   * had been held out.
   */
  readonly edgeProbabilities: Readonly<Record<string, number>>;
}

/** All that `embedNodes.detailed` found out. */
export interface NodeEmbedding extends LearnedLinks {
  /** The embedding of each node. */
  readonly embeddings: Readonly<Record<string, readonly number[]>>;
}
