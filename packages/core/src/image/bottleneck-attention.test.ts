import { describe, expect, it } from "vitest";
import { RelativePosition2d } from "../attention/position/relative-position-2d.ts";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { MultiHeadAttention } from "../nn/multi-head-attention.ts";
import { Random } from "../random.ts";
import { tensor } from "../tensor/create.ts";
import { testedEngines } from "../testing/engines.ts";
import { imageOf } from "../testing/image-formula.ts";
import {
  attentionFormula,
  differenceFrom,
  linearFormula,
  randomMatrix,
  scramble,
} from "../testing/transformer-formula.ts";
import { bottleneckAttention } from "./bottleneck-attention.ts";

const reference = createReferenceEngine();
const width = 6;
const heads = 2;
const channels = 3;
const [rows, columns, images] = [2, 3, 2];
const pixels = rows * columns;

function partsOf(engine = reference): { attention: MultiHeadAttention; position: RelativePosition2d } {
  const random = new Random(1);
  const attention = new MultiHeadAttention(width, { heads, random, engine });
  const position = new RelativePosition2d(channels, { rows, columns, random, engine });
  scramble(attention);
  scramble(position, 2);
  return { attention, position };
}

const x = randomMatrix(images * pixels, width, 3);

for (const { engine, tolerance } of testedEngines()) {
  it(`bottleneck attention on the ${engine.name} engine is its formula, image by image`, () => {
    const { attention, position } = partsOf(engine);
    const output = bottleneckAttention(attention, position, tensor(x, { engine }), {
      rows,
      columns,
      images,
    }).toMatrix();
    const [height, across] = [position.height.toMatrix(), position.width.toMatrix()];
    for (let image = 0; image < images; image++) {
      const own = imageOf(x, image, pixels);
      const queries = linearFormula(own, attention.queryProjection);
      const expected = attentionFormula(attention, own, own, own, {
        bias: (i, j, head) => {
          const down = Math.floor(j / columns) - Math.floor(i / columns);
          const right = (j % columns) - (i % columns);
          let product = 0;
          for (let c = 0; c < channels; c++) {
            const direction = height.get(down + rows - 1, c) + across.get(right + columns - 1, c);
            product += queries.get(i, head * channels + c) * direction;
          }
          return product / Math.sqrt(channels);
        },
      });
      const got = tensor(imageOf(output, image, pixels), { engine });
      expect(differenceFrom(got, expected.output)).toBeLessThan(10 * tolerance);
      const withoutPositions = attentionFormula(attention, own, own, own);
      expect(differenceFrom(got, withoutPositions.output)).toBeGreaterThan(1e-2);
    }
  });
}

describe("bottleneck attention", () => {
  it("has gradients that agree with finite differences", () => {
    const { attention, position } = partsOf();
    const input = tensor(x, { engine: reference, requiresGrad: true });
    const leaves = {
      ...Object.fromEntries(attention.namedParameters()),
      height: position.height,
      width: position.width,
      x: input,
    };
    const loss = () => unevenSum(bottleneckAttention(attention, position, input, { rows, columns, images }));
    for (const [leaf, { relativeError }] of Object.entries(checkGradients(loss, leaves, 1e-4))) {
      expect(relativeError, leaf).toBeLessThan(1e-6);
    }
  });

  it("drops weights while training only", () => {
    const { position } = partsOf();
    const attention = new MultiHeadAttention(width, { heads, dropout: 0.5, random: new Random(1), engine: reference });
    const input = tensor(x, { engine: reference });
    const output = (seed?: number) =>
      bottleneckAttention(attention, position, input, {
        rows,
        columns,
        images,
        ...(seed !== undefined && { training: { random: new Random(seed) } }),
      }).toMatrix();
    expect(output()).toEqual(output());
    expect(output(1)).toEqual(output(1));
    expect(output(1)).not.toEqual(output(2));
  });

  const { attention, position } = partsOf();
  const input = tensor(x, { engine: reference });
  const narrow = new RelativePosition2d(2, { rows, columns, random: new Random(1), engine: reference });
  const refused: readonly (readonly [what: string, call: () => unknown, name: string, code: string])[] = [
    [
      "a position for other rows",
      () => bottleneckAttention(attention, position, input, { rows: 4, columns, images: 1 }),
      "ShapeError",
      "shapes-differ",
    ],
    [
      "a position for other columns",
      () => bottleneckAttention(attention, position, input, { rows, columns: 6, images: 1 }),
      "ShapeError",
      "shapes-differ",
    ],
    [
      "a position for narrower heads",
      () => bottleneckAttention(attention, narrow, input, { rows, columns, images }),
      "ShapeError",
      "shapes-differ",
    ],
    [
      "another count of images",
      () => bottleneckAttention(attention, position, input, { rows, columns }),
      "ShapeError",
      "shapes-differ",
    ],
    [
      "half an image",
      () => bottleneckAttention(attention, position, input, { rows, columns, images: 0.5 }),
      "OptionError",
      "out-of-range",
    ],
    [
      "a misspelt option",
      () => bottleneckAttention(attention, position, input, { rows, columns, images, ...{ heads: 2 } }),
      "OptionError",
      "unknown-option",
    ],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }
});
