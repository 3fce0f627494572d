import { binaryCrossEntropy, checkOptionNames, ShapeError, type Tensor } from "@vicinal/core";
import { multiTaskMetrics } from "../../metrics/multi-task-metrics.ts";
import type { GraphModel } from "../../models/graph-model.ts";
import { answersOf } from "./graph-answers.ts";
import { checkMetricName, type GraphMetricName } from "./graph-classification.ts";
import {
  type GraphLearningData,
  GraphTask,
  type GraphTaskOptions,
  graphTaskOptionNames,
  rowsOfMembers,
} from "./graph-task.ts";

/** Options of {@link GraphMultiTask}. */
export interface GraphMultiTaskOptions extends GraphTaskOptions {
  /** How much more a positive counts in the loss than a negative, `[targets]`. Default 1 each. */
  readonly classWeights?: ArrayLike<number>;
  /** The mean over targets decides which epoch was best. Default `"roc-auc"`. */
  readonly metric?: GraphMetricName;
}

/**
 * Learns the answers to several questions with yes and no for each graph, by binary cross-entropy over what is known. Targets are 0 or 1, NaN where unknown;
 * the model puts out a logit for each.
 *
 * @throws OptionError `unknown-option`, `out-of-range`; ShapeError `shapes-differ`; DataError `index-out-of-range`.
 */
export class GraphMultiTask extends GraphTask {
  /** `[graphs * targets]`, NaN where unknown. */
  readonly #targets: ArrayLike<number>;
  /** `[graphs * targets]`; 0 where unknown. */
  readonly #labels: Float64Array;
  /** `[graphs * targets]`; 0 where unknown. */
  readonly #weights: Float64Array;
  readonly #width: number;
  readonly #metric: GraphMetricName;

  constructor(model: GraphModel, data: GraphLearningData, options: GraphMultiTaskOptions = {}) {
    checkOptionNames("GraphMultiTask", options, [...graphTaskOptionNames, "classWeights", "metric"]);
    const width = data.targets.length / data.collection.size;
    super("GraphMultiTask", model, data, options, width);
    const { classWeights, metric = "roc-auc" } = options;
    checkMetricName("GraphMultiTask", metric);
    if (classWeights !== undefined && classWeights.length !== width) {
      throw new ShapeError(
        "shapes-differ",
        `GraphMultiTask: got ${classWeights.length} class weights for ${width} targets; expected one for each.`,
      );
    }
    this.#width = width;
    this.#metric = metric;
    this.#targets = data.targets;
    this.#labels = Float64Array.from(data.targets, (value) => (Number.isNaN(value) ? 0 : value));
    this.#weights = Float64Array.from(data.targets, (value, k) => {
      if (Number.isNaN(value)) return 0;
      return value === 1 ? (classWeights?.[k % width] ?? 1) : 1;
    });
  }

  protected loss(output: Tensor, members: Uint32Array): Tensor {
    return binaryCrossEntropy(output, rowsOfMembers(this.#labels, this.#width, members), {
      weights: rowsOfMembers(this.#weights, this.#width, members),
    });
  }

  protected metric(outputs: Float64Array, members: Uint32Array): number {
    const actual = rowsOfMembers(this.#targets, this.#width, members);
    const probabilities = answersOf("multi-task", outputs, this.#width, undefined);
    const metrics = multiTaskMetrics(actual, probabilities, { targets: this.#width });
    // Where no target has both classes there is no curve: no epoch is better than another.
    return (this.#metric === "roc-auc" ? metrics.rocAuc : metrics.accuracy) ?? 0;
  }
}
