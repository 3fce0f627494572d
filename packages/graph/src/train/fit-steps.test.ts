import { Module, type Optimizer, parameter, square, sum } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it } from "vitest";
import { fit, type TrainingTask } from "./fit.ts";

const engine = createReferenceEngine();

/** Of an optimizer that remembers nothing. */
const memory = { kind: "counting", options: {}, parameters: [], tensors: new Map(), steps: 0 };

/** A model of one number: the count of steps made. */
class Counter extends Module {
  readonly steps = parameter([0], [1], { engine });
}

function counting({ steps }: Counter): Optimizer {
  return { learningRate: 1, step: () => steps.set([steps.item() + 1]), zeroGradients: () => {}, memory };
}

describe("fit with several steps an epoch", () => {
  it("makes as many steps as the task says, validates once, and records the mean of their losses", async () => {
    const model = new Counter();
    const validatedAt: number[] = [];
    const task: TrainingTask = {
      stepsPerEpoch: 3,
      trainingLoss: () => sum(square(model.steps)),
      validate: () => {
        validatedAt.push(model.steps.item());
        return { loss: 0, metric: 0 };
      },
    };
    const { history } = await fit(model, task, { optimizer: counting(model), epochs: 2 });
    expect(history.map(({ loss }) => loss)).toEqual([(0 + 1 + 4) / 3, (9 + 16 + 25) / 3]);
    expect(validatedAt).toEqual([3, 6]);
    expect(model.steps.item()).toBe(6);
  });

  it("hears an abort between steps", async () => {
    const model = new Counter();
    const controller = new AbortController();
    const task: TrainingTask = {
      stepsPerEpoch: 1000,
      trainingLoss: () => {
        if (model.steps.item() === 4) controller.abort(new Error("enough"));
        return sum(square(model.steps));
      },
      validate: () => undefined,
    };
    const training = fit(model, task, { optimizer: counting(model), epochs: 1, signal: controller.signal });
    await expect(training).rejects.toThrow("enough");
    expect(model.steps.item()).toBe(5);
  });
});
