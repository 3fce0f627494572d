import { adam, checkOptionNames, cosineSchedule, OptionError, Random } from "@vicinal/core";
import type { GraphModel } from "../../models/graph-model.ts";
import { type FitResult, fit } from "../../train/fit.ts";
import type { Choice } from "../node-labeling.ts";
import type { ItemSplit } from "../split/item-split.ts";
import { splitRandomly, splitStratified } from "../split/split-items.ts";
import type { GraphTaskKind } from "./graph-answers.ts";
import { GraphClassification } from "./graph-classification.ts";
import { widthsOf } from "./graph-inputs.ts";
import { type GraphMetrics, graphMetrics } from "./graph-metrics.ts";
import { GraphMultiTask } from "./graph-multi-task.ts";
import {
  type CheckedGraphData,
  checkGraphParts,
  checkGraphTargets,
  type GraphPredictionData,
} from "./graph-prediction-data.ts";
import { GraphPredictor } from "./graph-predictor.ts";
import { type GraphPredictorOptions, graphPredictorOptionNames } from "./graph-predictor-options.ts";
import { chooseGraphRecipe, type SettledGraphOptions } from "./graph-recipe.ts";
import { GraphRegression } from "./graph-regression.ts";
import { type GraphLearningData, type GraphTask, rowsOfMembers } from "./graph-task.ts";
import { makeGraphModel } from "./make-graph-model.ts";
import { standardizationOf } from "./standardization.ts";

/** Networks that were trained on graphs, with all that was found out. */
export interface TrainedGraphPredictor extends FitResult {
  /** Answers for new graphs: `await predictor.predict(collection)`. */
  readonly predictor: GraphPredictor;
  /** The networks, each with the weights of its best epoch; one, or the members of an ensemble. */
  readonly models: readonly GraphModel[];
  /** How the training of each network went; `history` and `bestEpoch` are those of the first. */
  readonly members: readonly FitResult[];
  /** Of the mean prediction of the networks, in the unit of the targets; undefined for a part of which nothing is known. */
  readonly metrics: {
    readonly train: GraphMetrics | undefined;
    readonly validation: GraphMetrics | undefined;
    readonly test: GraphMetrics | undefined;
  };
  /** The part that each graph played. */
  readonly split: ItemSplit;
  /** What was chosen, and why. */
  readonly choices: readonly Choice[];
}

/**
 * Trains a network, or an ensemble of several, to predict what is known of some graphs for others, from typed arrays: what `predictGraphs` does once
 * graphs have been converted.
 *
 * ```ts
 * const { predictor, metrics } = await trainGraphPredictor({ collection, targets }, { testFraction: 0.1 });
 * const { values } = await predictor.predict(others);
 * ```
 *
 * @throws DataError for data that cannot be learned from (`no-targets`, `one-class`, `wrong-length`, `not-finite`, `label-out-of-range`, `index-out-of-range`,
 * `in-two-parts`, `too-few-items`); OptionError `unknown-option`, `out-of-range`, `does-not-apply`, `unused-option`, `heads-do-not-divide`; ShapeError
 * `shapes-differ` for class weights or a model of another width; TrainingError `loss-not-finite`; the signal's reason. All but the last two before any work.
 */
