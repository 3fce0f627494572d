import type { Engine, ParameterOptions, PluginName, Registry } from "@vicinal/core";
import type { GraphModel } from "../../models/graph-model.ts";
import type { Selection } from "../../train/fit.ts";
import type { Progress } from "../../train/history.ts";
import type { GraphTaskKind } from "./graph-answers.ts";
import type { GraphMetricName } from "./graph-classification.ts";
import type { GraphWidths } from "./graph-inputs.ts";

/** The networks that a graph predictor can be. */
export type GraphModelName = "attentive-fp" | "gat" | "gatv2" | "transformer" | "gin";

/** What a function that makes a model is told. */
export interface GraphModelShape extends ParameterOptions, GraphWidths {
  /** Count of numbers that the model is to give for each graph: one for each target, or for each class. */
  readonly outputs: number;
}

/** Progress of the training of one network. */
export interface GraphProgress extends Progress {
  /** Which network of the ensemble is being trained, from 0. */
  readonly member: number;
  /** Count of networks. */
  readonly members: number;
}

/** How a graph predictor is built and trained. What is left out is chosen by the size of the data; the result says what was chosen, and why. */
export interface GraphPredictorOptions {
  /** What is learned. Default `"regression"`. */
  readonly task?: GraphTaskKind;
  /**
   * The network, or a function that makes one. Default `"attentive-fp"`. `"gat"`, `"gatv2"` and `"transformer"` are layers of attention with a read-out,
   * `"gin"` is the baseline without attention. The name of a layer that `registry` has makes a network of that layer, with a read-out.
   */
  readonly model?: GraphModelName | PluginName<"layers"> | ((shape: GraphModelShape) => GraphModel);
  /** Where the name of a layer is looked up first. Default: those built in are known. */
  readonly registry?: Registry;
  /** More options of a layer of the registry, which JSON can say. Default: none. */
  readonly layerOptions?: Readonly<Record<string, unknown>>;
  /** Width of the hidden layers. A function that makes a model does not read this, `layers`, `heads` and `dropout`. Default 64, of AttentiveFP 128 below 2,000 training graphs. */
  readonly hidden?: number;
  /** Count of layers: how many steps away a node can look. Default 2 for `"attentive-fp"`, 4 for `"gin"`, else 3. */
  readonly layers?: number;
  /** Heads of each layer, for `"gat"`, `"gatv2"` and `"transformer"`. `hidden` is a multiple of it. Default 4. */
  readonly heads?: number;
  /** Probability with which numbers are dropped while training. Default 0.2. */
  readonly dropout?: number;
  /** Size of an optimizer step (Adam). Default 0.01 for `"gin"`, else 0.002. */
  readonly learningRate?: number;
  /**
   * How the size of a step changes over the epochs: not at all, along half a cosine from `learningRate` down to 0, or as a function of the epoch, counted
   * from 1, gives it. Default `"cosine"`.
   */
  readonly schedule?: "constant" | "cosine" | ((epoch: number) => number);
  /** L2 penalty: added to the gradient, as in Adam. Default 1e-5. */
  readonly weightDecay?: number;
  /** Count of graphs in a step. Default 16, from 160 training graphs on 32, from 640 on 64. */
  readonly batchSize?: number;
  /** The most passes over the training graphs. Default: those of about 1,500 steps, at least 120 and at most 300. */
  readonly epochs?: number;
  /** Passes without a better validation metric or loss after which training stops. Default: all of them, so that steps can shrink to nothing. */
  readonly patience?: number;
  /** Which epoch's weights are kept; see `fit`. Default for regression `"last"` where steps shrink along a cosine and no `patience` is given, else `"loss"`; otherwise
   * `"metric"`. */
  readonly select?: Selection;
  /** What decides which epoch was best, where it is not a number that is learned. Default `"accuracy"` for classes, `"roc-auc"` for several questions. */
  readonly metric?: GraphMetricName;
  /**
   * How much each class counts in the loss, `[classes]`; of several questions, how much more a positive counts than a negative, `[targets]`. With
   * `"balanced"` all classes count alike, however rare. Default 1 each.
   */
  readonly classWeights?: "balanced" | ArrayLike<number>;
  /**
   * Count of networks, trained from the seeds `seed`, `seed + 1`, …: the prediction is their mean, and how far they are apart says how uncertain it is
   * (Lakshminarayanan et al., "Simple and scalable predictive uncertainty estimation using deep ensembles", NeurIPS 2017). Default 1.
   */
  readonly ensemble?: number;
  /** Share of the graphs with a target that is held out for testing, where no split is given. Default 0. */
  readonly testFraction?: number;
  /** Share of the graphs with a target that is held out for validation, where no split is given. Default 0.1 from 50 graphs on, else 0. */
  readonly validationFraction?: number;
  /** Everything random follows from it. Default 0. */
  readonly seed?: number;
  /** Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
  /** Called after each epoch. Training waits for a promise that it returns: so it is paused. Default: nothing is called. */
  readonly onProgress?: ((progress: GraphProgress) => unknown) | undefined;
  /** Aborts training: the call rejects with the signal's reason. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/** The names of {@link GraphPredictorOptions}. */
export const graphPredictorOptionNames = [
  "task",
  "model",
  "registry",
  "layerOptions",
  "hidden",
  "layers",
  "heads",
  "dropout",
  "learningRate",
  "schedule",
  "weightDecay",
  "batchSize",
  "epochs",
  "patience",
  "select",
  "metric",
  "classWeights",
  "ensemble",
  "testFraction",
  "validationFraction",
  "seed",
  "engine",
  "onProgress",
  "signal",
] as const satisfies readonly (keyof GraphPredictorOptions)[];
