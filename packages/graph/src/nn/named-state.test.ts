import { Linear, Module, Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { numbers, reference } from "../testing/layer-examples.ts";
import { BatchNorm } from "./batch-norm.ts";
import { namedState } from "./named-state.ts";

class Network extends Module {
  readonly layers: readonly (Linear | BatchNorm)[];
  readonly steps = 3;
  readonly nothing = undefined;

  constructor(seed: number) {
    super();
    this.layers = [
      new Linear(3, 2, { random: new Random(seed), engine: reference }),
      new BatchNorm(2, { engine: reference }),
    ];
  }

  forward(x: Parameters<BatchNorm["forward"]>[0], context: Parameters<BatchNorm["forward"]>[1] = {}) {
    return this.layers.reduce((current, layer) => layer.forward(current, context), x);
  }
}

describe("namedState", () => {
  it("lists what is trained and what is not, by path", () => {
    const network = new Network(1);
    const state = namedState(network);
    expect([...state.keys()]).toEqual([
      "layers.0.weight",
      "layers.0.bias",
      "layers.1.weight",
      "layers.1.bias",
      "layers.1.runningMean",
      "layers.1.runningVariance",
    ]);
    for (const [name, parameter] of network.namedParameters()) expect(state.get(name)).toBe(parameter);
  });

  it("is what another module needs to answer alike", () => {
    const [trained, other] = [new Network(1), new Network(2)];
    const x = numbers([4, 3], 1);
    trained.forward(x, { training: { random: new Random(0) } });
    const from = namedState(trained);
    for (const [name, each] of namedState(other)) each.set(from.get(name)!.dataSync());
    expect(other.forward(x).dataSync()).toEqual(trained.forward(x).dataSync());
  });
});
