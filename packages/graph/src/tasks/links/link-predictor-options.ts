import type { Engine } from "@vicinal/core";
import type { TaskLayer } from "../../models/attention-layer-by-name.ts";
import type { Progress } from "../../train/history.ts";
import type { LinkDecoderName } from "./link-decoder.ts";

/** How a link predictor is built and trained. The layer is `"gat"` by default. */
export type LinkPredictorOptions = TaskLayer & {
  /** Width of the embeddings. Default 64. */
  readonly dimensions?: number;
  /** How two embeddings become one number: their inner product, or a small network on their elementwise product. Default `"dot"`. */
  readonly decoder?: LinkDecoderName;
  /** Count of layers: how many steps away a node can look. Default 2. */
  readonly layers?: number;
  /** Heads of the hidden layers. Default 4. */
  readonly heads?: number;
  /** Width of the hidden layers, all heads together; a multiple of `heads`. Default 16 a head. */
  readonly hidden?: number;
  /** Probability with which inputs of each layer are dropped while training. Default 0.3. */
  readonly dropout?: number;
  /** Whether each layer adds a projection of its input. Default false. */
  readonly residual?: boolean;
  /** Whether hidden layers are normalized (layer norm). Default false. */
  readonly normalize?: boolean;
  /**
   * Whether a vector is learned for each node: it stands for what features do not say. Default true; false only with features, for nodes that are
   * to be known by these alone.
   */
  readonly nodeVectors?: boolean;
  /** Whether each row of features is divided by its sum. Default: where features are sparse. */
  readonly normalizeFeatures?: boolean;
  /** Pairs without a link that are drawn for each link, anew in each epoch. Together they count as much as the links. Default 3. */
  readonly negatives?: number;
  /**
   * The share of the training links that an epoch predicts; the others are the messages that it predicts them from. With 0 all are both,
   * and links are learned from themselves. Default 0.5.
   */
  readonly disjointTrainRatio?: number;
  /** Size of an optimizer step (Adam). Default 0.01. */
  readonly learningRate?: number;
  /** L2 penalty: added to the gradient, as in Adam. Default 0. */
  readonly weightDecay?: number;
  /** The most epochs. Default 200; 100 where nothing is held out to say when to stop. */
  readonly epochs?: number;
  /** Epochs without a better area under the ROC curve or loss on the validation links after which training stops. Default 50. */
  readonly patience?: number;
  /** Everything random follows from it. Default 0. */
  readonly seed?: number;
  /** Default: the shared `wasm` engine. */
  readonly engine?: Engine;
  /** Called after each epoch. Training waits for a promise that it returns: so it is paused. Default: nothing is called. */
  readonly onProgress?: (progress: Progress) => unknown;
  /** Aborts training: the call rejects with the signal's reason. Default: none. */
  readonly signal?: AbortSignal;
};

/** The names of {@link LinkPredictorOptions}. */
export const linkPredictorOptionNames = [
  "dimensions",
  "decoder",
  "layer",
  "layerOptions",
  "registry",
  "layers",
  "heads",
  "hidden",
  "dropout",
  "residual",
  "normalize",
  "nodeVectors",
  "normalizeFeatures",
  "negatives",
  "disjointTrainRatio",
  "learningRate",
  "weightDecay",
  "epochs",
  "patience",
  "seed",
  "engine",
  "onProgress",
  "signal",
] as const satisfies readonly (keyof LinkPredictorOptions)[];
