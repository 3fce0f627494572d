import { adam, checkOptionNames, Random, scope, withoutGradient } from "@vicinal/core";
import { normalizeRows } from "../convert/normalize-rows.ts";
import type { LayerAttention } from "../layers/graph-layer.ts";
import { GAT } from "../models/gat.ts";
import { type FitResult, fit } from "../train/fit.ts";
import { checkClassificationData } from "./check-classification-data.ts";
import { metricNamed } from "./metric-by-name.ts";
import { identityFeatures, NodeClassification, type NodeClassificationData } from "./node-classification.ts";
import { type NodeClassifierOptions, nodeClassifierOptionNames } from "./node-classifier-options.ts";
import type { Choice } from "./node-labeling.ts";
import { chooseRecipe } from "./recipe.ts";

/** A trained classifier with its answer for every node. */
export interface NodeClassifier extends FitResult {
  /** The network, with the weights of the best epoch. */
  readonly model: GAT;
  /** The probability of each class for each node, `[nodes * classes]`. */
  readonly probabilities: Float32Array | Float64Array;
  /** What was chosen, and why. */
  readonly choices: readonly Choice[];
  /** The attention of the last layer: the edges, their numbers in the edge list, and the weights `[edges * heads]`. */
  readonly attention: Omit<LayerAttention, "weights"> & {
    readonly heads: number;
    readonly weights: Float32Array | Float64Array;
  };
}

/**
 * Trains a graph attention network to tell the classes of nodes, from typed arrays: what `labelNodes` does once a graph has been
 * converted, and the way in for graphs that never were in graphology.
 *
 * @throws DataError for data that cannot be learned from (`empty-graph`, `no-labels`, `one-class`, `wrong-length`,
 * `index-out-of-range`, `not-finite`); OptionError `unknown-option`, `out-of-range`, `heads-do-not-divide`; TrainingError
 * `loss-not-finite`. All but the last before any work.
 */
export async function trainNodeClassifier(
  data: NodeClassificationData,
  options: NodeClassifierOptions = {},
): Promise<NodeClassifier> {
  checkOptionNames("trainNodeClassifier", options, nodeClassifierOptionNames);
  checkClassificationData(data);
  const { engine, seed = 0, metric = "accuracy", onProgress, signal } = options;
  const measure = metricNamed(metric, data.labels, data.classes);
  const { options: settled, choices } = chooseRecipe(
    {
      nodes: data.neighborhood.receivers,
      classes: data.classes,
      train: data.train.length,
      validation: data.validation.length,
      features: data.features === undefined ? "identity" : data.features.kind === "csr" ? "sparse" : "dense",
    },
    options,
  );
  const random = new Random(seed);
  const given = data.features ?? identityFeatures(data.neighborhood.receivers);
  const features = settled.normalizeFeatures ? normalizeRows(given) : given;
  const { layer, layers, heads, hidden, dropout, residual, normalize } = settled;
  const model = new GAT(features.columns, data.classes, {
    random,
    engine,
    layer,
    layers,
    heads,
    hidden,
    dropout,
    residual,
    normalize,
    ...(data.edgeFeatures && { edgeDim: data.edgeFeatures.columns }),
  });
  const task = new NodeClassification(model, { ...data, features }, measure, engine);
  const { learningRate, weightDecay, epochs, patience } = settled;
  const optimizer = adam(model.parameters(), { learningRate, weightDecay });
  const result = await fit(model, task, { optimizer, epochs, patience, random, onProgress, signal });
  return { ...result, model, choices, ...answerOf(task) };
}

/** Probabilities and attention, read from the engine. */
function answerOf(task: NodeClassification): Pick<NodeClassifier, "probabilities" | "attention"> {
  return withoutGradient(() =>
    scope(() => {
      const { logProbabilities, attention } = task.detailed();
      const { neighborhood, edgeOf, weights } = attention;
      return {
        probabilities: logProbabilities.dataSync().map(Math.exp),
        attention: { neighborhood, edgeOf, heads: weights.shape[1] ?? 1, weights: weights.dataSync() },
      };
    }),
  );
}
