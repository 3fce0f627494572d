import {
  add,
  affine,
  checkCounts,
  checkOptionNames,
  divide,
  type Engine,
  keep,
  Module,
  mean,
  multiply,
  OptionError,
  parameter,
  ShapeError,
  sqrt,
  square,
  subtract,
  type Tensor,
  type Training,
  tensor,
} from "@vicinal/core";

/** Options of {@link BatchNorm}. */
export interface BatchNormOptions {
  /** Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
  /** How much a training step counts in the running statistics, from 0 to 1. Default 0.1. */
  readonly momentum?: number;
}

/**
 * Batch normalization (Ioffe and Szegedy, ICML 2015) of `[nodes, width]`, as `torch.nn.BatchNorm1d`:
 * `(x - mean) / sqrt(variance + epsilon) * weight + bias` for each column.
 *
 * While training, mean and biased variance are those of the nodes at hand, and the running ones move towards them:
 * `running = (1 - momentum) running + momentum now`, where `now` is the mean, or the variance with Bessel's correction. Otherwise the running
 * ones are taken, so that a node's answer does not depend on the others.
 *
 * The running statistics are tensors without a gradient: no optimizer moves them, and `namedState` lists them with the parameters.
 */
export class BatchNorm extends Module {
  /** Count of columns. */
  readonly width: number;
  /** Added to the variance. */
  readonly epsilon: number;
  /** How much a training step counts in the running statistics. */
  readonly momentum: number;
  /** `[width]`, ones at first. */
  readonly weight: Tensor;
  /** `[width]`, zeros at first. */
  readonly bias: Tensor;
  /** `[width]`, zeros at first; not learned. */
  readonly runningMean: Tensor;
  /** `[width]`, ones at first; not learned. */
  readonly runningVariance: Tensor;

  /** @throws OptionError `unknown-option`, or `out-of-range`. */
  constructor(width: number, options: BatchNormOptions = {}) {
    super();
    checkOptionNames("BatchNorm", options, ["engine", "epsilon", "momentum"]);
    const { engine, epsilon = 1e-5, momentum = 0.1 } = options;
    checkCounts("BatchNorm", { width });
    if (!(epsilon > 0 && Number.isFinite(epsilon))) {
      throw new OptionError("out-of-range", `BatchNorm: got epsilon ${epsilon}; expected a positive number.`);
    }
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new OptionError("out-of-range", `BatchNorm: got momentum ${momentum}; expected 0 <= momentum <= 1.`);
    }
    this.width = width;
    this.epsilon = epsilon;
    this.momentum = momentum;
    const [zeros, ones] = [new Float32Array(width), new Float32Array(width).fill(1)];
    this.weight = parameter(ones, [width], { engine });
    this.bias = parameter(zeros, [width], { engine });
    this.runningMean = keep(tensor(zeros, [width], { engine }));
    this.runningVariance = keep(tensor(ones, [width], { engine }));
  }

  /**
   * `[nodes, width]` to `[nodes, width]`.
   *
   * @throws ShapeError `shapes-differ`; `too-few-rows` for fewer than two nodes while training, whose variance is not known.
   */
  forward(x: Tensor, { training }: { readonly training?: Training | undefined } = {}): Tensor {
    const [nodes = 0] = x.shape;
    if (x.shape.length !== 2 || x.shape[1] !== this.width) {
      throw new ShapeError(
        "shapes-differ",
        `BatchNorm: got an input of shape [${x.shape.join(", ")}]; expected [nodes, ${this.width}].`,
      );
    }
    if (training === undefined) return this.#scale(subtract(x, this.runningMean), this.runningVariance);
    if (nodes < 2) {
      throw new ShapeError(
        "too-few-rows",
        `BatchNorm: got ${nodes} nodes while training; expected two or more, because the variance is taken over them. Train on larger batches, or ` +
          "normalize by layer.",
      );
    }
    const ofNodes = { axis: 0, keepDimension: true };
    const average = mean(x, ofNodes);
    const centered = subtract(x, average);
    const variance = mean(square(centered), ofNodes);
    this.#follow(this.runningMean, average, 1);
    this.#follow(this.runningVariance, variance, nodes / (nodes - 1));
    return this.#scale(centered, variance);
  }

  #scale(centered: Tensor, variance: Tensor): Tensor {
    const deviation = sqrt(affine(variance, 1, this.epsilon));
    return add(multiply(divide(centered, deviation), this.weight), this.bias);
  }

  /** In place, beside what is recorded: nothing is differentiated through running statistics. */
  #follow(running: Tensor, now: Tensor, correction: number): void {
    const { engine, buffer } = running;
    engine.run("affine", { x: buffer, out: buffer, scale: 1 - this.momentum, shift: 0 });
    engine.run("accumulate", { x: now.buffer, out: buffer, scale: this.momentum * correction });
  }
}
