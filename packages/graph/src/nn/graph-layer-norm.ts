import {
  add,
  affine,
  checkCounts,
  divide,
  type Engine,
  gatherRows,
  Module,
  multiply,
  parameter,
  ShapeError,
  segmentSum,
  sqrt,
  square,
  subtract,
  sum,
  type Tensor,
  tensor,
} from "@vicinal/core";
import type { PackedGraphs } from "./packed-graphs.ts";

/** Options of {@link GraphLayerNorm}. */
export interface GraphLayerNormOptions {
  /** Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
}

/**
 * Layer normalization of each graph as a whole: `(x - mean) / sqrt(variance + epsilon) * weight + bias` with one mean and one biased variance over
 * all nodes and columns of a graph. What PyTorch Geometric's `LayerNorm` does in its default mode, `"graph"`, when it is given a batch.
 */
export class GraphLayerNorm extends Module {
  /** Count of columns. */
  readonly width: number;
  /** Added to the variance. */
  readonly epsilon: number;
  /** `[width]`, ones at first. */
  readonly weight: Tensor;
  /** `[width]`, zeros at first. */
  readonly bias: Tensor;

  /** @throws OptionError `out-of-range`. */
  constructor(width: number, { engine, epsilon = 1e-5 }: GraphLayerNormOptions = {}) {
    super();
    checkCounts("GraphLayerNorm", { width });
    this.width = width;
    this.epsilon = epsilon;
    this.weight = parameter(new Float32Array(width).fill(1), [width], { engine });
    this.bias = parameter(new Float32Array(width), [width], { engine });
  }

  /**
   * `[nodes, width]` to `[nodes, width]`.
   *
   * @throws ShapeError `shapes-differ`.
   */
  forward(x: Tensor, graphs: PackedGraphs): Tensor {
    const { nodeCount, graphOf } = graphs;
    if (x.shape.length !== 2 || x.shape[0] !== nodeCount || x.shape[1] !== this.width) {
      throw new ShapeError(
        "shapes-differ",
        `GraphLayerNorm: got an input of shape [${x.shape.join(", ")}]; expected [${nodeCount}, ${this.width}].`,
      );
    }
    const centered = subtract(x, gatherRows(this.#means(x, graphs), graphOf));
    const variances = this.#means(square(centered), graphs);
    const deviations = gatherRows(sqrt(affine(variances, 1, this.epsilon)), graphOf);
    return add(multiply(divide(centered, deviations), this.weight), this.bias);
  }

  /** `[graphs, 1]`; 0 for a graph without nodes. */
  #means(x: Tensor, { nodesOf, lengths }: PackedGraphs): Tensor {
    const shares = Float64Array.from(lengths, (length) => 1 / Math.max(1, length * this.width));
    const totals = segmentSum(sum(x, { axis: 1, keepDimension: true }), nodesOf);
    return multiply(totals, tensor(shares, [shares.length, 1], { engine: x.engine }));
  }
}
