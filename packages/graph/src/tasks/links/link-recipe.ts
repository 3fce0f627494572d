import { type FeatureMatrix, OptionError } from "@vicinal/core";
import type { Choice } from "../node-labeling.ts";
import type { LinkPredictorOptions } from "./link-predictor-options.ts";

/** The options that a recipe settles. */
export type SettledLinkOptions = Required<
  Omit<LinkPredictorOptions, "seed" | "engine" | "onProgress" | "signal" | "registry" | "layerOptions">
>;

/** A recipe with the reasons for it. */
export interface LinkRecipe {
  readonly options: SettledLinkOptions;
  readonly choices: readonly Choice[];
}

/** What a link recipe looks at. */
export interface LinkDataSummary {
  /** Links held out to decide when to stop. */
  readonly validation: number;
  readonly features: FeatureMatrix["kind"] | "none";
}

/**
 * Chooses what was left out.
 *
 * @throws OptionError `out-of-range` for what no part of the network checks.
 */
export function chooseLinkRecipe(data: LinkDataSummary, given: LinkPredictorOptions): LinkRecipe {
  checkOptions(given);
  const choices: Choice[] = [];
  const choose = <T extends string | number | boolean>(
    option: keyof SettledLinkOptions,
    asked: T | undefined,
    value: T,
    reason: string,
  ): T => {
    choices.push({ option, value: asked ?? value, reason: asked === undefined ? reason : "given" });
    return asked ?? value;
  };
  const isSparse = data.features === "csr";
  const isStopped = data.validation > 0;
  const usual = "does well on social graphs";
  const options: SettledLinkOptions = {
    dimensions: choose("dimensions", given.dimensions, 64, usual),
    decoder: choose("decoder", given.decoder, "dot", "embeddings that are close are linked"),
    layer: choose("layer", given.layer, "gat", usual),
    layers: choose("layers", given.layers, 2, "neighbors of neighbors are seen"),
    heads: choose("heads", given.heads, 4, usual),
    hidden: choose("hidden", given.hidden, 16 * (given.heads ?? 4), "16 a head"),
    dropout: choose("dropout", given.dropout, 0.3, usual),
    residual: choose("residual", given.residual, false, "what a node is told by others carries over to new links"),
    normalize: choose("normalize", given.normalize, false, "two layers train without"),
    nodeVectors: choose("nodeVectors", given.nodeVectors, true, "structure says what features do not"),
    normalizeFeatures: choose(
      "normalizeFeatures",
      given.normalizeFeatures,
      isSparse,
      isSparse ? "rows of sparse features differ in length" : "features are dense or absent",
    ),
    negatives: choose("negatives", given.negatives, 3, "more of what is no link is seen in each epoch"),
    disjointTrainRatio: choose(
      "disjointTrainRatio",
      given.disjointTrainRatio,
      0.5,
      "links are learned from others, not from themselves",
    ),
    learningRate: choose("learningRate", given.learningRate, 0.01, usual),
    weightDecay: choose("weightDecay", given.weightDecay, 0, "dropout and the links left out of each epoch suffice"),
    epochs: isStopped
      ? choose("epochs", given.epochs, 200, "validation links say when to stop")
      : choose("epochs", given.epochs, 100, "no links held out to say when to stop: a short run"),
    patience: choose("patience", given.patience, 50, usual),
  };
  return { options, choices };
}

function checkOptions({ dimensions, negatives, disjointTrainRatio, decoder }: LinkPredictorOptions): void {
  for (const [name, count] of Object.entries({ dimensions, negatives })) {
    if (count === undefined || (Number.isInteger(count) && count > 0)) continue;
    throw new OptionError("out-of-range", `link prediction: got ${name} ${count}; expected a whole number above 0.`);
  }
  if (disjointTrainRatio !== undefined && !(disjointTrainRatio >= 0 && disjointTrainRatio < 1)) {
    throw new OptionError(
      "out-of-range",
      `link prediction: got disjointTrainRatio ${disjointTrainRatio}; expected 0 <= disjointTrainRatio < 1, so that messages are left.`,
    );
  }
  if (decoder === undefined || decoder === "dot" || decoder === "network") return;
  throw new OptionError(
    "out-of-range",
    `link prediction: got the decoder ${JSON.stringify(decoder)}; expected "dot" or "network".`,
  );
}
