import type { Engine } from "@vicinal/core";
import type { TaskLayer } from "../models/attention-layer-by-name.ts";
import type { Progress } from "../train/history.ts";
import type { NodeSampling } from "./sampling-options.ts";

/** The networks that a node classifier can be. */
export type NodeModelName = "gat" | "graph-transformer";

/** What decides which epoch was best. */
export type LabelingMetricName = "accuracy" | "macro-f1" | "roc-auc";

/** What decides which epoch was best, where nodes carry several labels. F1 scores are those at a probability of 0.5. */
export type MultiLabelMetricName = "micro-f1" | "macro-f1" | "roc-auc";

/**
 * How a network of nodes is built and trained. What is left out is chosen by the size of the data and the share of labels; the result
 * says what was chosen, and why.
 */
export type NodeNetworkOptions = TaskLayer & {
  /**
   * The network: `"gat"`, layers one after the other, or `"graph-transformer"`, blocks with shortcuts on normalized input, which have no
   * `outputHeads`, `residual` or `normalize`. Default `"graph-transformer"` for many labels and dense features, else `"gat"`.
   */
  readonly model?: NodeModelName;
  /** Count of layers: how many steps away a node can look. Default 2, of `"graph-transformer"` 5; with neighbor sampling one a fan-out. */
  readonly layers?: number;
  /** Heads of the hidden layers. Default 8. */
  readonly heads?: number;
  /** Width of the hidden layers, all heads together; a multiple of `heads`. Default: 8 a head. */
  readonly hidden?: number;
  /** Heads of the last layer, averaged. Default 8 for many labels, else 1. */
  readonly outputHeads?: number;
  /** Probability with which features and attention weights are dropped while training. Default 0.2 to 0.6, by the recipe that `choices` names. */
  readonly dropout?: number;
  /** Whether each layer adds a projection of its input. Default: for many labels; with few it is tried on the validation nodes. */
  readonly residual?: boolean;
  /** Whether hidden layers are normalized (layer norm). Default: those of `"graph-transformer"` alone. */
  readonly normalize?: boolean;
  /** Whether each row of sparse features is divided by its sum. Default: where features are sparse. */
  readonly normalizeFeatures?: boolean;
  /** Size of an optimizer step (Adam). Default 0.003 to 0.01, by the recipe that `choices` names. */
  readonly learningRate?: number;
  /** How the size of a step changes over the epochs: not at all, or along half a cosine from `learningRate` down to 0. Default `"cosine"` for many labels, else `"constant"`. */
  readonly schedule?: "constant" | "cosine";
  /** L2 penalty: added to the gradient, as in Adam. Default 0 for many labels, else 5e-4. */
  readonly weightDecay?: number;
  /** The most passes over the training nodes. Default 100 to 1,000, by the recipe that `choices` names; fewer where an epoch has several steps. */
  readonly epochs?: number;
  /** Passes without a better validation metric or loss after which training stops. Default: 100, or all passes where steps shrink to nothing. */
  readonly patience?: number;
  /**
   * How a graph is trained on that does not fit in one step: on batches of nodes with a few neighbors each, as in
   * `{ fanOut: [10, 10], batchSize: 512 }`, or on clusters, as in `{ clusters: 50, clustersPerBatch: 5 }`. Validation and answers come from whole
   * neighborhoods, a chunk of nodes after the other. Default: the whole graph in each step; clusters where that is estimated to take more than 3 GiB,
   * which is told of among the choices.
   */
  readonly sampling?: NodeSampling;
  /** Everything random follows from it. Default 0. */
  readonly seed?: number;
  /** Default: the shared `wasm` engine. */
  readonly engine?: Engine;
  /** Called after each epoch. Training waits for a promise that it returns: so it is paused. Default: nothing is called. */
  readonly onProgress?: (progress: Progress) => unknown;
  /** Aborts training: the call rejects with the signal's reason. Default: none. */
  readonly signal?: AbortSignal;
};

/** Options of `trainNodeClassifier`. */
export type NodeClassifierOptions = NodeNetworkOptions & {
  /** What decides which epoch was best. Default `"accuracy"`. */
  readonly metric?: LabelingMetricName;
};

/** Options of `trainMultiLabelClassifier`. */
export type MultiLabelClassifierOptions = NodeNetworkOptions & {
  /** What decides which epoch was best. Default `"micro-f1"`. */
  readonly metric?: MultiLabelMetricName;
  /**
   * From which probability on a node carries a label: one number for all, or `"validation"` for the one with the best F1 score on the validation
   * nodes, label by label. Default 0.5.
   */
  readonly thresholds?: number | "validation";
};

/** The names of {@link NodeNetworkOptions}. */
const nodeNetworkOptionNames = [
  "model",
  "layer",
  "layerOptions",
  "registry",
  "layers",
  "heads",
  "hidden",
  "outputHeads",
  "dropout",
  "residual",
  "normalize",
  "normalizeFeatures",
  "learningRate",
  "schedule",
  "weightDecay",
  "epochs",
  "patience",
  "sampling",
  "seed",
  "engine",
  "onProgress",
  "signal",
] as const satisfies readonly (keyof NodeNetworkOptions)[];

/** The names of {@link NodeClassifierOptions}. */
export const nodeClassifierOptionNames = [
  ...nodeNetworkOptionNames,
  "metric",
] as const satisfies readonly (keyof NodeClassifierOptions)[];

/** The names of {@link MultiLabelClassifierOptions}. */
export const multiLabelClassifierOptionNames = [
  ...nodeNetworkOptionNames,
  "metric",
  "thresholds",
] as const satisfies readonly (keyof MultiLabelClassifierOptions)[];
