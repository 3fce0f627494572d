import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { Random } from "../random.ts";
import { tensor } from "../tensor/create.ts";
import { reshape } from "../tensor/reshape.ts";
import { testedEngines } from "../testing/engines.ts";
import { differenceFrom, feedForwardFormula, randomMatrix, scramble } from "../testing/transformer-formula.ts";
import { FeedForward } from "./feed-forward.ts";

const reference = createReferenceEngine();
const activations = ["relu", "gelu", "swiglu"] as const;

for (const { engine, tolerance } of testedEngines()) {
  describe(`a feed-forward on the ${engine.name} engine`, () => {
    for (const activation of activations) {
      for (const bias of [true, false]) {
        it(`is its formula with ${activation}${bias ? "" : ", without biases"}`, () => {
          const layer = new FeedForward(3, { hidden: 5, activation, bias, random: new Random(1), engine });
          scramble(layer);
          const x = randomMatrix(4, 3, 2).mul(2);
          const output = layer.forward(tensor(x, { engine }));
          expect(differenceFrom(output, feedForwardFormula(x, layer))).toBeLessThan(10 * tolerance);
        });
      }
    }

    it("takes any leading dimensions", () => {
      const layer = new FeedForward(3, { activation: "swiglu", random: new Random(1), engine });
      const x = tensor(randomMatrix(4, 3, 2), { engine });
      const output = layer.forward(reshape(x, [2, 2, 3]));
      expect(output.shape).toEqual([2, 2, 3]);
      expect(differenceFrom(reshape(output, [4, 3]), layer.forward(x).toMatrix())).toBeLessThan(tolerance);
    });
  });
}

describe("a feed-forward", () => {
  it("is four times as wide inside when nothing else is said", () => {
    const layer = new FeedForward(3, { random: new Random(1), engine: reference });
    expect([layer.hidden, layer.activation]).toEqual([12, "relu"]);
    expect([...layer.namedParameters().keys()]).toEqual([
      "expand.weight",
      "expand.bias",
      "contract.weight",
      "contract.bias",
    ]);
  });

  for (const activation of activations) {
    it(`has the gradients of finite differences with ${activation}`, () => {
      const layer = new FeedForward(3, { hidden: 4, activation, random: new Random(1), engine: reference });
      scramble(layer);
      const x = tensor(randomMatrix(2, 3, 2), { engine: reference, requiresGrad: true });
      const leaves = { x, ...Object.fromEntries(layer.namedParameters()) };
      for (const [leaf, { relativeError }] of Object.entries(
        checkGradients(() => unevenSum(layer.forward(x)), leaves, 1e-4),
      )) {
        expect(relativeError, leaf).toBeLessThan(1e-6);
      }
    });
  }

  it("drops hidden numbers while training, by a mask that follows from the seed", () => {
    const layer = new FeedForward(3, { dropout: 0.5, random: new Random(1), engine: reference });
    const x = tensor(randomMatrix(2, 3, 2), { engine: reference });
    const trained = (seed: number) => layer.forward(x, { training: { random: new Random(seed) } }).dataSync();
    expect(trained(1)).toEqual(trained(1));
    expect(trained(1)).not.toEqual(trained(2));
    expect(differenceFrom(layer.forward(x), feedForwardFormula(x.toMatrix(), layer))).toBeLessThan(1e-12);
  });

  const refused: readonly (readonly [string, number, object, string])[] = [
    ["an option that nobody reads", 3, { width: 4 }, "unknown-option"],
    ["an activation that is not there", 3, { activation: "tanh" }, "out-of-range"],
    ["a width that is no whole number", 2.5, {}, "out-of-range"],
    ["a hidden width of 0", 3, { hidden: 0 }, "out-of-range"],
    ["a negative probability", 3, { dropout: -0.1 }, "out-of-range"],
  ];
  for (const [what, width, options, code] of refused) {
    it(`refuses ${what}`, () =>
      expect(() => new FeedForward(width, { random: new Random(1), engine: reference, ...options })).toThrow(
        expect.objectContaining({ name: "OptionError", code }),
      ));
  }

  it("refuses elements of another width", () => {
    const layer = new FeedForward(3, { random: new Random(1), engine: reference });
    const x = tensor(randomMatrix(2, 4, 2), { engine: reference });
    expect(() => layer.forward(x)).toThrow(expect.objectContaining({ name: "ShapeError", code: "shapes-differ" }));
  });
});
