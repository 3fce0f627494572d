import {
  adam,
  checkOptionNames,
  type FeatureMatrix,
  OptionError,
  type ParameterOptions,
  Random,
  scope,
  withoutGradient,
} from "@vicinal/core";
import { normalizeRows } from "../convert/normalize-rows.ts";
import type { LayerAttention } from "../layers/graph-layer.ts";
import { GAT } from "../models/gat.ts";
import { GraphTransformer } from "../models/graph-transformer.ts";
import type { NodeModel } from "../models/node-model.ts";
import { type FitResult, fit, type Selection } from "../train/fit.ts";
import type { Progress } from "../train/history.ts";
import { checkClassificationData } from "./check-classification-data.ts";
import { metricNamed } from "./metric-by-name.ts";
import {
  identityFeatures,
  NodeClassification,
  type NodeClassificationData,
  type NodeMetric,
} from "./node-classification.ts";
import { type NodeClassifierOptions, nodeClassifierOptionNames } from "./node-classifier-options.ts";
import type { Choice } from "./node-labeling.ts";
import { alternatives, chooseRecipe, type DataSummary, type Recipe, type SettledOptions, trial } from "./recipe.ts";

/** A trained classifier with its answer for every node. */
export interface NodeClassifier extends FitResult {
  /** The network, with the weights of the best epoch. */
  readonly model: NodeModel;
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
  checkModel(options);
  checkClassificationData(data);
  const measure = metricNamed(options.metric ?? "accuracy", data.labels, data.classes);
  const recipe = chooseRecipe(summaryOf(data), options);
  const given = data.features ?? identityFeatures(data.neighborhood.receivers);
  const prepared = { ...data, features: recipe.options.normalizeFeatures ? normalizeRows(given) : given };
  const { settled, choices } = recipe.isOpen
    ? await decideByTrial(prepared, recipe, options, measure)
    : settledBy(recipe);
  const { task, ...trained } = await train(prepared, settled, options, recipe.select, measure);
  return { ...trained, choices, ...answerOf(task) };
}

function checkModel({ model = "gat", outputHeads, residual, normalize }: NodeClassifierOptions): void {
  if (model !== "gat" && model !== "graph-transformer") {
    throw new OptionError(
      "out-of-range",
      `trainNodeClassifier: got the model ${JSON.stringify(model)}; expected "gat" or "graph-transformer".`,
    );
  }
  if (model === "gat") return;
  for (const [name, value] of Object.entries({ outputHeads, residual, normalize })) {
    if (value === undefined) continue;
    throw new OptionError(
      "does-not-apply",
      `trainNodeClassifier: got ${name} for the model "${model}"; expected none. Its blocks have a shortcut and a norm in any case, and one output.`,
    );
  }
}

function settledBy({ options, choices }: Recipe): { settled: SettledOptions; choices: readonly Choice[] } {
  return { settled: options, choices };
}

function summaryOf({
  neighborhood,
  classes,
  train: { length: train },
  validation,
  features,
}: NodeClassificationData): DataSummary {
  return {
    nodes: neighborhood.receivers,
    classes,
    train,
    validation: validation.length,
    features: features === undefined ? "identity" : features.kind === "csr" ? "sparse" : "dense",
  };
}

type PreparedData = NodeClassificationData & { readonly features: FeatureMatrix };

/** From the whole learning rate in the first epoch along half a cosine towards 0 (Loshchilov and Hutter, ICLR 2017, without restarts). */
function halfCosine(learningRate: number, epochs: number): (epoch: number) => number {
  return (epoch) => 0.5 * learningRate * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs));
}

function modelFor(data: PreparedData, settled: SettledOptions, parameters: ParameterOptions): NodeModel {
  const { layer, layers, heads, hidden, outputHeads, dropout, residual, normalize } = settled;
  const edgeDim = data.edgeFeatures?.columns;
  const shared = { ...parameters, layer, layers, heads, hidden, dropout, ...(edgeDim !== undefined && { edgeDim }) };
  const inputs = data.features.columns;
  if (settled.model === "graph-transformer") return new GraphTransformer(inputs, data.classes, shared);
  return new GAT(inputs, data.classes, { ...shared, outputHeads, residual, normalize });
}

/** Trains one network from its first weights on. */
async function train(
  data: PreparedData,
  settled: SettledOptions,
  { engine, seed = 0, onProgress, signal }: NodeClassifierOptions,
  select: Selection,
  measure: NodeMetric,
) {
  const random = new Random(seed);
  const { learningRate, schedule, weightDecay, epochs, patience } = settled;
  const model = modelFor(data, settled, { random, engine });
  const task = new NodeClassification(model, data, measure, engine);
  const optimizer = adam(model.parameters(), { learningRate, weightDecay });
  const result = await fit(model, task, {
    optimizer,
    epochs,
    patience,
    select,
    ...(schedule === "cosine" && { schedule: halfCosine(learningRate, epochs) }),
    random,
    onProgress,
    signal,
  });
  return { ...result, model, task };
}

/**
 * Runs each alternative for a few epochs. The first is kept unless another is better on the validation nodes by more than a standard
 * error: the alternatives differ by less than chance on many graphs, and there the first is the published recipe.
 */
async function decideByTrial(
  data: PreparedData,
  { options, choices, select }: Recipe,
  given: NodeClassifierOptions,
  measure: NodeMetric,
): Promise<{ settled: SettledOptions; choices: readonly Choice[] }> {
  const { onProgress } = given;
  const asTrial = {
    ...given,
    onProgress: (progress: Progress) => onProgress?.({ ...progress, stage: "trial" as const }),
  };
  const outcomes: { alternative: (typeof alternatives)[number]; best: number }[] = [];
  for (const alternative of alternatives) {
    const settled = { ...options, ...alternative, ...trial, epochs: Math.min(trial.epochs, options.epochs) };
    const { history } = await train(data, settled, asTrial, select, measure);
    const best = Math.max(...history.map(({ validationMetric }) => validationMetric ?? 0));
    outcomes.push({ alternative, best });
  }
  const standardError = (share: number): number => Math.sqrt((share * (1 - share)) / data.validation.length);
  const winner = outcomes.reduce((a, b) => (b.best > a.best + standardError(a.best) ? b : a));
  const figures = outcomes.map(
    ({ alternative, best }) => `${alternative.residual ? "with" : "without"} ${(100 * best).toFixed(1)} %`,
  );
  const reason = `decided by ${trial.epochs} epochs of each on the validation nodes: residual ${figures.join(", ")}`;
  return {
    settled: { ...options, ...winner.alternative },
    choices: choices.map((choice) =>
      choice.option === "residual" || choice.option === "learningRate"
        ? { ...choice, value: winner.alternative[choice.option], reason }
        : choice,
    ),
  };
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
