import { checkOptionNames, crossEntropy, OptionError, type Tensor } from "@vicinal/core";
import { accuracy } from "../../metrics/accuracy.ts";
import { predictedClasses } from "../../metrics/predicted-classes.ts";
import { rocAuc } from "../../metrics/roc-auc.ts";
import type { GraphModel } from "../../models/graph-model.ts";
import {
  type GraphLearningData,
  GraphTask,
  type GraphTaskOptions,
  graphTaskOptionNames,
  rowsOfMembers,
} from "./graph-task.ts";

/** What decides which epoch was best where graphs have classes. */
export type GraphMetricName = "accuracy" | "roc-auc";

/** Options of {@link GraphClassification}. */
export interface GraphClassificationOptions extends GraphTaskOptions {
  /** How much each class counts in the loss, `[classes]`. Default 1 each. */
  readonly classWeights?: ArrayLike<number>;
  /** Default `"accuracy"`; `"roc-auc"` for two classes. */
  readonly metric?: GraphMetricName;
}

/**
 * Learns one of several classes for each graph, by cross-entropy. Targets are class numbers from 0, one a graph; the model puts out a logit for each class.
 *
 * @throws OptionError `unknown-option`, `out-of-range`; ShapeError `shapes-differ`; DataError `index-out-of-range`.
 */
export class GraphClassification extends GraphTask {
  /** `[graphs]`; -1 where unknown. */
  readonly #labels: Int32Array;
  readonly #classes: number;
  readonly #classWeights: ArrayLike<number> | undefined;
  readonly #metric: GraphMetricName;

  constructor(model: GraphModel, data: GraphLearningData, options: GraphClassificationOptions = {}) {
    checkOptionNames("GraphClassification", options, [...graphTaskOptionNames, "classWeights", "metric"]);
    super("GraphClassification", model, data, options, model.outputs);
    const { classWeights, metric = "accuracy" } = options;
    checkMetricName("GraphClassification", metric);
    if (metric === "roc-auc" && model.outputs !== 2) {
      throw new OptionError(
        "out-of-range",
        `GraphClassification: got the metric "roc-auc" for ${model.outputs} classes; expected two. Use "accuracy".`,
      );
    }
    this.#labels = Int32Array.from(data.targets, (value) => (Number.isNaN(value) ? -1 : value));
    this.#classes = model.outputs;
    this.#classWeights = classWeights;
    this.#metric = metric;
  }

  protected loss(output: Tensor, members: Uint32Array): Tensor {
    const weights = this.#classWeights;
    return crossEntropy(output, this.#labelsOf(members), weights === undefined ? {} : { classWeights: weights });
  }

  protected metric(outputs: Float64Array, members: Uint32Array): number {
    const labels = this.#labelsOf(members);
    if (this.#metric === "accuracy") return accuracy(labels, predictedClasses(outputs, this.#classes));
    const margins = Float64Array.from(labels, (_, k) => outputs[2 * k + 1]! - outputs[2 * k]!);
    // With one class only there is no curve: no epoch is better than another.
    return rocAuc(labels, margins) ?? 0;
  }

  #labelsOf(members: Uint32Array): Int32Array {
    return Int32Array.from(rowsOfMembers(this.#labels, 1, members));
  }
}

/** @throws OptionError `out-of-range`. */
export function checkMetricName(where: string, metric: GraphMetricName): void {
  if (metric === "accuracy" || metric === "roc-auc") return;
  throw new OptionError(
    "out-of-range",
    `${where}: got the metric ${JSON.stringify(metric)}; expected "accuracy" or "roc-auc".`,
  );
}
