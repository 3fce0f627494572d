import { expectWidth } from "../expect-shape.ts";
import { parameter } from "../tensor/create.ts";
import { add, affine, divide, multiply, sqrt, square, subtract } from "../tensor/elementwise.ts";
import { mean } from "../tensor/reduce.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ParameterOptions } from "./linear.ts";
import { Module } from "./module.ts";

/** Options of {@link LayerNorm}. */
export interface LayerNormOptions extends Pick<ParameterOptions, "engine"> {
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
}

/**
 * Layer normalization over the last dimension (Ba, Kiros and Hinton, 2016):
 * `(x - mean) / sqrt(variance + epsilon) * weight + bias`, with the biased variance.
 */
export class LayerNorm extends Module {
  /** Length of the last dimension. */
  readonly width: number;
  /** Added to the variance. */
  readonly epsilon: number;
  /** `[width]`, ones at first. */
  readonly weight: Tensor;
  /** `[width]`, zeros at first. */
  readonly bias: Tensor;

  constructor(width: number, { engine, epsilon = 1e-5 }: LayerNormOptions = {}) {
    super();
    this.width = width;
    this.epsilon = epsilon;
    this.weight = parameter(new Float32Array(width).fill(1), [width], { engine });
    this.bias = parameter(new Float32Array(width), [width], { engine });
  }

  /**
   * `[..., width]` to `[..., width]`.
   *
   * @throws ShapeError `shapes-differ` when the last dimension of `x` is not `width`.
   */
  forward(x: Tensor): Tensor {
    expectWidth("LayerNorm", x, this.width);
    const last = { axis: -1, keepDimension: true };
    const centered = subtract(x, mean(x, last));
    const deviation = sqrt(affine(mean(square(centered), last), 1, this.epsilon));
    return add(multiply(divide(centered, deviation), this.weight), this.bias);
  }
}
