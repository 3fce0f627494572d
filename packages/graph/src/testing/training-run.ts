import {
  adamW,
  crossEntropy,
  Dropout,
  type Engine,
  gatherRows,
  Linear,
  Module,
  type Optimizer,
  optimizerState,
  Random,
  relu,
  type Tensor,
  type Training,
  tensor,
} from "@vicinal/core";
import { BatchNorm } from "../nn/batch-norm.ts";
import { type FitOptions, type FitResult, fit, type TrainingTask, type Validation } from "../train/fit.ts";

const [points, width, classes] = [24, 4, 3];

/** A small network with all that a checkpoint has to keep: dropout, running statistics, a layer under two names. */
class Classifier extends Module {
  readonly input: Linear;
  readonly norm: BatchNorm;
  readonly middle: readonly Linear[];
  readonly dropout = new Dropout(0.4);
  readonly output: Linear;

  constructor(random: Random, engine: Engine) {
    super();
    const options = { random, engine };
    const shared = new Linear(6, 6, options);
    this.input = new Linear(width, 6, options);
    this.norm = new BatchNorm(6, { engine });
    this.middle = [shared, shared];
    this.output = new Linear(6, classes, options);
  }

  forward(x: Tensor, training?: Training): Tensor {
    let hidden = this.norm.forward(this.input.forward(x), { training });
    for (const layer of this.middle) hidden = this.dropout.forward(relu(layer.forward(hidden)), { training });
    return this.output.forward(hidden);
  }
}

/** Batches in an order of their own in each epoch; half of the points are held out, and a third of the labels are chance: training soon overfits. */
class Batches implements TrainingTask {
  readonly stepsPerEpoch = 3;
  readonly generators: readonly [Random];
  readonly #model: Classifier;
  readonly #x: Tensor;
  readonly #labels: Int32Array;
  readonly #order = Uint32Array.from({ length: points / 2 }, (_, k) => k);
  #next = 0;

  constructor(model: Classifier, engine: Engine, order: Random) {
    const random = new Random(7);
    this.#model = model;
    const features = Array.from({ length: points * width }, () => random.normal());
    this.#x = tensor(features, [points, width], { engine });
    this.#labels = Int32Array.from({ length: points }, (_, k) => {
      const own = features.slice(k * width, k * width + classes);
      return random.uniform() < 0.33 ? random.integer(classes) : own.indexOf(Math.max(...own));
    });
    this.generators = [order];
  }

  trainingLoss(training: Training): Tensor {
    if (this.#next === 0) this.generators[0].shuffle(this.#order.sort());
    const size = this.#order.length / this.stepsPerEpoch;
    const members = this.#order.slice(this.#next * size, (this.#next + 1) * size);
    this.#next = (this.#next + 1) % this.stepsPerEpoch;
    return this.#loss(this.#model.forward(gatherRows(this.#x, members), training), members);
  }

  validate(): Validation {
    const held = Uint32Array.from({ length: points / 2 }, (_, k) => points / 2 + k);
    const logits = this.#model.forward(gatherRows(this.#x, held));
    const values = logits.dataSync();
    const best = Array.from(held, (_, row) => {
      const scores = [...values.subarray(row * classes, (row + 1) * classes)];
      return scores.indexOf(Math.max(...scores));
    });
    const right = best.filter((answer, row) => answer === this.#labels[held[row]!]).length;
    const loss = this.#loss(logits, held).item();
    // Equals are told apart by the loss, so that patience comes to its end.
    return { loss, metric: right / held.length - 0.01 * loss };
  }

  #loss(logits: Tensor, members: Uint32Array): Tensor {
    return crossEntropy(
      logits,
      Int32Array.from(members, (k) => this.#labels[k]!),
    );
  }
}

/** Everything that a program makes before it calls `fit`. */
export class TrainingRun {
  readonly model: Classifier;
  readonly task: Batches;
  readonly optimizer: Optimizer;
  readonly random: Random;

  /** @param seed A run that is resumed may begin with any. */
  constructor(engine: Engine, seed = 1, make: (parameters: readonly Tensor[]) => Optimizer = learner) {
    this.model = new Classifier(new Random(seed), engine);
    this.task = new Batches(this.model, engine, new Random(seed + 1));
    this.random = new Random(seed + 2);
    this.optimizer = make(this.model.parameters());
  }

  fit(options: Omit<FitOptions, "optimizer" | "random">): Promise<FitResult> {
    return fit(this.model, this.task, { optimizer: this.optimizer, random: this.random, ...options });
  }

  /** Every number of the model, bit for bit. */
  get weights(): (readonly [string, Float32Array | Float64Array])[] {
    return [...this.model.namedState()].map(([name, each]) => [name, each.dataSync()]);
  }

  /** All that a further epoch would depend on. */
  async everything(): Promise<unknown> {
    const { settings, tensors } = await optimizerState(this.optimizer);
    const generators = [this.random, ...this.task.generators].map(({ state }) => state);
    return { settings, moments: [...tensors], generators, weights: this.weights };
  }
}

function learner(parameters: readonly Tensor[]): Optimizer {
  return adamW(parameters, { learningRate: 0.03 });
}
