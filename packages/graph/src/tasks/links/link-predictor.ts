import {
  adam,
  checkFeatureMatrix,
  checkOptionNames,
  DataError,
  type Engine,
  type FeatureMatrix,
  keep,
  Random,
  type SparseNeighborhood,
  SparseTensor,
  scope,
  tensor,
  withoutGradient,
} from "@vicinal/core";
import type { Edges } from "../../convert/edge-list.ts";
import { normalizeRows } from "../../convert/normalize-rows.ts";
import type { NodeFeatureTensor } from "../../layers/graph-layer.ts";
import { type FitResult, fit } from "../../train/fit.ts";
import type { Choice } from "../node-labeling.ts";
import { checkPairs, checkRankOptions } from "./check-pairs.ts";
import type { LinkIndex } from "./link-index.ts";
import { type LinkMetrics, measureLinks } from "./link-metrics.ts";
import { LinkModel } from "./link-model.ts";
import { type LinkData, type LinkParts, linkParts } from "./link-parts.ts";
import { type LinkPredictorOptions, linkPredictorOptionNames } from "./link-predictor-options.ts";
import { chooseLinkRecipe } from "./link-recipe.ts";
import { LinkScorer, probabilityOf } from "./link-scorer.ts";
import { LinkTraining, messagesOf } from "./link-training.ts";
import { type RankedLinks, type RankOptions, rankLinks } from "./rank-links.ts";

/** A trained link predictor with its answers, by the numbers of nodes. */
export interface LinkPredictor extends FitResult {
  /** The network, with the weights of the best epoch. */
  readonly model: LinkModel;
  /** `[nodes * dimensions]`: the embedding of each node, from messages along all links but those of the test part. */
  readonly embeddings: Float32Array | Float64Array;
  /** The links by the part that they play. */
  readonly parts: LinkParts;
  /** On the links held out for validation, and for testing; undefined when there are none. */
  readonly metrics: { readonly validation: LinkMetrics | undefined; readonly test: LinkMetrics | undefined };
  /** What was chosen, and why. */
  readonly choices: readonly Choice[];
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

/**
 * Learns the links of a graph, from typed arrays: what `predictLinks` and `embedNodes` do once a graph has been converted. Validation links are
 * messages only once training is over; test links never are, and change nothing but the figures that are measured on them.
 *
 * @throws DataError `no-edges`, `complete-graph`, `wrong-length`, `index-out-of-range`, `not-finite`; OptionError `unknown-option`, `out-of-range`,
 * `heads-do-not-divide`, `no-features`; TrainingError `loss-not-finite`. All but the last before any work.
 */
export async function trainLinkPredictor(data: LinkData, options: LinkPredictorOptions = {}): Promise<LinkPredictor> {
  checkOptionNames("trainLinkPredictor", options, linkPredictorOptionNames);
  const { engine, seed = 0, onProgress, signal } = options;
  checkFeatures(data);
  const parts = linkParts(data);
  const summary = { validation: parts.validation.sources.length, features: data.features?.kind ?? "none" } as const;
  const { options: settled, choices } = chooseLinkRecipe(summary, options);
  const { negatives, disjointTrainRatio, learningRate, weightDecay, epochs, patience, ...shape } = settled;
  const { normalizeFeatures, ...layers } = shape;
  const random = new Random(seed);
  const model = new LinkModel({
    random,
    engine,
    nodes: data.nodes,
    features: data.features?.columns ?? 0,
    directed: parts.train.directed,
    ...layers,
  });
  const features = data.features && toTensor(normalizeFeatures ? normalizeRows(data.features) : data.features, engine);
  // What is measured on must not depend on how long training drew.
  const [ofValidation, ofTest] = [random.fork(), random.fork()];
  const task = new LinkTraining(model, features, parts, { negatives, disjointTrainRatio }, random.fork());
  const result = await fit(model, task, {
    optimizer: adam(model.parameters(), { learningRate, weightDecay }),
    epochs,
    patience,
    select: "metric",
    random,
    onProgress,
    signal,
  });
  const embed = (messages: SparseNeighborhood) =>
    withoutGradient(() => scope(() => model.encode(features, messages).dataSync()));
  const scorerOf = (vectors: Float32Array | Float64Array) => new LinkScorer(model.decoder, vectors, data.nodes, engine);
  const measure = (scorer: LinkScorer, held: Edges, all: LinkIndex, draws: Random): LinkMetrics | undefined =>
    held.sources.length === 0 ? undefined : measureLinks((pairs) => scorer.ofPairs(pairs), held, all, draws);
  const beforeValidation = scorerOf(embed(messagesOf(parts.train)));
  const embeddings = embed(messagesOf(parts.known));
  const scorer = scorerOf(embeddings);
  return {
    ...result,
    model,
    embeddings,
    parts,
    metrics: {
      validation: measure(beforeValidation, parts.validation, parts.known, ofValidation),
      test: measure(scorer, parts.test, parts.all, ofTest),
    },
    choices,
    probabilities(pairs) {
      checkPairs(pairs, data.nodes);
      return Float64Array.from(scorer.ofPairs(pairs), probabilityOf);
    },
    rank(rankOptions) {
      checkRankOptions(rankOptions, data.nodes);
      return rankLinks(scorer, parts, rankOptions);
    },
  };
}

function checkFeatures({ nodes, features }: LinkData): void {
  if (features === undefined) return;
  if (features.rows !== nodes) {
    throw new DataError(
      "wrong-length",
      `trainLinkPredictor: got ${features.rows} rows of features for ${nodes} nodes; expected one row a node.`,
    );
  }
  checkFeatureMatrix("trainLinkPredictor", features);
}

function toTensor(matrix: FeatureMatrix, engine: Engine | undefined): NodeFeatureTensor {
  if (matrix.kind === "csr") return SparseTensor.from(matrix, { engine });
  return keep(tensor(matrix.values, [matrix.rows, matrix.columns], { engine }));
}
