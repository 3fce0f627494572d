import type { ConvertGraphsOptions } from "../../batch/graphs-to-parts.ts";
import type { SplitPart } from "../label-nodes-options.ts";
import { type GraphPredictorOptions, graphPredictorOptionNames } from "./graph-predictor-options.ts";

/** A graph attribute's name, or a function of a graph's attributes and its number in the list that gives the value. */
export type GraphGetter<T> = string | ((attributes: Readonly<Record<string, unknown>>, graph: number) => T);

/** What may be known of a graph; nullish where it is unknown. */
export type GraphTarget = number | string | boolean | null | undefined;

/** Options of `predictGraphs`. How to build and train the network is chosen by the count of graphs. */
export interface PredictGraphsOptions extends GraphPredictorOptions, ConvertGraphsOptions {
  /**
   * What is known of each graph: a graph attribute's name, a getter, or the names of several graph attributes. Nullish where unknown. What is learned
   * follows from the values unless `task` says it: numbers are learned as numbers, text and booleans as classes, several booleans as several
   * questions. Default `"target"`.
   */
  readonly target?: GraphGetter<GraphTarget> | readonly string[];
  /**
   * The part that each graph plays: test graphs are measured on, validation graphs decide when to stop; nullish for training. Default: by the fractions,
   * drawn among graphs with a target; classes keep their shares.
   */
  readonly split?: GraphGetter<SplitPart | null | undefined>;
  /** When each graph with a target came to be: the latest are held out, by the fractions. Default: those held out are drawn. */
  readonly time?: GraphGetter<number>;
}

/** Options of `predictGraphs.assign`. */
export interface AssignGraphsOptions extends PredictGraphsOptions {
  /** The graph attribute that gets the prediction. Default `"prediction"`. */
  readonly graphPredictionAttribute?: string;
  /** The graph attribute that gets the probability of the predicted class; only where classes are learned. Default `"predictionConfidence"`. */
  readonly graphConfidenceAttribute?: string;
  /** The graph attribute that gets the uncertainty; only with an ensemble. Default `"predictionUncertainty"`. */
  readonly graphUncertaintyAttribute?: string;
}

/** The names of {@link PredictGraphsOptions}. */
export const predictGraphsOptionNames = [
  ...graphPredictorOptionNames,
  "features",
  "edgeFeatures",
  "encode",
  "target",
  "split",
  "time",
] as const satisfies readonly (keyof PredictGraphsOptions)[];

/** The names of {@link AssignGraphsOptions}. */
export const assignGraphsOptionNames = [
  ...predictGraphsOptionNames,
  "graphPredictionAttribute",
  "graphConfidenceAttribute",
  "graphUncertaintyAttribute",
] as const satisfies readonly (keyof AssignGraphsOptions)[];
