import { describe, expect, it } from "vitest";
import { backward } from "../tensor/backward.ts";
import { parameter, tensor } from "../tensor/create.ts";
import { square, subtract } from "../tensor/elementwise.ts";
import { scope } from "../tensor/scope.ts";
import { sum } from "../tensor/sum.ts";
import { testedEngines } from "../testing/engines.ts";
import { type AdamOptions, adam, adamW } from "./adam.ts";

for (const { engine } of testedEngines()) {
  describe(`Adam on the ${engine.name} engine`, () => {
    it("takes a first step of the learning rate against the sign of the gradient", () => {
      const p = parameter([1, 1, 1], [3], { engine });
      p.grad = tensor([100, -0.01, 0], [3], { engine });
      adam([p], { learningRate: 0.125 }).step();
      const [down, up, still] = p.dataSync();
      expect([down, up, still].map((value) => Math.round(value! * 1e4) / 1e4)).toEqual([0.875, 1.125, 1]);
    });

    it("finds the minimum of a parabola", () => {
      const p = parameter([4, -3], [2], { engine });
      const goal = tensor([1, 2], [2], { engine });
      const optimizer = adam([p], { learningRate: 0.1 });
      for (let k = 0; k < 300; k++) {
        scope(() => {
          optimizer.zeroGradients();
          backward(sum(square(subtract(p, goal))));
          optimizer.step();
        });
      }
      expect(p.dataSync()[0]).toBeCloseTo(1, 2);
      expect(p.dataSync()[1]).toBeCloseTo(2, 2);
    });

    it("leaves parameters without a gradient where they are, weight decay or not", () => {
      const [p, q] = [parameter([1], [1], { engine }), parameter([1], [1], { engine })];
      p.grad = tensor([1], [1], { engine });
      adamW([p, q], { weightDecay: 0.5 }).step();
      expect(p.item()).not.toBe(1);
      expect(q.item()).toBe(1);
    });

    it("decays by a hundredth of the rate where adamW is given no other decay, or undefined", () => {
      const given: object = { weightDecay: undefined };
      for (const options of [{}, given]) {
        const p = parameter([1], [1], { engine });
        p.grad = tensor([0], [1], { engine });
        adamW([p], { learningRate: 0.5, ...options }).step();
        expect(p.item()).toBeCloseTo(0.995, 6);
      }
    });

    it("sets gradients to zero, and does without where there are none", () => {
      const [p, q] = [parameter([1], [1], { engine }), parameter([1], [1], { engine })];
      const optimizer = adam([p, q]);
      backward(sum(p));
      expect(p.grad?.item()).toBe(1);
      optimizer.zeroGradients();
      expect([p.grad?.item(), q.grad]).toEqual([0, undefined]);
    });

    it("takes another learning rate between steps", () => {
      const p = parameter([1], [1], { engine });
      p.grad = tensor([1], [1], { engine });
      const optimizer = adam([p], { learningRate: 0.5 });
      optimizer.learningRate = 0;
      optimizer.step();
      expect(p.item()).toBe(1);
    });

    it("shrinks weights by 0.01 of the learning rate with AdamW, and not with Adam, when nothing else is said", () => {
      const decayed = [adam, adamW].map((make) => {
        const p = parameter([1], [1], { engine });
        p.grad = tensor([0], [1], { engine });
        make([p], { learningRate: 0.5 }).step();
        return p.item();
      });
      expect(decayed[0]).toBe(1);
      expect(decayed[1]).toBeCloseTo(1 - 0.5 * 0.01, 6);
    });

    const impossible: readonly AdamOptions[] = [
      { learningRate: -1 },
      { learningRate: Number.NaN },
      { learningRate: Number.POSITIVE_INFINITY },
      { beta1: 1 },
      { beta1: -0.1 },
      { beta2: 1 },
      { epsilon: -1e-8 },
      { weightDecay: -0.1 },
    ];
    for (const options of impossible) {
      const [[name, value] = []] = Object.entries(options);
      it(`refuses ${name} ${value}`, () => {
        const refusal = {
          name: "OptionError",
          code: "out-of-range",
          message: expect.stringContaining(`${name} ${value}`),
        };
        expect(() => adam([], options)).toThrow(expect.objectContaining(refusal));
        expect(() => adamW([], options)).toThrow(expect.objectContaining(refusal));
      });
    }

    it("refuses options that it does not know", () => {
      const misspelt = Object.assign({ learningRate: 1 }, { lr: 0.1 });
      const refusal = expect.objectContaining({ name: "OptionError", code: "unknown-option" });
      expect(() => adam([], misspelt)).toThrow(refusal);
      expect(() => adamW([], misspelt)).toThrow(refusal);
    });
  });
}
