import {
  adam,
  backward,
  cosineSchedule,
  type Module,
  type Random,
  scope,
  type Tensor,
  type Training,
  warmup,
} from "@vicinal/core";

/** How far a training has come. */
export interface EpochProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean over the batches of the epoch. */
  readonly loss: number;
}

/** How a program is run. */
export interface ProgramOptions {
  /** Everything random follows from it. */
  readonly seed: number;
  /** Passes over the examples. Default: as many as the program needs. */
  readonly epochs?: number | undefined;
  /** Whether to learn less well in less time, to see that it runs. Default false. */
  readonly quick?: boolean | undefined;
  /** Told after each epoch. */
  readonly onProgress?: ((progress: EpochProgress) => void) | undefined;
}

/** How {@link train} trains. */
export interface TrainOptions extends Pick<ProgramOptions, "onProgress"> {
  /** Count of examples. */
  readonly examples: number;
  /** Count of examples of a step. */
  readonly batchSize: number;
  /** Passes over the examples. */
  readonly epochs: number;
  /** The largest: it rises to it over the first tenth of the steps, and falls along half a cosine after. */
  readonly learningRate: number;
  /** Pull of the parameters towards zero. Default 0. */
  readonly weightDecay?: number;
  /** Puts the examples in a new order for each epoch, and is handed on to `loss`. */
  readonly random: Random;
}

/**
 * Trains with Adam.
 *
 * @param loss Of the examples of these numbers; dropout draws from `training`.
 */
export function train(
  model: Module,
  options: TrainOptions,
  loss: (batch: readonly number[], training: Training) => Tensor,
): void {
  const { examples, batchSize, epochs, learningRate, weightDecay = 0, random, onProgress } = options;
  const batches = Math.ceil(examples / batchSize);
  const rising = Math.ceil((epochs * batches) / 10);
  const falling = cosineSchedule({ learningRate, steps: epochs * batches - rising + 1 });
  const schedule = warmup(falling, { steps: rising });
  const optimizer = adam(model.parameters(), { weightDecay });
  const order = Array.from({ length: examples }, (_, example) => example);
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    random.shuffle(order);
    let total = 0;
    for (let start = 0; start < examples; start += batchSize) {
      // All that a step makes is freed when its scope ends.
      scope(() => {
        optimizer.learningRate = schedule(step++);
        optimizer.zeroGradients();
        const batchLoss = loss(order.slice(start, start + batchSize), { random });
        backward(batchLoss);
        optimizer.step();
        total += batchLoss.item();
      });
    }
    onProgress?.({ epoch, epochs, loss: total / batches });
  }
}
