import { checkOptionNames, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { graphCollection } from "../../batch/batch-graphs.ts";
import type { GraphCollection } from "../../batch/graph-collection.ts";
import { savePredictions } from "../../save/save-graph-predictor.ts";
import { trainingSummary } from "../../save/training-summary.ts";
import type { ItemSplit } from "../split/item-split.ts";
import type { GraphPrediction, GraphPredictions, PredictedValue } from "./graph-prediction.ts";
import { checkGraphTargets } from "./graph-prediction-data.ts";
import type { GraphPredictor } from "./graph-predictor.ts";
import {
  type AssignGraphsOptions,
  assignGraphsOptionNames,
  type PredictGraphsOptions,
  predictGraphsOptionNames,
} from "./predict-graphs-options.ts";
import { predictionsOf } from "./predictions-of.ts";
import { readGraphSplit } from "./read-graph-split.ts";
import { readGraphTargets } from "./read-graph-targets.ts";
import { trainGraphPredictor } from "./train-graph-predictor.ts";

/**
 * Predicts something of whole graphs, such as the solubility of molecules: of some it is known, and a graph attention network that is trained on the spot
 * on these predicts it for the others.
 *
 * ```ts
 * const solubility = await predictGraphs(molecules, { target: "logS", features: ["element"], edgeFeatures: "order" });
 * ```
 *
 * @returns The prediction for every graph, in their order, also for those that it is known of: what the network says, not what was given.
 * @throws DataError `not-a-graph`, `no-graphs`, `no-targets`, `one-class`, `wrong-type`, `missing-value`, `too-few-items`, and for features that cannot be
 * used; OptionError `unknown-option`, `unknown-attribute`, `unused-option`, `does-not-apply`, `out-of-range`, `heads-do-not-divide`; TrainingError
 * `loss-not-finite`. All but the last before any work, and graphs are never changed.
 */
export async function predictGraphs(
  graphs: readonly AbstractGraph[],
  options: PredictGraphsOptions = {},
): Promise<readonly PredictedValue[]> {
  return (await predictGraphs.detailed(graphs, options)).predictions.map(({ value }) => value);
}

/** {@link predictGraphs} with everything found out: uncertainties, attention, metrics, history, what was chosen, and a way to predict other graphs. */
predictGraphs.detailed = async (
  graphs: readonly AbstractGraph[],
  options: PredictGraphsOptions = {},
): Promise<GraphPredictions> => {
  checkOptionNames("predictGraphs", options, predictGraphsOptionNames);
  const { features, edgeFeatures, encode, target: _target, split: _split, time, ...training } = options;
  const { testFraction: _test, validationFraction: _validation, ...withoutFractions } = training;
  const targets = readGraphTargets(graphs, options);
  const { task, classes } = targets;
  const convert = {
    ...(edgeFeatures !== undefined && { edgeFeatures }),
    ...(encode !== undefined && { encode }),
  };
  const { collection, encoder } = graphCollection(graphs, { ...convert, ...(features !== undefined && { features }) });
  const data = { collection, targets: targets.values, ...(task === "classification" && { classes: classes.length }) };
  const split = readGraphSplit(graphs, checkGraphTargets(task, data).known, options);
  const trained = await trainGraphPredictor(
    { ...data, split },
    { ...(split === undefined ? training : withoutFractions), task },
  );
  const { predictor, metrics, models, members, history, bestEpoch, choices } = trained;
  const answer = async (asked: GraphCollection, predictor: GraphPredictor): Promise<readonly GraphPrediction[]> =>
    predictionsOf(await predictor.detailed(asked, { signal: options.signal }), asked, targets);
  return {
    predictions: await answer(collection, predictor),
    task,
    targets: targets.names,
    classes,
    parts: partsOf(graphs.length, trained.split),
    metrics,
    models,
    members,
    history,
    bestEpoch,
    choices,
    predictor,
    encoder,
    save: () =>
      savePredictions({ predictor, targets, encoder, edgeFeatures, encode, training: trainingSummary({ ...trained }) }),
    predict: async (others) =>
      answer(
        graphCollection(others, { ...convert, ...(encoder !== undefined && { features: encoder }) }).collection,
        predictor,
      ),
  };
};

/**
 * {@link predictGraphs}, writing predictions to attributes of every graph: the prediction; the probability of the predicted class, where classes are learned;
 * the uncertainty, with an ensemble. Either every graph gets them or, if anything goes wrong, none.
 *
 * @throws As {@link predictGraphs}; OptionError `duplicate-attribute` when two are to be written to one attribute, or one to that of a target.
 */
predictGraphs.assign = async (graphs: readonly AbstractGraph[], options: AssignGraphsOptions = {}): Promise<void> => {
  checkOptionNames("predictGraphs.assign", options, assignGraphsOptionNames);
  const {
    graphPredictionAttribute = "prediction",
    graphConfidenceAttribute = "predictionConfidence",
    graphUncertaintyAttribute = "predictionUncertainty",
    ...rest
  } = options;
  checkAttributes([graphPredictionAttribute, graphConfidenceAttribute, graphUncertaintyAttribute], rest);
  const { predictions } = await predictGraphs.detailed(graphs, rest);
  const undo: (() => void)[] = [];
  const write = (graph: AbstractGraph, name: string, value: unknown): void => {
    if (value === undefined) return;
    const had = graph.hasAttribute(name);
    const before: unknown = graph.getAttribute(name);
    undo.push(() => {
      if (had) graph.setAttribute(name, before);
      else graph.removeAttribute(name);
    });
    graph.setAttribute(name, value);
  };
  try {
    for (const [k, { value, probabilities, uncertainty }] of predictions.entries()) {
      const graph = graphs[k]!;
      write(graph, graphPredictionAttribute, value);
      write(graph, graphConfidenceAttribute, typeof value === "string" ? probabilities?.[value] : undefined);
      write(graph, graphUncertaintyAttribute, uncertainty);
    }
  } catch (error) {
    // A listener of a graph threw; it may throw again, and the others are to be restored all the same.
    for (const restore of undo.reverse()) attempt(restore);
    throw error;
  }
};

function attempt(restore: () => void): void {
  try {
    restore();
  } catch {
    // The error that is thrown is the first.
  }
}

function checkAttributes(written: readonly string[], { target = "target" }: PredictGraphsOptions): void {
  const targets = typeof target === "function" ? [] : typeof target === "string" ? [target] : target;
  const seen = new Set<string>(targets);
  for (const name of written) {
    if (seen.has(name)) {
      throw new OptionError(
        "duplicate-attribute",
        `predictGraphs.assign: got "${name}" for two of prediction, confidence, uncertainty and target; expected different attributes.`,
      );
    }
    seen.add(name);
  }
}

function partsOf(graphs: number, split: ItemSplit): GraphPredictions["parts"] {
  const parts = new Array<GraphPredictions["parts"][number]>(graphs).fill(undefined);
  for (const part of ["train", "validation", "test"] as const) for (const graph of split[part]) parts[graph] = part;
  return parts;
}
