import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { largestError } from "../conformance/largest-error.ts";
import { Random } from "../random.ts";
import { backward } from "../tensor/backward.ts";
import { parameter, tensor } from "../tensor/create.ts";
import { square, subtract } from "../tensor/elementwise.ts";
import { scope } from "../tensor/scope.ts";
import { sum } from "../tensor/sum.ts";
import { testedEngines } from "../testing/engines.ts";
import { type SgdOptions, sgd } from "./sgd.ts";

/** The formula of PyTorch's documentation, for one parameter and its gradients, one for each step. */
function stepped(first: Matrix, gradients: readonly Matrix[], options: Required<SgdOptions>): Matrix {
  const { learningRate, momentum, nesterov, weightDecay } = options;
  let [p, v] = [first, Matrix.zeros(first.rows, first.columns)];
  for (const gradient of gradients) {
    const d = Matrix.add(gradient, Matrix.mul(p, weightDecay));
    v = Matrix.add(Matrix.mul(v, momentum), d);
    const direction = nesterov ? Matrix.add(d, Matrix.mul(v, momentum)) : v;
    p = Matrix.sub(p, Matrix.mul(direction, learningRate));
  }
  return p;
}

for (const { engine, tolerance } of testedEngines()) {
  describe(`stochastic gradient descent on the ${engine.name} engine`, () => {
    for (const momentum of [0, 0.5]) {
      for (const weightDecay of [0, 0.25]) {
        for (const nesterov of momentum === 0 ? [false] : [false, true]) {
          it(`steps by the formula with momentum ${momentum}, weight decay ${weightDecay}, ${nesterov ? "" : "not "}looking ahead`, () => {
            const random = new Random(1);
            const draw = (): Matrix =>
              Matrix.rowVector(Array.from(Float32Array.from({ length: 5 }, () => random.normal())));
            const [first, gradients] = [draw(), [draw(), draw(), draw()]];
            const options = { learningRate: 0.125, momentum, weightDecay, nesterov };
            const p = parameter(first.to1DArray(), [5], { engine });
            const optimizer = sgd([p], options);
            for (const gradient of gradients) {
              p.grad = tensor(gradient.to1DArray(), [5], { engine });
              optimizer.step();
            }
            const expected = stepped(first, gradients, options).to1DArray();
            expect(largestError(p.dataSync(), expected)).toBeLessThan(tolerance);
          });
        }
      }
    }

    it("finds the minimum of a parabola", () => {
      const p = parameter([4, -3], [2], { engine });
      const goal = tensor([1, 2], [2], { engine });
      const optimizer = sgd([p], { learningRate: 0.05, momentum: 0.5 });
      for (let k = 0; k < 200; k++) {
        scope(() => {
          optimizer.zeroGradients();
          backward(sum(square(subtract(p, goal))));
          optimizer.step();
        });
      }
      expect(largestError(p.dataSync(), [1, 2])).toBeLessThan(1e-5);
    });

    it("steps by a thousandth of the gradient when nothing else is said, and by another rate once it is set", () => {
      const p = parameter([1], [1], { engine });
      p.grad = tensor([1], [1], { engine });
      const optimizer = sgd([p]);
      optimizer.step();
      expect(p.item()).toBeCloseTo(0.999, 6);
      optimizer.learningRate = 0.5;
      optimizer.step();
      expect(p.item()).toBeCloseTo(0.499, 6);
    });

    it("leaves parameters without a gradient where they are, momentum and weight decay or not", () => {
      const p = parameter([1], [1], { engine });
      sgd([p], { learningRate: 1, momentum: 0.9, weightDecay: 0.5 }).step();
      expect(p.item()).toBe(1);
    });

    const impossible: readonly SgdOptions[] = [
      { learningRate: -1 },
      { learningRate: Number.NaN },
      { momentum: -0.1 },
      { weightDecay: -0.1 },
      { nesterov: true },
    ];
    for (const options of impossible) {
      it(`refuses ${JSON.stringify(options)}`, () => {
        expect(() => sgd([], options)).toThrow(expect.objectContaining({ name: "OptionError", code: "out-of-range" }));
      });
    }

    it("refuses options that it does not know", () => {
      const misspelt = Object.assign({ learningRate: 1 }, { lr: 0.1 });
      expect(() => sgd([], misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
    });
  });
}
