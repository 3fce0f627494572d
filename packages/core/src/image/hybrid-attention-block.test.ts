import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { Random } from "../random.ts";
import { tensor } from "../tensor/create.ts";
import { testedEngines } from "../testing/engines.ts";
import { imageOf } from "../testing/image-formula.ts";
import {
  attentionFormula,
  differenceFrom,
  feedForwardFormula,
  layerNormFormula,
  linearFormula,
  randomMatrix,
  scramble,
} from "../testing/transformer-formula.ts";
import { HybridAttentionBlock, type HybridAttentionBlockOptions } from "./hybrid-attention-block.ts";

const reference = createReferenceEngine();
const width = 4;
const [rows, columns, images] = [4, 3, 2];
const pixels = rows * columns;
const x = randomMatrix(images * pixels, width, 3);

function blockOf(engine = reference, options: Partial<HybridAttentionBlockOptions> = {}): HybridAttentionBlock {
  const block = new HybridAttentionBlock(width, {
    heads: 2,
    size: 2,
    shift: 1,
    alpha: 0.5,
    reduction: 2,
    random: new Random(1),
    engine,
    ...options,
  });
  scramble(block, 4);
  return block;
}

/** `m = x + W-MSA(LN(x)) + alpha CA(LN(x))`, `m + FFN(LN(m))` for one image, whose windows begin before it by `shift`. */
function formula(block: HybridAttentionBlock, image: Matrix): Matrix {
  const { size, shift, alpha, attention, relativeBias, channelAttention, attentionNorm, feedForwardNorm } = block;
  const normed = layerNormFormula(image, attentionNorm);
  const place = (i: number) => [Math.floor(i / columns), i % columns] as const;
  const window = (i: number) => place(i).map((along) => Math.floor((along + size - shift) / size));
  const table = relativeBias.weight.toMatrix();
  const attended = attentionFormula(attention, normed, normed, normed, {
    attends: (i, j) => window(i).every((number, axis) => number === window(j)[axis]),
    bias: (i, j, head) => {
      const [[row, column], [otherRow, otherColumn]] = [place(i), place(j)];
      const [down, right] = [otherRow - row, otherColumn - column];
      if (Math.abs(down) >= size || Math.abs(right) >= size) return 0;
      return table.get((size - 1 - down) * (2 * size - 1) + size - 1 - right, head);
    },
  });
  const average = Matrix.rowVector(normed.mean("column"));
  const squeezed = linearFormula(average, channelAttention.squeeze).getRow(0);
  const positive = Matrix.rowVector(squeezed.map((number) => Math.max(0, number)));
  const weights = linearFormula(positive, channelAttention.expand).getRow(0);
  const channels = normed.clone().mulRowVector(weights.map((logit) => alpha / (1 + Math.exp(-logit))));
  const sum = Matrix.add(Matrix.add(image, attended.output), channels);
  return Matrix.add(sum, feedForwardFormula(layerNormFormula(sum, feedForwardNorm), block.feedForward));
}

for (const { engine, tolerance } of testedEngines()) {
  it(`a hybrid attention block on the ${engine.name} engine is its formula, image by image`, () => {
    const block = blockOf(engine);
    const output = block.forward(tensor(x, { engine }), { rows, columns, images }).toMatrix();
    for (let image = 0; image < images; image++) {
      const got = tensor(imageOf(output, image, pixels), { engine });
      const expected = formula(block, imageOf(x, image, pixels));
      expect(differenceFrom(got, expected)).toBeLessThan(20 * tolerance);
    }
  });
}

describe("a hybrid attention block", () => {
  it("has gradients that agree with finite differences", () => {
    const block = blockOf(reference, { hidden: 3 });
    const input = tensor(x, { engine: reference, requiresGrad: true });
    const leaves = { ...Object.fromEntries(block.namedParameters()), x: input };
    const loss = () => unevenSum(block.forward(input, { rows, columns, images }));
    const checks = checkGradients(loss, leaves, 1e-4);
    expect(Object.keys(checks)).toContain("relativeBias.weight");
    for (const [leaf, { relativeError }] of Object.entries(checks)) expect(relativeError, leaf).toBeLessThan(1e-6);
  });

  it("drops while training only", () => {
    const block = blockOf(reference, { dropout: 0.5 });
    const input = tensor(x, { engine: reference });
    const trained = (seed: number) =>
      block.forward(input, { rows, columns, images, training: { random: new Random(seed) } }).toMatrix();
    expect(trained(1)).toEqual(trained(1));
    expect(trained(1)).not.toEqual(trained(2));
    const answer = block.forward(input, { rows, columns, images });
    const first = tensor(imageOf(answer.toMatrix(), 0, pixels), { engine: reference });
    expect(differenceFrom(first, formula(block, imageOf(x, 0, pixels)))).toBeLessThan(1e-10);
  });

  it("is as HAT's if nothing else is said", () => {
    const { alpha, shift, feedForward } = new HybridAttentionBlock(32, {
      heads: 2,
      size: 4,
      random: new Random(1),
      engine: reference,
    });
    expect([alpha, shift, feedForward.hidden, feedForward.activation]).toEqual([0.01, 0, 64, "gelu"]);
  });

  const make = (options: object) => () => blockOf(reference, options);
  const block = blockOf();
  const input = tensor(x, { engine: reference });
  const refused: readonly (readonly [what: string, call: () => unknown, name: string, code: string])[] = [
    ["windows of nothing", make({ size: 0 }), "OptionError", "out-of-range"],
    ["a negative shift", make({ shift: -1 }), "OptionError", "out-of-range"],
    ["heads that do not divide the width", make({ heads: 3 }), "OptionError", "out-of-range"],
    ["a negative alpha", make({ alpha: -1 }), "OptionError", "out-of-range"],
    ["a misspelt option", make({ window: 2 }), "OptionError", "unknown-option"],
    ["another count of images", () => block.forward(input, { rows, columns }), "ShapeError", "shapes-differ"],
    [
      "a misspelt count",
      () => block.forward(input, { rows, columns, images, ...{ image: 2 } }),
      "OptionError",
      "unknown-option",
    ],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }
});
