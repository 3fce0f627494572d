import { checkOptionNames, type Tensor } from "@vicinal/core";
import type { GraphModel } from "../../models/graph-model.ts";
import {
  type GraphLearningData,
  GraphTask,
  type GraphTaskOptions,
  graphTaskOptionNames,
  rowsOfMembers,
} from "./graph-task.ts";
import { meanSquaredError } from "./mean-squared-error.ts";
import { type Standardization, standardizationOf } from "./standardization.ts";

/**
 * Learns one number or several for each graph, by the mean squared error of standardized targets: each target counts alike, whatever its unit. The model puts
 * out standardized numbers; {@link GraphRegression.standardization} brings them back. The metric is the share of the training part's variance that is
 * explained, `1 - loss`.
 *
 * @throws OptionError `unknown-option`, `out-of-range`; ShapeError `shapes-differ`; DataError `index-out-of-range`.
 */
export class GraphRegression extends GraphTask {
  /** Means and deviations of the targets over the training part. */
  readonly standardization: Standardization;
  /** `[graphs * targets]`; 0 where unknown. */
  readonly #targets: Float64Array;
  /** `[graphs * targets]`; 0 where unknown, else 1. */
  readonly #weights: Float64Array;
  readonly #width: number;

  constructor(model: GraphModel, data: GraphLearningData, options: GraphTaskOptions = {}) {
    checkOptionNames("GraphRegression", options, graphTaskOptionNames);
    const width = data.targets.length / data.collection.size;
    super("GraphRegression", model, data, options, width);
    this.#width = width;
    this.standardization = standardizationOf(data.targets, width, data.train);
    const { mean, deviation } = this.standardization;
    this.#weights = Float64Array.from(data.targets, (value) => (Number.isNaN(value) ? 0 : 1));
    this.#targets = Float64Array.from(data.targets, (value, k) =>
      Number.isNaN(value) ? 0 : (value - mean[k % width]!) / deviation[k % width]!,
    );
  }

  protected loss(output: Tensor, members: Uint32Array): Tensor {
    return meanSquaredError(output, rowsOfMembers(this.#targets, this.#width, members), {
      weights: rowsOfMembers(this.#weights, this.#width, members),
    });
  }

  protected metric(outputs: Float64Array, members: Uint32Array): number {
    const targets = rowsOfMembers(this.#targets, this.#width, members);
    const weights = rowsOfMembers(this.#weights, this.#width, members);
    const known = weights.reduce((total, weight) => total + weight, 0);
    const squares = outputs.reduce((total, output, k) => total + weights[k]! * (output - targets[k]!) ** 2, 0);
    return 1 - squares / known;
  }
}
