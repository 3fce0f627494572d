import { affine, Module, type Optimizer, parameter, square, sum, type Tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it, vi } from "vitest";
import { TrainingError } from "./errors.ts";
import { type FitOptions, fit, type TrainingTask, type Validation } from "./fit.ts";
import type { Progress } from "./history.ts";

const engine = createReferenceEngine();

/** Of an optimizer that remembers nothing. */
const memory = { kind: "counting", options: {}, parameters: [], tensors: new Map(), steps: 0 };

/** A model of one number, which is the count of steps made: so weights tell which epoch they are of. */
class Counter extends Module {
  readonly steps = parameter([0], [1], { engine });

  get value(): number {
    return this.steps.item();
  }
}

/** An optimizer that counts. */
function counting({ steps }: Counter): Optimizer {
  return {
    learningRate: 0.5,
    step: () => steps.set([steps.item() + 1]),
    zeroGradients: () => {},
    memory,
  };
}

/** A task whose validation is written down, epoch by epoch. */
function scripted(model: Counter, validations: readonly Validation[] = []): TrainingTask {
  return {
    trainingLoss: () => sum(square(affine(model.steps, 1, -10))),
    validate: () => validations[model.value - 1],
  };
}

const curve = (...points: readonly (readonly [metric: number, loss: number])[]): Validation[] =>
  points.map(([metric, loss]) => ({ metric, loss }));

async function run(validations: readonly Validation[], options: Partial<FitOptions> = {}) {
  const model = new Counter();
  const result = await fit(model, scripted(model, validations), {
    optimizer: counting(model),
    epochs: Math.max(1, validations.length),
    ...options,
  });
  return { ...result, weights: model.value };
}

describe("fit", () => {
  it("makes one step an epoch, and keeps a record of each", async () => {
    const { history, weights } = await run([], { epochs: 3 });
    expect(history.map(({ epoch, loss }) => [epoch, loss])).toEqual([
      [1, 100],
      [2, 81],
      [3, 64],
    ]);
    expect(history[0]).toMatchObject({ validationLoss: undefined, validationMetric: undefined });
    expect(weights).toBe(3);
  });

  it("lowers a loss", async () => {
    const model = new Counter();
    const optimizer: Optimizer = {
      learningRate: 0.1,
      step: () => model.steps.set([model.value - optimizer.learningRate * (model.steps.grad?.item() ?? 0)]),
      zeroGradients: () => model.steps.grad?.set([0]),
      memory,
    };
    await fit(model, scripted(model), { optimizer, epochs: 100 });
    expect(model.value).toBeCloseTo(10, 6);
  });

  it("keeps the last weights where nothing is validated, whatever the patience", async () => {
    expect(await run([], { epochs: 30, patience: 1 })).toMatchObject({ bestEpoch: 30, weights: 30 });
  });

  it("records what was validated", async () => {
    const { history } = await run(curve([0.5, 2], [0.75, 1]));
    expect(history[1]).toMatchObject({ validationMetric: 0.75, validationLoss: 1 });
    expect(history[1]?.milliseconds).toBeGreaterThanOrEqual(0);
  });
});

describe("the weights that fit keeps", () => {
  it('with select "metric" are those of the best metric', async () => {
    const validations = curve([0.5, 3], [0.9, 2], [0.7, 1]);
    expect(await run(validations, { select: "metric" })).toMatchObject({ bestEpoch: 2, weights: 2 });
  });

  it('with select "metric" are of equals those with the lower loss, and then the first', async () => {
    const validations = curve([0.9, 3], [0.9, 2], [0.9, 2], [0.9, 4]);
    expect(await run(validations, { select: "metric" })).toMatchObject({ bestEpoch: 2, weights: 2 });
  });

  it('with select "loss" are those of the lowest loss', async () => {
    const validations = curve([0.9, 3], [0.5, 1], [0.7, 2]);
    expect(await run(validations, { select: "loss" })).toMatchObject({ bestEpoch: 2, weights: 2 });
  });

  it('with select "last" are those of the last epoch', async () => {
    const validations = curve([0.9, 1], [0.5, 2], [0.4, 3]);
    expect(await run(validations, { select: "last" })).toMatchObject({ bestEpoch: 3, weights: 3 });
  });

  it('with select "both", the default, are the last that were at least as good as all before in both', async () => {
    const validations = curve([0.5, 3], [0.6, 2], [0.6, 2], [0.9, 2.5], [0.5, 1]);
    expect(await run(validations)).toMatchObject({ bestEpoch: 3, weights: 3 });
    expect(await run(validations, { select: "both" })).toMatchObject({ bestEpoch: 3 });
  });
});

describe("patience", () => {
  it("ends training after so many epochs without a better metric or loss", async () => {
    const validations = curve([0.5, 3], [0.6, 2], ...new Array<[number, number]>(20).fill([0.5, 2.5]));
    const { history, weights } = await run(validations, { patience: 4 });
    expect(history).toHaveLength(6);
    expect(weights).toBe(2);
  });

  it("starts anew when either is as good as the best", async () => {
    const worse = [0.5, 2.5] as const;
    const validations = curve([0.6, 2], worse, worse, [0.6, 9], worse, worse, [0.1, 2], worse, worse, worse, worse);
    expect((await run(validations, { patience: 3 })).history).toHaveLength(10);
  });
});

