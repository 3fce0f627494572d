import { checkOptionNames } from "@vicinal/core";
import { checkClassificationData } from "./check-classification-data.ts";
import { classTargets } from "./class-targets.ts";
import { metricNamed } from "./metric-by-name.ts";
import type { NodeClassificationData } from "./node-classification.ts";
import { type NodeClassifierOptions, nodeClassifierOptionNames } from "./node-classifier-options.ts";
import { type TrainedNodeNetwork, trainNodeNetwork } from "./node-network.ts";

/** A trained classifier with its answer for every node. */
export type NodeClassifier = TrainedNodeNetwork;

/**
 * Trains a graph attention network to tell the classes of nodes, from typed arrays: what `labelNodes` does once a graph has been
 * converted, and the way in for graphs that never were in graphology. What it learned of features applies to other graphs by `predict`.
 *
 * @throws DataError for data that cannot be learned from (`empty-graph`, `no-labels`, `one-class`, `wrong-length`,
 * `index-out-of-range`, `not-finite`); OptionError `unknown-option`, `out-of-range`, `heads-do-not-divide`, `does-not-apply`; TrainingError
 * `loss-not-finite`. All but the last before any work.
 */
export async function trainNodeClassifier(
  data: NodeClassificationData,
  options: NodeClassifierOptions = {},
): Promise<NodeClassifier> {
  checkOptionNames("trainNodeClassifier", options, nodeClassifierOptionNames);
  return classifyNodes("trainNodeClassifier", data, options);
}

/** {@link trainNodeClassifier}, with the beginning of its errors. */
export async function classifyNodes(
  where: string,
  data: NodeClassificationData,
  { metric = "accuracy", ...options }: NodeClassifierOptions,
): Promise<NodeClassifier> {
  checkClassificationData(where, data);
  const { labels, classes, train } = data;
  const targets = classTargets(labels, classes, metricNamed(metric, labels, classes));
  return trainNodeNetwork({ where, data, targets, labels: train.length }, options);
}
