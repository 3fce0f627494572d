import type { Engine } from "@vicinal/core";
import type { AttentionLayerName } from "../models/attention-layer-by-name.ts";
import type { Progress } from "../train/history.ts";

/** The networks that a node classifier can be. */
export type NodeModelName = "gat" | "graph-transformer";

/** What decides which epoch was best. */
export type LabelingMetricName = "accuracy" | "macro-f1" | "roc-auc";

/**
 * How a node classifier is built and trained. What is left out is chosen by the size of the data and the share of labels; the result
 * says what was chosen, and why.
 */
export interface NodeClassifierOptions {
  /**
   * The network: `"gat"`, layers one after the other, or `"graph-transformer"`, blocks with shortcuts on normalized input, which have no
   * `outputHeads`, `residual` or `normalize`.
   */
  readonly model?: NodeModelName;
  /** The layer that attends. */
  readonly layer?: AttentionLayerName;
  /** Count of layers: how many steps away a node can look. */
  readonly layers?: number;
  /** Heads of the hidden layers. */
  readonly heads?: number;
  /** Width of the hidden layers, all heads together; a multiple of `heads`. */
  readonly hidden?: number;
  /** Heads of the last layer, averaged. */
  readonly outputHeads?: number;
  /** Probability with which features and attention weights are dropped while training. */
  readonly dropout?: number;
  /** Whether each layer adds a projection of its input. */
  readonly residual?: boolean;
  /** Whether hidden layers are normalized (layer norm). */
  readonly normalize?: boolean;
  /** Whether each row of sparse features is divided by its sum. */
  readonly normalizeFeatures?: boolean;
  /** Size of an optimizer step (Adam). */
  readonly learningRate?: number;
  /** How the size of a step changes over the epochs: not at all, or along half a cosine from `learningRate` down to 0. */
  readonly schedule?: "constant" | "cosine";
  /** L2 penalty: added to the gradient, as in Adam. */
  readonly weightDecay?: number;
  /** The most passes over the training nodes. */
  readonly epochs?: number;
  /** Passes without a better validation metric or loss after which training stops. */
  readonly patience?: number;
  /** What decides which epoch was best. Default `"accuracy"`. */
  readonly metric?: LabelingMetricName;
  /** Everything random follows from it. Default 0. */
  readonly seed?: number;
  /** Default: the shared `wasm` engine. */
  readonly engine?: Engine;
  /** Called after each epoch. */
  readonly onProgress?: (progress: Progress) => void;
  /** Aborts training: the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The names of {@link NodeClassifierOptions}. */
export const nodeClassifierOptionNames = [
  "model",
  "layer",
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
  "metric",
  "seed",
  "engine",
  "onProgress",
  "signal",
] as const satisfies readonly (keyof NodeClassifierOptions)[];