describe("what fit is asked for", () => {
  it("is the learning rate before each epoch, by a schedule", async () => {
    const rates: number[] = [];
    const model = new Counter();
    const optimizer = counting(model);
    const step = () => {
      rates.push(optimizer.learningRate);
    };
    await fit(model, scripted(model), {
      optimizer: Object.assign(optimizer, { step }),
      epochs: 3,
      schedule: (epoch) => 1 / epoch,
    });
    expect(rates).toEqual([1, 1 / 2, 1 / 3]);
  });

  it("is progress after each epoch", async () => {
    const seen: Progress[] = [];
    const validations = curve([0.5, 3], [0.4, 4], [0.6, 2]);
    const { history } = await run(validations, { epochs: 3, onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ bestEpoch }) => bestEpoch)).toEqual([1, 1, 3]);
    for (const [k, { stage, epochs, bestEpoch: _, elapsedMilliseconds, ...record }] of seen.entries()) {
      expect([stage, epochs]).toEqual(["training", 3]);
      expect(record).toEqual(history[k]);
      expect(elapsedMilliseconds).toBeGreaterThanOrEqual(record.milliseconds);
    }
  });

  it("is a pause, for as long as the promise that progress returns is open", async () => {
    const model = new Counter();
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const seen: number[] = [];
    const onProgress = ({ epoch }: Progress): Promise<void> | undefined => {
      seen.push(epoch);
      return epoch === 2 ? held : undefined;
    };
    const training = fit(model, scripted(model), { optimizer: counting(model), epochs: 4, onProgress });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([seen, model.value]).toEqual([[1, 2], 2]);
    goOn();
    expect((await training).history).toHaveLength(4);
    expect([seen, model.value]).toEqual([[1, 2, 3, 4], 4]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no room to draw");
      },
    ],
    [
      "rejects with",
      async () => {
        throw new Error("no room to draw");
      },
    ],
  ])("is an end by what progress %s", async (_how, onProgress) => {
    await expect(run([], { epochs: 3, onProgress })).rejects.toThrow("no room to draw");
  });

  it("is random numbers for dropout: those of seed 0 unless others are given", async () => {
    const drawn: number[] = [];
    const model = new Counter();
    const task: TrainingTask = {
      ...scripted(model),
      trainingLoss(training): Tensor {
        drawn.push(training.random.bits());
        return sum(model.steps);
      },
    };
    for (let k = 0; k < 2; k++) await fit(model, task, { optimizer: counting(model), epochs: 2 });
    expect(drawn.slice(2)).toEqual(drawn.slice(0, 2));
    expect(drawn[1]).not.toBe(drawn[0]);
  });

  it("is an end by a signal, heard while it trains, with the weights of that moment", async () => {
    const model = new Counter();
    const reason = new Error("enough");
    const controller = new AbortController();
    const training = fit(model, scripted(model), {
      optimizer: counting(model),
      epochs: 100_000,
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(reason), 1);
    await expect(training).rejects.toBe(reason);
    expect(model.value).toBeGreaterThan(0);
  });
});

describe("validation in fit", () => {
  const model = new Counter();
  const seen: boolean[] = [];
  const task: TrainingTask = {
    ...scripted(model),
    validate() {
      const metric = sum(model.steps);
      seen.push(metric.requiresGrad);
      return { metric: metric.item(), loss: 1 };
    },
  };

  it("leaves no memory behind, and computes no gradients", async () => {
    const buffers: number[] = [];
    const onProgress = () => buffers.push(engine.memory().buffers);
    await fit(model, task, { optimizer: counting(model), epochs: 20, onProgress });
    expect(new Set(buffers.slice(1)).size).toBe(1);
    expect(new Set(seen)).toEqual(new Set([false]));
  });
});

describe("fit refuses", () => {
  it.each<[string, object]>([
    ["no epochs", { epochs: 0 }],
    ["half an epoch", { epochs: 0.5 }],
    ["epochs that are no number", { epochs: Number.NaN }],
    ["no patience", { patience: 0 }],
    ["a selection that is none", { select: "accuracy" }],
  ])("%s", async (_what, options) => {
    const onProgress = vi.fn();
    await expect(run([], { ...options, onProgress })).rejects.toMatchObject({
      name: "OptionError",
      code: "out-of-range",
    });
    expect(onProgress).not.toHaveBeenCalled();
  });

  it("an unknown option", async () => {
    const misspelt: object = { patients: 3 };
    await expect(run([], misspelt)).rejects.toMatchObject({ name: "OptionError", code: "unknown-option" });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("to go on with a loss of %s", async (loss) => {
    const model = new Counter();
    const onProgress = vi.fn();
    const task: TrainingTask = {
      ...scripted(model),
      trainingLoss: () => sum(affine(model.steps, 1, model.value < 2 ? 0 : loss)),
    };
    const training = fit(model, task, { optimizer: counting(model), epochs: 5, onProgress });
    await expect(training).rejects.toThrow(TrainingError);
    await expect(training).rejects.toThrow(
      expect.objectContaining({ code: "loss-not-finite", message: expect.stringContaining("epoch 3") }),
    );
    expect(onProgress).toHaveBeenCalledTimes(2);
  });
});
