import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { Random } from "../random.ts";
import { tensor } from "../tensor/create.ts";
import { testedEngines } from "../testing/engines.ts";
import { imageOf } from "../testing/image-formula.ts";
import {
  differenceFrom,
  layerNormFormula,
  linearFormula,
  randomMatrix,
  scramble,
} from "../testing/transformer-formula.ts";
import { type PolarizedLayout, PolarizedSelfAttention } from "./polarized-self-attention.ts";

const reference = createReferenceEngine();
const width = 6;
const shape = { rows: 2, columns: 3, images: 2 };
const pixels = 6;
const layouts: readonly PolarizedLayout[] = ["parallel", "sequential"];
const x = randomMatrix(2 * pixels, width, 3);

function layerOf(layout: PolarizedLayout, engine = reference): PolarizedSelfAttention {
  const layer = new PolarizedSelfAttention(width, { layout, random: new Random(1), engine });
  scramble(layer, 4);
  return layer;
}

const sigmoid = (number: number) => 1 / (1 + Math.exp(-number));

function softmax(row: readonly number[]): number[] {
  const powers = row.map((number) => Math.exp(number));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

/** The image times `sigmoid(LN(W_z (W_v X)^T softmax(W_q X)))`, channel by channel; as published, every element is projected. */
function channelBranch(layer: PolarizedSelfAttention, image: Matrix): Matrix {
  const weights = Matrix.rowVector(softmax(linearFormula(image, layer.channelQuery).getColumn(0)));
  const gathered = weights.mmul(linearFormula(image, layer.channelValue));
  const logits = layerNormFormula(linearFormula(gathered, layer.channelOutput), layer.channelNorm).getRow(0);
  return image.clone().mulRowVector(logits.map(sigmoid));
}

/** The image times `sigmoid(softmax(mean(W_q' X)) . W_v' X)`, position by position; as published, every element is projected. */
function spatialBranch(layer: PolarizedSelfAttention, image: Matrix): Matrix {
  const channels = softmax(linearFormula(image, layer.spatialQuery).mean("column"));
  const logits = linearFormula(image, layer.spatialValue).mmul(Matrix.columnVector(channels)).getColumn(0);
  return image.clone().mulColumnVector(logits.map(sigmoid));
}

function formula(layer: PolarizedSelfAttention, image: Matrix): Matrix {
  return layer.layout === "parallel"
    ? Matrix.add(channelBranch(layer, image), spatialBranch(layer, image))
    : spatialBranch(layer, channelBranch(layer, image));
}

for (const { engine, tolerance } of testedEngines()) {
  for (const layout of layouts) {
    it(`${layout} polarized self-attention on the ${engine.name} engine is its formula, image by image`, () => {
      const layer = layerOf(layout, engine);
      const output = layer.forward(tensor(x, { engine }), shape).toMatrix();
      for (const image of [0, 1]) {
        const got = tensor(imageOf(output, image, pixels), { engine });
        expect(differenceFrom(got, formula(layer, imageOf(x, image, pixels)))).toBeLessThan(10 * tolerance);
      }
    });
  }
}

for (const layout of layouts) {
  describe(`${layout} polarized self-attention`, () => {
    const layer = layerOf(layout);
    const run = (of: Matrix, images = 1) =>
      layer.forward(tensor(of, { engine: reference }), { rows: 2, columns: 3, images });

    it("gives each image of a batch what it gives it alone", () => {
      const together = run(x, 2).toMatrix();
      for (const image of [0, 1]) {
        expect(differenceFrom(run(imageOf(x, image, pixels)), imageOf(together, image, pixels))).toBeLessThan(1e-12);
      }
    });

    it("moves with the elements of an image, wherever they go", () => {
      const permuted = (of: Matrix) => of.selection([3, 0, 5, 1, 4, 2], [0, 1, 2, 3, 4, 5]);
      const image = imageOf(x, 0, pixels);
      expect(differenceFrom(run(permuted(image)), permuted(run(image).toMatrix()))).toBeLessThan(1e-12);
    });

    it("has gradients that agree with finite differences", () => {
      const input = tensor(x, { engine: reference, requiresGrad: true });
      const leaves = { ...Object.fromEntries(layer.namedParameters()), x: input };
      expect(Object.keys(leaves)).toEqual([
        "channelQuery.weight",
        "channelValue.weight",
        "channelOutput.weight",
        "channelNorm.weight",
        "channelNorm.bias",
        "spatialQuery.weight",
        "spatialValue.weight",
        "x",
      ]);
      const checks = checkGradients(() => unevenSum(layer.forward(input, shape)), leaves, 1e-4);
      for (const [leaf, { relativeError }] of Object.entries(checks)) expect(relativeError, leaf).toBeLessThan(1e-6);
    });
  });
}

describe("polarized self-attention", () => {
  const make = (width: number, options: object) => () =>
    new PolarizedSelfAttention(width, { random: new Random(1), engine: reference, ...options });

  it("is parallel and half as wide in between if nothing else is said", () => {
    const { layout, hidden, channelQuery, channelOutput } = make(7, {})();
    expect([layout, hidden, channelQuery.outputs, channelOutput.inputs]).toEqual(["parallel", 3, 1, 3]);
    expect(make(7, { hidden: 5 })().spatialValue.outputs).toBe(5);
  });

  const layer = layerOf("parallel");
  const input = tensor(x, { engine: reference });
  const refused: readonly (readonly [what: string, call: () => unknown, name: string, code: string])[] = [
    ["an unknown layout", make(6, { layout: "serial" }), "OptionError", "out-of-range"],
    ["a width that has no half", make(1, {}), "OptionError", "out-of-range"],
    ["half a channel", make(6, { hidden: 2.5 }), "OptionError", "out-of-range"],
    ["a misspelt option", make(6, { layouts: "parallel" }), "OptionError", "unknown-option"],
    ["another count of images", () => layer.forward(input, { rows: 2, columns: 3 }), "ShapeError", "shapes-differ"],
    ["no columns", () => layer.forward(input, { ...shape, columns: 0 }), "OptionError", "out-of-range"],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }
});
