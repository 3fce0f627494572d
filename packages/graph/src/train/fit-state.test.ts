import { adam, Linear, Module, mean, Random, square, type Tensor, type Training, tensor } from "@vicinal/core";
import { expect, it } from "vitest";
import { BatchNorm } from "../nn/batch-norm.ts";
import { fit } from "./fit.ts";

class Normalized extends Module {
  readonly linear = new Linear(2, 2, { random: new Random(1) });
  readonly norm = new BatchNorm(2);

  forward(x: Tensor, training?: Training): Tensor {
    return this.norm.forward(this.linear.forward(x), { training });
  }
}

it("gives the running statistics of the best epoch back with its weights", async () => {
  const model = new Normalized();
  const x = tensor([1, 2, 3, 5, -1, 0], [3, 2]);
  const seen: Float32Array[] = [];
  const answers = (): Float32Array => Float32Array.from(model.forward(x).dataSync());
  const result = await fit(
    model,
    {
      trainingLoss: (training) => mean(square(model.forward(x, training))),
      validate() {
        seen.push(answers());
        // The third epoch is the best.
        return { loss: Math.abs(seen.length - 3), metric: 0 };
      },
    },
    { optimizer: adam(model.parameters(), { learningRate: 0.1 }), epochs: 6, select: "loss" },
  );
  expect(result.bestEpoch).toBe(3);
  expect(answers()).toEqual(seen[2]);
  expect(answers()).not.toEqual(seen[5]);
});
