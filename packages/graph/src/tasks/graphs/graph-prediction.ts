import type { AbstractGraph } from "graphology-types";
import type { FeatureEncoder } from "../../convert/features.ts";
import type { FitResult } from "../../train/fit.ts";
import type { SplitPart } from "../label-nodes-options.ts";
import type { Choice } from "../node-labeling.ts";
import type { GraphTaskKind } from "./graph-answers.ts";
import type { GraphPredictor } from "./graph-predictor.ts";
import type { TrainedGraphPredictor } from "./train-graph-predictor.ts";

/**
 * What is predicted of a graph: a number in the unit of the target, or the name of a class; of several targets, by their names, numbers or the
 * probability of each yes.
 */
export type PredictedValue = number | string | Readonly<Record<string, number>>;

/** Everything that is predicted of a graph. */
export interface GraphPrediction {
  /** The prediction. */
  readonly value: PredictedValue;
  /** The probability of each class by its name; undefined where none are learned. */
  readonly probabilities: Readonly<Record<string, number>> | undefined;
  /**
   * Standard deviation between the networks of an ensemble: of the number, of the probability of the predicted class, or by the names of several targets.
   * Undefined for one network.
   */
  readonly uncertainty: number | Readonly<Record<string, number>> | undefined;
  /** How much each node counted, by its key, summing to 1; undefined where the network does not attend to nodes. */
  readonly attention: Readonly<Record<string, number>> | undefined;
}

/** All that `predictGraphs.detailed` found out. Graphs are in the order given. */
export interface GraphPredictions extends Pick<TrainedGraphPredictor, "models" | "metrics" | keyof FitResult> {
  /** Of every graph, also of those with a target. */
  readonly predictions: readonly GraphPrediction[];
  /** What was learned. */
  readonly task: GraphTaskKind;
  /** The names of the targets. */
  readonly targets: readonly string[];
  /** The names of the classes, sorted; empty where none are learned. Confusion tables are in this order. */
  readonly classes: readonly string[];
  /** The part that each graph played; undefined for one without target. */
  readonly parts: readonly (SplitPart | undefined)[];
  /** How the training of each network went; `history` and `bestEpoch` are those of the first. */
  readonly members: readonly FitResult[];
  /** What was chosen, and why. */
  readonly choices: readonly Choice[];
  /** Answers for typed arrays. */
  readonly predictor: GraphPredictor;
  /** Converts the features of other graphs in the same way; undefined without features. */
  readonly encoder: FeatureEncoder | undefined;
  /** Predicts other graphs. @throws As `graphCollection`; DataError `mixed-widths`. */
  predict(graphs: readonly AbstractGraph[]): Promise<readonly GraphPrediction[]>;
  /**
   * The networks, with all that it takes to predict other graphs, as one file in the safetensors format: `loadGraphPredictions` reads it.
   *
   * @throws DataError `cannot-save` for a network that a function made and nothing is known of, or options that JSON cannot say.
   */
  save(): Promise<Uint8Array<ArrayBuffer>>;
}
