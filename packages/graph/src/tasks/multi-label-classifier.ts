import { checkOptionNames } from "@vicinal/core";
import { labelSetTargets } from "./label-set-targets.ts";
import { checkThresholds, thresholdsFor } from "./label-thresholds.ts";
import { multiLabelMetricNamed } from "./metric-by-name.ts";
import { carriedLabels, checkMultiLabelData, type MultiLabelData } from "./multi-label-data.ts";
import { type MultiLabelClassifierOptions, multiLabelClassifierOptionNames } from "./node-classifier-options.ts";
import { type TrainedNodeNetwork, trainNodeNetwork } from "./node-network.ts";

/** A trained multi-label classifier with its answer for every node. */
export interface MultiLabelClassifier extends TrainedNodeNetwork {
  /** `[labelCount]`: from which probability on a node carries each label. */
  readonly thresholds: Float64Array;
}

/**
 * Trains a graph attention network to tell which labels nodes carry, each label by itself: what `multiLabelNodes` does once a graph has been
 * converted. The network, its recipe and its options are those of `trainNodeClassifier`; the loss is the binary cross-entropy of each label.
 *
 * @throws DataError for data that cannot be learned from (`empty-graph`, `no-labels`, `unlabeled-node`, `label-out-of-range`, `wrong-length`,
 * `index-out-of-range`, `not-finite`); OptionError `unknown-option`, `out-of-range`, `heads-do-not-divide`, `does-not-apply`, `no-validation` for
 * thresholds that are to be chosen where no node is held out; TrainingError `loss-not-finite`. All but the last before any work.
 */
export async function trainMultiLabelClassifier(
  data: MultiLabelData,
  options: MultiLabelClassifierOptions = {},
): Promise<MultiLabelClassifier> {
  checkOptionNames("trainMultiLabelClassifier", options, multiLabelClassifierOptionNames);
  return classifyLabelSets("trainMultiLabelClassifier", data, options);
}

/** {@link trainMultiLabelClassifier}, with the beginning of its errors. */
export async function classifyLabelSets(
  where: string,
  data: MultiLabelData,
  { metric = "micro-f1", thresholds = 0.5, ...options }: MultiLabelClassifierOptions,
): Promise<MultiLabelClassifier> {
  checkMultiLabelData(where, data);
  checkThresholds(where, thresholds, data.validation);
  const { labels, labelCount, validation } = data;
  const targets = labelSetTargets(labels, labelCount, multiLabelMetricNamed(metric, labels, labelCount));
  const trained = await trainNodeNetwork({ where, data, targets, labels: carriedLabels(data) }, options);
  const { model, features, history, bestEpoch, probabilities, choices, normalizeFeatures, predict } = trained;
  return {
    model,
    features,
    history,
    bestEpoch,
    probabilities,
    choices,
    normalizeFeatures,
    predict,
    get attention() {
      return trained.attention;
    },
    thresholds: thresholdsFor(thresholds, { labels, labelCount, probabilities, validation }),
  };
}