export async function trainGraphPredictor(
  data: GraphPredictionData,
  options: GraphPredictorOptions = {},
): Promise<TrainedGraphPredictor> {
  checkOptionNames("trainGraphPredictor", data, ["collection", "targets", "classes", "split"]);
  checkOptionNames("trainGraphPredictor", options, graphPredictorOptionNames);
  const { seed = 0, engine, onProgress, signal, ensemble = 1 } = options;
  const { task: kind = "regression" } = options;
  // Refuses options before it looks at data, and again once it knows how much there is.
  chooseGraphRecipe({ train: 1, validation: 0 }, options);
  const checked = checkGraphTargets(kind, data);
  const split = splitOf(kind, data, checked, options);
  checkGraphParts(kind, data, split, checked);
  const { collection, targets } = data;
  const summary = { train: split.train.length, validation: split.validation.length };
  const { options: settled, choices } = chooseGraphRecipe(summary, options);
  const learning = { collection, targets, train: split.train, validation: split.validation };
  const widths = widthsOf(collection);
  const weights = classWeightsOf(learning, checked, options);

  const models: GraphModel[] = [];
  const members: FitResult[] = [];
  for (let member = 0; member < ensemble; member++) {
    signal?.throwIfAborted();
    const random = new Random(seed + member);
    const model = makeGraphModel({ random, engine, ...widths, outputs: checked.width }, settled, {
      ...(options.registry !== undefined && { registry: options.registry }),
      ...(options.layerOptions !== undefined && { layerOptions: options.layerOptions }),
    });
    const { learningRate, weightDecay, epochs, patience, select, batchSize } = settled;
    const task = makeTask(model, learning, settled, { batchSize, engine }, weights);
    members.push(
      await fit(model, task, {
        optimizer: adam(model.parameters(), { learningRate, weightDecay }),
        epochs,
        patience,
        select,
        ...scheduleOf(settled),
        random,
        onProgress: onProgress && ((progress) => onProgress({ ...progress, member, members: ensemble })),
        signal,
      }),
    );
    models.push(model);
  }

  const standardization = kind === "regression" ? standardizationOf(targets, checked.width, split.train) : undefined;
  const predictor = new GraphPredictor({ task: kind, models, widths, standardization, engine });
  const measure = async (part: Uint32Array): Promise<GraphMetrics | undefined> => {
    if (part.length === 0) return undefined;
    const { values } = await predictor.predict(collection, { members: part, signal });
    return graphMetrics(kind, rowsOfMembers(targets, checked.perGraph, part), values, checked.width);
  };
  return {
    ...members[0]!,
    predictor,
    models,
    members,
    metrics: {
      train: await measure(split.train),
      validation: await measure(split.validation),
      test: await measure(split.test),
    },
    split,
    choices,
  };
}

function splitOf(
  task: GraphTaskKind,
  { targets, split }: GraphPredictionData,
  { known }: CheckedGraphData,
  { testFraction, validationFraction, seed }: GraphPredictorOptions,
): ItemSplit {
  if (split === undefined) {
    const fractions = {
      ...(testFraction !== undefined && { testFraction }),
      ...(validationFraction !== undefined && { validationFraction }),
      ...(seed !== undefined && { seed }),
    };
    return task === "classification"
      ? splitStratified(targets, { ...fractions, items: known })
      : splitRandomly(known, fractions);
  }
  for (const [name, value] of Object.entries({ testFraction, validationFraction })) {
    if (value === undefined) continue;
    throw new OptionError(
      "unused-option",
      `trainGraphPredictor: got the option ${name} beside a split; expected one or the other. The split says of each graph what part it plays.`,
    );
  }
  return split;
}

function makeTask(
  model: GraphModel,
  data: GraphLearningData,
  { task, metric }: SettledGraphOptions,
  shared: Pick<GraphPredictorOptions, "engine"> & { readonly batchSize: number },
  classWeights: ArrayLike<number> | undefined,
): GraphTask {
  const classes = { ...shared, metric, ...(classWeights !== undefined && { classWeights }) };
  switch (task) {
    case "regression":
      return new GraphRegression(model, data, shared);
    case "classification":
      return new GraphClassification(model, data, classes);
    case "multi-task":
      return new GraphMultiTask(model, data, classes);
  }
}

function scheduleOf({ schedule, learningRate, epochs }: SettledGraphOptions): {
  readonly schedule?: (epoch: number) => number;
} {
  if (schedule === "constant") return {};
  if (typeof schedule === "function") return { schedule };
  const cosine = cosineSchedule({ learningRate, steps: epochs });
  return { schedule: (epoch) => cosine(epoch - 1) };
}

/** As given, or such that all classes count alike: by the training part alone. */
function classWeightsOf(
  { targets, train }: GraphLearningData,
  { perGraph, width }: CheckedGraphData,
  { task, classWeights }: GraphPredictorOptions,
): ArrayLike<number> | undefined {
  if (classWeights !== "balanced") return classWeights;
  const count = (target: number, value: number): number =>
    train.reduce((total, graph) => total + (targets[graph * perGraph + target] === value ? 1 : 0), 0);
  // A class that no training graph has weighs nothing either way.
  if (task === "classification") {
    const counts = Array.from({ length: width }, (_, c) => count(0, c));
    const known = counts.reduce((total, each) => total + each, 0);
    return counts.map((each) => (each === 0 ? 1 : known / (width * each)));
  }
  return Array.from({ length: width }, (_, target) => {
    const [negatives, positives] = [count(target, 0), count(target, 1)];
    return negatives === 0 || positives === 0 ? 1 : negatives / positives;
  });
}
