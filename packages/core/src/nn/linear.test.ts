import { describe, expect, it } from "vitest";
import { largestError } from "../conformance/largest-error.ts";
import { drawRandom, floats, seededDraw } from "../engine/conformance/draw.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { Random } from "../random.ts";
import { tensor } from "../tensor/create.ts";
import { leakyRelu, relu } from "../tensor/elementwise.ts";
import { csrFromLists } from "../tensor/matrix.ts";
import { SparseTensor } from "../tensor/sparse.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { Dropout } from "./dropout-layer.ts";
import { Linear } from "./linear.ts";
import type { Training } from "./module.ts";

const [inputs, outputs] = [40, 60];

/** Expects numbers spread evenly over ± bound. */
function expectUniform(x: Tensor, bound: number): void {
  const values = Array.from(x.dataSync());
  const largest = Math.max(...values.map(Math.abs));
  expect(largest).toBeLessThanOrEqual(bound);
  expect(largest).toBeGreaterThan(0.9 * bound);
  const deviation = bound / Math.sqrt(3);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(values.length));
  const variance = values.reduce((a, b) => a + b * b, 0) / values.length;
  // The variance of the square of a uniform number is 4/45 of the bound's fourth power.
  expect(Math.abs(variance - deviation ** 2)).toBeLessThan(4 * bound ** 2 * Math.sqrt(4 / 45 / values.length));
}

describe("the first values of a linear layer", () => {
  const engine = createReferenceEngine();

  it("are, as PyTorch draws them, uniform in ± 1 / sqrt(inputs), weight and bias", () => {
    const { weight, bias } = new Linear(inputs, outputs, { random: new Random(3), engine });
    expect([weight.shape, bias?.shape]).toEqual([[outputs, inputs], [outputs]]);
    expectUniform(weight, 1 / Math.sqrt(inputs));
    expectUniform(bias!, 1 / Math.sqrt(inputs));
  });

  it("are, as Glorot and Bengio draw them, uniform in ± sqrt(6 / (inputs + outputs)), with a bias of zeros", () => {
    const { weight, bias } = new Linear(inputs, outputs, { random: new Random(3), engine, initialize: "glorot" });
    expectUniform(weight, Math.sqrt(6 / (inputs + outputs)));
    expect(Array.from(bias!.dataSync())).toEqual(new Array(outputs).fill(0));
  });

  it("follow from the seed", () => {
    const values = (seed: number) => new Linear(3, 2, { random: new Random(seed), engine }).weight.dataSync();
    expect(values(1)).toEqual(values(1));
    expect(values(1)).not.toEqual(values(2));
  });
});

for (const { engine, tolerance } of testedEngines()) {
  describe(`a linear layer on the ${engine.name} engine`, () => {
    const layer = new Linear(3, 2, { random: new Random(1), engine });
    const [weight, bias] = [layer.weight.dataSync(), layer.bias!.dataSync()];

    for (const lead of [[], [4], [2, 3], [0]]) {
      it(`gives x W^T + b for an input of shape [${[...lead, 3].join(", ")}]`, () => {
        const rows = lead.reduce((a, b) => a * b, 1);
        const values = floats(drawRandom(seededDraw(1)), rows * 3);
        const expected = Array.from({ length: rows * 2 }, (_, k) => {
          const [row, output] = [Math.floor(k / 2), k % 2];
          return [0, 1, 2].reduce((total, c) => total + values[row * 3 + c]! * weight[output * 3 + c]!, bias[output]!);
        });
        const result = layer.forward(tensor(values, [...lead, 3], { engine }));
        expect(result.shape).toEqual([...lead, 2]);
        expect(largestError(result.dataSync(), expected)).toBeLessThan(tolerance);
      });
    }

    it("gives the same for sparse features", () => {
      const sparse = SparseTensor.from(csrFromLists([[0, 2], [], [1]], 3), { engine });
      const dense = tensor([1, 0, 1, 0, 0, 0, 0, 1, 0], [3, 3], { engine });
      const [ofSparse, ofDense] = [layer.forward(sparse), layer.forward(dense)];
      expect(largestError(ofSparse.dataSync(), ofDense.dataSync())).toBeLessThan(tolerance);
    });

    it("gives what it gives, activated and dropped, in one step", () => {
      const x = tensor(floats(drawRandom(seededDraw(2)), 2 * 50 * 3), [2, 50, 3], { engine });
      const dropped = new Dropout(0.4);
      const together = (training?: Training) =>
        layer.activated(x, "leakyRelu", { parameter: 0.3, dropout: dropped, training }).dataSync();
      const apart = (training?: Training) => dropped.forward(leakyRelu(layer.forward(x), 0.3), { training }).dataSync();
      expect(together()).toEqual(apart());
      expect(together({ random: new Random(5) })).toEqual(apart({ random: new Random(5) }));
      expect(together({ random: new Random(5) })).not.toEqual(together({ random: new Random(6) }));
      const bare = new Linear(3, 2, { random: new Random(1), engine, bias: false });
      expect(bare.activated(x, "relu").dataSync()).toEqual(relu(bare.forward(x)).dataSync());
    });

    it("refuses another width", () => {
      for (const shape of [[2, 4], [4], []]) {
        const x = tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape, { engine });
        expect(() => layer.forward(x)).toThrow(expect.objectContaining({ name: "ShapeError", code: "shapes-differ" }));
      }
      const sparse = SparseTensor.from(csrFromLists([[0]], 4), { engine });
      expect(() => layer.forward(sparse)).toThrow(expect.objectContaining({ code: "shapes-differ" }));
    });
  });
}
