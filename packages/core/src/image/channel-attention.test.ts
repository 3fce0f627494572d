import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { attend } from "../attention/attend.ts";
import { segments } from "../attention/neighborhood/segments.ts";
import { defineScore } from "../attention/score/score.ts";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { Random } from "../random.ts";
import { tensor, zeros } from "../tensor/create.ts";
import { relu, sigmoid } from "../tensor/elementwise.ts";
import { reshape } from "../tensor/reshape.ts";
import { testedEngines } from "../testing/engines.ts";
import { imageOf } from "../testing/image-formula.ts";
import { differenceFrom, linearFormula, randomMatrix, scramble } from "../testing/transformer-formula.ts";
import { ChannelAttention } from "./channel-attention.ts";

const reference = createReferenceEngine();
const width = 6;
const shape = { rows: 2, columns: 3, images: 2 };
const pixels = 6;
const x = randomMatrix(2 * pixels, width, 3);

function layerOf(engine = reference): ChannelAttention {
  const layer = new ChannelAttention(width, { reduction: 2, random: new Random(1), engine });
  scramble(layer, 4);
  return layer;
}

/** Image by image: `x * sigmoid(W' relu(W mean(x) + b) + b')`. */
function formula({ squeeze, expand }: ChannelAttention, batch: Matrix): Matrix {
  const images = [0, 1].flatMap((image) => {
    const x = imageOf(batch, image, pixels);
    const squeezed = linearFormula(Matrix.rowVector(x.mean("column")), squeeze).getRow(0);
    const positive = Matrix.rowVector(squeezed.map((number) => Math.max(0, number)));
    const weights = linearFormula(positive, expand).getRow(0);
    return x.mulRowVector(weights.map((logit) => 1 / (1 + Math.exp(-logit)))).to2DArray();
  });
  return new Matrix(images);
}

for (const { engine, tolerance } of testedEngines()) {
  it(`channel attention on the ${engine.name} engine is its formula`, () => {
    const layer = layerOf(engine);
    expect(differenceFrom(layer.forward(tensor(x, { engine }), shape), formula(layer, x))).toBeLessThan(10 * tolerance);
  });
}

describe("channel attention", () => {
  const layer = layerOf();
  const run = (of: Matrix, images = 1) =>
    layer.forward(tensor(of, { engine: reference }), { rows: 2, columns: 3, images });

  it("weighs the channels of an image by what it attends to with the same score for all its elements", () => {
    const indifferent = defineScore("indifferent", {
      parameters: {},
      score: ({ query, key }) => query.dot(key).multiply(0),
    });
    const random = (elements: number, seed: number) =>
      reshape(tensor(randomMatrix(elements, width, seed), { engine: reference }), [elements, 1, width]);
    const inputs = {
      query: random(2, 5),
      key: random(2 * pixels, 6),
      value: reshape(tensor(x, { engine: reference }), [2 * pixels, 1, width]),
    };
    const segmentOf = Uint32Array.from({ length: 2 * pixels }, (_, i) => Math.floor(i / pixels));
    const average = attend(segments(segmentOf, 2), inputs, { score: indifferent, parameters: {} });
    const expected = sigmoid(layer.expand.forward(relu(layer.squeeze.forward(reshape(average, [2, width])))));
    const weights = layer.weights(tensor(x, { engine: reference }), shape);
    expect(differenceFrom(weights, expected.toMatrix())).toBeLessThan(1e-12);
  });

  it("moves with the elements of an image, wherever they go", () => {
    const order = [3, 0, 5, 1, 4, 2];
    const permuted = (of: Matrix) => of.selection(order, [0, 1, 2, 3, 4, 5]);
    const image = imageOf(x, 0, pixels);
    expect(differenceFrom(run(permuted(image)), permuted(run(image).toMatrix()))).toBeLessThan(1e-12);
  });

  it("gives each image of a batch what it gives it alone", () => {
    const together = run(x, 2).toMatrix();
    for (const image of [0, 1]) {
      const alone = run(imageOf(x, image, pixels));
      expect(differenceFrom(alone, imageOf(together, image, pixels))).toBeLessThan(1e-12);
    }
  });

  it("has gradients that agree with finite differences", () => {
    const input = tensor(x, { engine: reference, requiresGrad: true });
    const leaves = { ...Object.fromEntries(layer.namedParameters()), x: input };
    expect(Object.keys(leaves)).toEqual(["squeeze.weight", "squeeze.bias", "expand.weight", "expand.bias", "x"]);
    const checks = checkGradients(() => unevenSum(layer.forward(input, shape)), leaves, 1e-4);
    for (const [leaf, { relativeError }] of Object.entries(checks)) expect(relativeError, leaf).toBeLessThan(1e-6);
  });

  it("is a sixteenth as wide in between if nothing else is said, rounded down", () => {
    const { squeeze, expand } = new ChannelAttention(40, { random: new Random(1), engine: reference });
    expect([squeeze.inputs, squeeze.outputs, expand.inputs, expand.outputs]).toEqual([40, 2, 2, 40]);
  });

  const make = (of: number, options: object) => () =>
    new ChannelAttention(of, { random: new Random(1), engine: reference, ...options });
  const input = tensor(x, { engine: reference });
  const refused: readonly (readonly [what: string, call: () => unknown, name: string, code: string])[] = [
    ["a reduction that leaves no channel", make(6, {}), "OptionError", "out-of-range"],
    ["no reduction", make(6, { reduction: 0 }), "OptionError", "out-of-range"],
    ["half a channel", make(6.5, { reduction: 2 }), "OptionError", "out-of-range"],
    ["a misspelt option", make(6, { ratio: 2 }), "OptionError", "unknown-option"],
    ["another count of images", () => layer.forward(input, { ...shape, images: 1 }), "ShapeError", "shapes-differ"],
    ["another width", () => layer.forward(zeros([12, 5]), shape), "ShapeError", "shapes-differ"],
    [
      "images that are not flattened",
      () => layer.forward(reshape(input, [2, 6, 6]), shape),
      "ShapeError",
      "shapes-differ",
    ],
    ["no rows", () => layer.forward(input, { ...shape, rows: 0 }), "OptionError", "out-of-range"],
    ["a misspelt count", () => layer.forward(input, { ...shape, ...{ image: 2 } }), "OptionError", "unknown-option"],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }
});
