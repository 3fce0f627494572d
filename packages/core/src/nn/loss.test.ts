import { describe, expect, it } from "vitest";
import { backward } from "../tensor/backward.ts";
import { parameter } from "../tensor/create.ts";
import { testedEngines } from "../testing/engines.ts";
import { binaryCrossEntropy, crossEntropy } from "./loss.ts";

for (const { engine } of testedEngines()) {
  const logits = () => parameter([1, 2, 3, 4, 5, 6], [2, 3], { engine });
  const digits = 5;

  describe(`cross-entropy on the ${engine.name} engine`, () => {
    it("is the logarithm of the count of classes where all logits are equal", () => {
      const loss = crossEntropy(parameter([2, 2, 2, 2], [1, 4], { engine }), [3]);
      expect(loss.item()).toBeCloseTo(Math.log(4), digits);
    });

    it("takes targets of any array", () => {
      const loss = crossEntropy(logits(), [2, 0]).item();
      expect(crossEntropy(logits(), Uint8Array.of(2, 0)).item()).toBe(loss);
      expect(crossEntropy(logits(), Int32Array.of(2, 0)).item()).toBe(loss);
    });

    it("leaves out unknown labels, -1 when nothing else is said", () => {
      const known = crossEntropy(parameter([1, 2, 3], [1, 3], { engine }), [2]).item();
      expect(crossEntropy(logits(), [2, -1]).item()).toBeCloseTo(known, digits);
      expect(crossEntropy(logits(), [2, 0], { ignoreIndex: 0 }).item()).toBeCloseTo(known, digits);
    });

    it("computes nothing with rows that are left out, whatever they hold", () => {
      const x = parameter([Number.NaN, 1, 1, 2, 3, 4, Number.POSITIVE_INFINITY, 0, 0], [3, 3], { engine });
      backward(crossEntropy(x, [-1, 1, -1]));
      const total = [2, 3, 4].reduce((sum, logit) => sum + Math.exp(logit), 0);
      const expected = [0, 0, 0, Math.exp(2) / total, Math.exp(3) / total - 1, Math.exp(4) / total, 0, 0, 0];
      for (const [k, g] of x.grad!.dataSync().entries()) expect(g).toBeCloseTo(expected[k]!, digits);
    });

    it("is 0, with a gradient of zeros, where nothing counts", () => {
      for (const [targets, options] of [
        [[-1, -1], {}],
        [[0, 0], { classWeights: [0, 1, 1] }],
      ] as const) {
        const x = logits();
        const loss = crossEntropy(x, targets, options);
        backward(loss);
        expect(loss.item() + 0).toBe(0);
        expect(Array.from(x.grad!.dataSync(), (g) => g + 0)).toEqual([0, 0, 0, 0, 0, 0]);
      }
    });

    it("stays finite for logits that would overflow", () => {
      const x = parameter([1e4, -1e4], [1, 2], { engine });
      const loss = crossEntropy(x, [1]);
      backward(loss);
      expect(loss.item()).toBe(2e4);
      expect(Array.from(x.grad!.dataSync())).toEqual([1, -1]);
    });

    const refused: readonly (readonly [what: string, call: () => unknown, name: string, code: string])[] = [
      ["a class that is not there", () => crossEntropy(logits(), [0, 3]), "DataError", "index-out-of-range"],
      ["a negative class", () => crossEntropy(logits(), [0, -2]), "DataError", "index-out-of-range"],
      ["a part of a class", () => crossEntropy(logits(), [0, 0.5]), "DataError", "index-out-of-range"],
      ["a label that is no number", () => crossEntropy(logits(), [0, Number.NaN]), "DataError", "index-out-of-range"],
      ["fewer targets than rows", () => crossEntropy(logits(), [0]), "ShapeError", "shapes-differ"],
      [
        "logits of one dimension",
        () => crossEntropy(parameter([1], [1], { engine }), [0]),
        "ShapeError",
        "shapes-differ",
      ],
      [
        "fewer weights than classes",
        () => crossEntropy(logits(), [0, 1], { classWeights: [1, 1] }),
        "ShapeError",
        "shapes-differ",
      ],
      [
        "a negative weight",
        () => crossEntropy(logits(), [0, 1], { classWeights: [1, -1, 1] }),
        "OptionError",
        "out-of-range",
      ],
      [
        "too much smoothing",
        () => crossEntropy(logits(), [0, 1], { labelSmoothing: 1.5 }),
        "OptionError",
        "out-of-range",
      ],
      [
        "a smoothing that is no number",
        () => crossEntropy(logits(), [0, 1], { labelSmoothing: Number.NaN }),
        "OptionError",
        "out-of-range",
      ],
    ];
    for (const [what, call, name, code] of refused) {
      it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
    }
  });

  describe(`binary cross-entropy on the ${engine.name} engine`, () => {
    const x = () => parameter([0, 0, 2], [3], { engine });

    it("is the logarithm of 2 where it knows nothing", () => {
      expect(binaryCrossEntropy(parameter([0, 0], [2], { engine }), [0, 1]).item()).toBeCloseTo(Math.log(2), digits);
    });

    it("is the weighted mean: an element of weight 0 does not count", () => {
      const two = binaryCrossEntropy(parameter([0, 2], [2], { engine }), [1, 1]).item();
      expect(binaryCrossEntropy(x(), [1, 0, 1], { weights: [1, 0, 1] }).item()).toBeCloseTo(two, digits);
    });

    it("is 0, with a gradient of zeros, where nothing counts", () => {
      const logits = x();
      const loss = binaryCrossEntropy(logits, [1, 0, 1], { weights: [0, 0, 0] });
      backward(loss);
      expect(loss.item() + 0).toBe(0);
      expect(Array.from(logits.grad!.dataSync(), (g) => g + 0)).toEqual([0, 0, 0]);
    });

    it("stays finite for logits that would overflow", () => {
      const logits = parameter([1e4, -1e4], [2], { engine });
      const loss = binaryCrossEntropy(logits, [0, 1]);
      backward(loss);
      expect(loss.item()).toBe(1e4);
      expect(Array.from(logits.grad!.dataSync())).toEqual([0.5, -0.5]);
    });

    const refused: readonly (readonly [what: string, call: () => unknown, name: string, code: string])[] = [
      ["fewer targets than logits", () => binaryCrossEntropy(x(), [1]), "ShapeError", "shapes-differ"],
      [
        "fewer weights than logits",
        () => binaryCrossEntropy(x(), [1, 0, 1], { weights: [1] }),
        "ShapeError",
        "shapes-differ",
      ],
      ["a target below 0", () => binaryCrossEntropy(x(), [1, -1, 1]), "DataError", "out-of-range"],
      ["a target that is no number", () => binaryCrossEntropy(x(), [1, Number.NaN, 1]), "DataError", "out-of-range"],
      [
        "a negative weight",
        () => binaryCrossEntropy(x(), [1, 0, 1], { weights: [1, -1, 1] }),
        "OptionError",
        "out-of-range",
      ],
      [
        "a negative positive weight",
        () => binaryCrossEntropy(x(), [1, 0, 1], { positiveWeight: -1 }),
        "OptionError",
        "out-of-range",
      ],
    ];
    for (const [what, call, name, code] of refused) {
      it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
    }
  });
}
