import { OptionError } from "@vicinal/core";
import { accuracy } from "../metrics/accuracy.ts";
import { macroF1 } from "../metrics/macro-f1.ts";
import { labelCounts, macroF1Of, meanRocAuc, microF1Of } from "../metrics/multi-label-metrics.ts";
import { predictedClasses } from "../metrics/predicted-classes.ts";
import { rocAuc } from "../metrics/roc-auc.ts";
import type { LabelingMetricName, MultiLabelMetricName } from "./node-classifier-options.ts";
import type { NodeMetric } from "./node-targets.ts";

/**
 * The metric that decides which epoch was best, on logits `[nodes, classes]`.
 *
 * @throws OptionError `out-of-range` for a name that is none, or for `"roc-auc"` with more than two classes.
 */
export function metricNamed(name: LabelingMetricName, labels: Int32Array, classes: number): NodeMetric {
  switch (name) {
    case "accuracy":
      return (logits, nodes) => accuracy(labels, predictedClasses(logits, classes), nodes);
    case "macro-f1":
      return (logits, nodes) => macroF1(labels, predictedClasses(logits, classes), classes, nodes);
    case "roc-auc":
      if (classes !== 2) {
        throw new OptionError(
          "out-of-range",
          `labelNodes: got the metric "roc-auc" for ${classes} classes; expected two. Use "accuracy" or "macro-f1".`,
        );
      }
      // With one class only among the nodes there is no curve: no epoch is better than another.
      return (logits, nodes) => rocAuc(labels, marginOf(logits, labels.length), nodes) ?? 0;
    default:
      throw new OptionError(
        "out-of-range",
        `labelNodes: got the metric ${JSON.stringify(name)}; expected "accuracy", "macro-f1" or "roc-auc".`,
      );
  }
}

/** How much more the second class is favored: grows with its probability. */
function marginOf(logits: ArrayLike<number>, nodes: number): Float64Array {
  return new Float64Array(nodes).map((_, i) => logits[2 * i + 1]! - logits[2 * i]!);
}

/**
 * {@link metricNamed} for nodes with several labels: scores logits `[nodes, labels]`.
 *
 * @param labels `[nodes * count]`.
 * @throws OptionError `out-of-range` for a name that is none.
 */
export function multiLabelMetricNamed(name: MultiLabelMetricName, labels: Uint8Array, count: number): NodeMetric {
  switch (name) {
    case "micro-f1":
      // A logit of 0 is a probability of 0.5.
      return (logits, nodes) => microF1Of(labelCounts(labels, logits, { labels: count, thresholds: 0, nodes }));
    case "macro-f1":
      return (logits, nodes) => macroF1Of(labelCounts(labels, logits, { labels: count, thresholds: 0, nodes }));
    case "roc-auc":
      return (logits, nodes) => meanRocAuc(labels, logits, count, nodes) ?? 0;
    default:
      throw new OptionError(
        "out-of-range",
        `multiLabelNodes: got the metric ${JSON.stringify(name)}; expected "micro-f1", "macro-f1" or "roc-auc".`,
      );
  }
}
