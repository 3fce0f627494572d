import { describe, expect, it } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { Random } from "../random.ts";
import { parameter, tensor } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { adam, adamW } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";
import { loadOptimizerState, type OptimizerState, optimizerState } from "./optimizer-state.ts";
import { sgd } from "./sgd.ts";

const makers: Readonly<Record<string, (parameters: readonly Tensor[]) => Optimizer>> = {
  adam: (parameters) => adam(parameters, { learningRate: 0.1, weightDecay: 0.01 }),
  adamW: (parameters) => adamW(parameters, { learningRate: 0.1 }),
  sgd: (parameters) => sgd(parameters, { learningRate: 0.1 }),
  "sgd with momentum": (parameters) => sgd(parameters, { learningRate: 0.1, momentum: 0.9, nesterov: true }),
};

/** Two parameters and an optimizer, and steps whose gradients follow from their numbers. */
class Run {
  readonly parameters: readonly Tensor[];
  readonly optimizer: Optimizer;

  constructor(make: (parameters: readonly Tensor[]) => Optimizer, engine: Engine) {
    this.parameters = [parameter([1, -2, 3], [3], { engine }), parameter([0.5], [1, 1], { engine })];
    this.optimizer = make(this.parameters);
  }

  /** The second parameter gets its first gradient in step 1, and none but zeros after step 3. */
  step(number: number): void {
    this.optimizer.zeroGradients();
    const random = new Random(number);
    for (const [k, each] of this.parameters.entries()) {
      if (k === 1 && (number < 1 || number > 3)) continue;
      const values = Array.from({ length: each.size }, () => random.normal());
      each.grad ??= tensor(values, each.shape, { engine: each.engine });
      each.grad.set(values);
    }
    this.optimizer.step();
  }

  get numbers(): (Float32Array | Float64Array)[] {
    return this.parameters.map((each) => each.dataSync());
  }
}

/** As it comes from a file: settings through JSON. */
const stored = ({ settings, tensors }: OptimizerState): OptimizerState => ({
  settings: JSON.parse(JSON.stringify(settings)),
  tensors: new Map(tensors),
});

for (const { engine } of testedEngines()) {
  describe.each(Object.entries(makers))(`the state of %s on the ${engine.name} engine`, (_name, make) => {
    it.each([0, 1, 2, 5])("goes on after step %i as if there had been no stop", async (stop) => {
      const whole = new Run(make, engine);
      for (let k = 0; k < stop; k++) whole.step(k);
      const state = stored(await optimizerState(whole.optimizer));
      const second = new Run(make, engine);
      for (const [k, each] of second.parameters.entries()) each.set(whole.numbers[k]!);
      second.optimizer.learningRate = 7;
      loadOptimizerState(second.optimizer, state);
      for (let k = stop; k < 8; k++) {
        whole.step(k);
        second.step(k);
        expect(second.numbers).toEqual(whole.numbers);
      }
      expect(second.optimizer.learningRate).toBe(0.1);
    });

    it("is a copy that later steps leave alone", async () => {
      const run = new Run(make, engine);
      run.step(1);
      const state = await optimizerState(run.optimizer);
      const before = [...state.tensors].map(([name, { values }]) => [name, [...values]]);
      run.step(2);
      expect([...state.tensors].map(([name, { values }]) => [name, [...values]])).toEqual(before);
    });

    it("replaces the state that another optimizer had", async () => {
      const fresh = await optimizerState(new Run(make, engine).optimizer);
      const used = new Run(make, engine);
      used.step(1);
      loadOptimizerState(used.optimizer, fresh);
      expect(await optimizerState(used.optimizer)).toEqual(fresh);
      expect(used.parameters.map(({ grad }) => grad)).toEqual([undefined, undefined]);
    });
  });
}

describe("restoring an optimizer", () => {
  const { engine } = testedEngines()[0]!;
  const parameters = () => new Run(makers["adam"]!, engine).parameters;

  it.each<[string, (state: OptimizerState) => OptimizerState]>([
    ["another kind", ({ settings, tensors }) => ({ settings: { ...settings, kind: "sgd" }, tensors })],
    ["another option", ({ settings, tensors }) => ({ settings: { ...settings, beta1: 0.8 }, tensors })],
    ["no settings", ({ tensors }) => ({ settings: {}, tensors })],
    ["a negative learning rate", ({ settings, tensors }) => ({ settings: { ...settings, learningRate: -1 }, tensors })],
    ["a learning rate of text", ({ settings, tensors }) => ({ settings: { ...settings, learningRate: "1" }, tensors })],
    ["half a step", ({ settings, tensors }) => ({ settings: { ...settings, steps: 0.5 }, tensors })],
    ["no tensors", ({ settings }) => ({ settings, tensors: new Map() })],
    [
      "a moment of another shape",
      ({ settings, tensors }) => {
        const wrong = { dtype: "F64", shape: [2], values: new Float64Array(2) } as const;
        return { settings, tensors: new Map([...tensors, ["1.firstMoment", wrong]]) };
      },
    ],
    [
      "marks for more parameters",
      ({ settings, tensors }) => {
        const wrong = { dtype: "U8", shape: [3], values: new Uint8Array(3) } as const;
        return { settings, tensors: new Map([...tensors, ["hasGradient", wrong]]) };
      },
    ],
  ])("refuses %s, and changes nothing", async (_what, spoil) => {
    const used = new Run(makers["adam"]!, engine);
    used.step(1);
    const before = await optimizerState(used.optimizer);
    const refusal = expect.objectContaining({ name: "FileError", code: "state-differs" });
    expect(() => loadOptimizerState(used.optimizer, spoil(before))).toThrow(refusal);
    expect(await optimizerState(used.optimizer)).toEqual(before);
  });

  it("refuses the state of Adam for AdamW, and of momentum for none", async () => {
    const refusal = expect.objectContaining({ name: "FileError", code: "state-differs" });
    const ofAdam = await optimizerState(adam(parameters()));
    expect(() => loadOptimizerState(adamW(parameters(), { weightDecay: 0 }), ofAdam)).toThrow(refusal);
    const ofMomentum = await optimizerState(sgd(parameters(), { momentum: 0.5 }));
    expect(() => loadOptimizerState(sgd(parameters()), ofMomentum)).toThrow(refusal);
  });
});
