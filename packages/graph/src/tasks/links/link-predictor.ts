import { adam, checkFeatureMatrix, checkOptionNames, DataError, Random } from "@vicinal/core";
import type { Edges } from "../../convert/edge-list.ts";
import type { LinkIndex } from "../../convert/link-index.ts";
import { type FitResult, fit } from "../../train/fit.ts";
import type { Choice } from "../node-labeling.ts";
import { answersOf, type EmbeddedLinks, embedLinks, type LinkAnswers } from "./link-answers.ts";
import { linkFeatures } from "./link-features.ts";
import { type LinkMetrics, measureLinks } from "./link-metrics.ts";
import { LinkModel } from "./link-model.ts";
import { type LinkData, type LinkParts, linkParts } from "./link-parts.ts";
import { type LinkPredictorOptions, linkPredictorOptionNames } from "./link-predictor-options.ts";
import { chooseLinkRecipe } from "./link-recipe.ts";
import { LinkTraining } from "./link-training.ts";

/** A trained link predictor with its answers, by the numbers of nodes. */
export interface LinkPredictor extends FitResult, LinkAnswers {
  /** The network, with the weights of the best epoch. */
  readonly model: LinkModel;
  /** The links by the part that they play. */
  readonly parts: LinkParts;
  /** On the links held out for validation, and for testing; undefined when there are none. */
  readonly metrics: { readonly validation: LinkMetrics | undefined; readonly test: LinkMetrics | undefined };
  /** What was chosen, and why. */
  readonly choices: readonly Choice[];
  /** Whether each row of features was divided by its sum. */
  readonly normalizeFeatures: boolean;
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
    layerOptions: options.layerOptions,
    registry: options.registry,
    ...layers,
  });
  const features = data.features && linkFeatures(data.features, normalizeFeatures, engine);
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
  const measure = ({ scorer }: EmbeddedLinks, held: Edges, all: LinkIndex, draws: Random): LinkMetrics | undefined =>
    held.sources.length === 0 ? undefined : measureLinks((pairs) => scorer.ofPairs(pairs), held, all, draws);
  const beforeValidation = embedLinks(model, features, parts.train, engine);
  const embedded = embedLinks(model, features, parts.known, engine);
  return {
    ...result,
    ...answersOf(embedded, parts),
    model,
    parts,
    metrics: {
      validation: measure(beforeValidation, parts.validation, parts.known, ofValidation),
      test: measure(embedded, parts.test, parts.all, ofTest),
    },
    choices,
    normalizeFeatures,
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
