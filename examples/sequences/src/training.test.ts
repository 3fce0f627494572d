import { crossEntropy, Linear, Random, tensor } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { type EpochProgress, train } from "./training.ts";

const options = { examples: 10, batchSize: 4, epochs: 5, learningRate: 0.1 };

function trained(seed: number): {
  readonly weights: number[];
  readonly seen: number[][];
  readonly told: EpochProgress[];
} {
  const random = new Random(seed);
  const model = new Linear(1, 2, { random });
  const [seen, told]: [number[][], EpochProgress[]] = [[], []];
  train(model, { ...options, random, onProgress: (progress) => told.push(progress) }, (batch, training) => {
    expect(training.random).toBe(random);
    seen.push([...batch]);
    const logits = model.forward(tensor(batch, [batch.length, 1]));
    return crossEntropy(
      logits,
      batch.map((example) => (example < 5 ? 0 : 1)),
    );
  });
  return { weights: Array.from(model.weight.dataSync()), seen, told };
}

describe("training", () => {
  it("reads every example once an epoch, each time in another order", () => {
    const { seen } = trained(0);
    expect(seen.map(({ length }) => length)).toEqual(Array.from({ length: 5 }, () => [4, 4, 2]).flat());
    const epochs = Array.from({ length: 5 }, (_, epoch) => seen.slice(3 * epoch, 3 * epoch + 3).flat());
    for (const epoch of epochs) expect([...epoch].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(epochs.map(String)).size).toBe(5);
  });

  it("tells the mean loss after each epoch, and makes it smaller", () => {
    const { told } = trained(1);
    expect(told.map(({ epoch, epochs }) => [epoch, epochs])).toEqual([1, 2, 3, 4, 5].map((epoch) => [epoch, 5]));
    expect(told[4]!.loss).toBeLessThan(told[0]!.loss);
  });

  it("gives the same parameters for the same seed", () => {
    expect(trained(2).weights).toEqual(trained(2).weights);
    expect(trained(2).weights).not.toEqual(trained(3).weights);
  });
});
