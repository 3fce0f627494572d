import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { gridPositions } from "../attention/position/grid-positions.ts";
import { RelativeBias2d } from "../attention/position/relative-bias-2d.ts";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { MultiHeadAttention } from "../nn/multi-head-attention.ts";
import { Random } from "../random.ts";
import { tensor } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { imageOf } from "../testing/image-formula.ts";
import { attentionFormula, differenceFrom, randomMatrix, scramble } from "../testing/transformer-formula.ts";
import { imageWindows } from "./image-windows.ts";
import { overlappingWindowAttention } from "./overlapping-window-attention.ts";
import { windowAttention } from "./window-attention.ts";

const reference = createReferenceEngine();
const width = 6;
const heads = 2;

function attentionOf(engine = reference, dropout = 0): MultiHeadAttention {
  const attention = new MultiHeadAttention(width, { heads, dropout, random: new Random(1), engine });
  scramble(attention);
  return attention;
}

function relativeOf(rows: number, columns: number, engine = reference): RelativeBias2d {
  const relative = new RelativeBias2d(heads, { rows, columns, random: new Random(2), engine });
  scramble(relative, 2);
  return relative;
}

/** Swin's number for an offset of rows and columns, read from a table for windows of `size` x `size`. */
function biasOf(relative: RelativeBias2d, size: number, down: number, right: number, head: number): number {
  return relative.weight.toMatrix().get((size - 1 - down) * (2 * size - 1) + size - 1 - right, head);
}

interface Images {
  readonly rows: number;
  readonly columns: number;
  readonly images: number;
}

/**
 * Swin's procedure: roll the image by the shift, cut it into windows, let the elements of a window attend to those that were neighbors before the
 * roll, and roll back. For images of whole windows.
 */
function rolledWindows(
  attention: MultiHeadAttention,
  x: Matrix,
  { rows, columns, images }: Images,
  size: number,
  shift: number,
  relative?: RelativeBias2d,
): Matrix {
  const output = Matrix.zeros(x.rows, attention.outputs);
  // The regions that a shifted window mask tells apart: what was rolled around is in another one.
  const region = (place: number, length: number) => (place < length - shift ? 0 : 1);
  for (let image = 0; image < images; image++) {
    for (let top = 0; top < rows; top += size) {
      for (let left = 0; left < columns; left += size) {
        const rolled = Array.from({ length: size * size }, (_, k) => [top + Math.floor(k / size), left + (k % size)]);
        const elements = rolled.map(
          ([r, c]) => (image * rows + ((r! + shift) % rows)) * columns + ((c! + shift) % columns),
        );
        const regions = rolled.map(([r, c]) => 2 * region(r!, rows) + region(c!, columns));
        const window = x.selection(elements, allColumns(x));
        const attended = attentionFormula(attention, window, window, window, {
          attends: (i, j) => regions[i] === regions[j],
          bias: (i, j, head) =>
            relative === undefined
              ? 0
              : biasOf(relative, size, rolled[j]![0]! - rolled[i]![0]!, rolled[j]![1]! - rolled[i]![1]!, head),
        });
        elements.forEach((element, k) => {
          output.setRow(element, attended.output.getRow(k));
        });
      }
    }
  }
  return output;
}

function allColumns(x: Matrix): number[] {
  return Array.from({ length: x.columns }, (_, c) => c);
}

const images = { rows: 4, columns: 6, images: 2 };
const elements = images.rows * images.columns * images.images;
const pixels = images.rows * images.columns;
const x = randomMatrix(elements, width, 3);

for (const { engine, tolerance } of testedEngines()) {
  describe(`window attention on the ${engine.name} engine is its formula`, () => {
    const attention = attentionOf(engine);

    it("within windows", () => {
      const output = windowAttention(attention, tensor(x, { engine }), { ...images, size: 2 });
      expect(differenceFrom(output, rolledWindows(attention, x, images, 2, 0))).toBeLessThan(10 * tolerance);
    });

    it("within shifted windows, as Swin rolls and masks them", () => {
      const output = windowAttention(attention, tensor(x, { engine }), { ...images, size: 2, shift: 1 });
      expect(differenceFrom(output, rolledWindows(attention, x, images, 2, 1))).toBeLessThan(10 * tolerance);
    });

    for (const shift of [0, 1]) {
      it(`with a relative bias and the shift ${shift}`, () => {
        const relative = relativeOf(2, 2, engine);
        const places = gridPositions(images.images * images.rows, images.columns);
        const bias = [relative.bias({ receivers: places, senders: places })];
        const output = windowAttention(attention, tensor(x, { engine }), { ...images, size: 2, shift, bias });
        const expected = rolledWindows(attention, x, images, 2, shift, relative);
        expect(differenceFrom(output, expected)).toBeLessThan(10 * tolerance);
        expect(differenceFrom(output, rolledWindows(attention, x, images, 2, shift))).toBeGreaterThan(1e-2);
      });
    }

    it("within stripes, which are computed in tiles", () => {
      const stripes = { ...images, height: 2, width: 6 };
      expect(imageWindows(stripes).runs).toBeDefined();
      const output = windowAttention(attention, tensor(x, { engine }), stripes);
      const expected = attentionFormula(attention, x, x, x, {
        attends: (i, j) => Math.floor(i / 12) === Math.floor(j / 12),
      });
      expect(differenceFrom(output, expected.output)).toBeLessThan(10 * tolerance);
    });

    it("within windows that overlap, with HAT's bias", () => {
      const overlap = 1;
      const relative = relativeOf(3, 3, engine);
      const places = gridPositions(images.images * images.rows, images.columns);
      const bias = [relative.bias({ receivers: places, senders: places })];
      const output = overlappingWindowAttention(attention, tensor(x, { engine }), {
        ...images,
        size: 2,
        overlap,
        bias,
      });

      const expected = Matrix.zeros(elements, width);
      const place = (element: number) => [Math.floor(element / 6), element % 6] as const;
      for (let image = 0; image < 2; image++) {
        for (let top = 0; top < 4; top += 2) {
          for (let left = 0; left < 6; left += 2) {
            const rectangle = (from: number) => {
              const found: number[] = [];
              for (let r = Math.max(0, top - from); r < Math.min(4, top + 2 + from); r++) {
                for (let c = Math.max(0, left - from); c < Math.min(6, left + 2 + from); c++) {
                  found.push((image * 4 + r) * 6 + c);
                }
              }
              return found;
            };
            const [queries, keys] = [rectangle(0), rectangle(overlap)];
            const [own, memory] = [queries, keys].map((some) => x.selection(some, allColumns(x)));
            const attended = attentionFormula(attention, own!, memory!, memory!, {
              bias: (i, j, head) => {
                const [[r, c], [row, column]] = [place(queries[i]!), place(keys[j]!)];
                return biasOf(relative, 3, row - r, column - c, head);
              },
            });
            queries.forEach((element, k) => {
              expected.setRow(element, attended.output.getRow(k));
            });
          }
        }
      }
      expect(differenceFrom(output, expected)).toBeLessThan(10 * tolerance);
    });
  });
}

/** The image moved down and to the right, what leaves it coming back at the other side. */
function moved(image: Matrix, { rows, columns }: Omit<Images, "images">, down: number, right: number): Matrix {
  const from = Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return ((row - down + rows) % rows) * columns + ((column - right + columns) % columns);
  });
  return image.selection(from, allColumns(image));
}

describe("window attention", () => {
  const attention = attentionOf();
  const one = { rows: images.rows, columns: images.columns };
  const run = (of: Matrix, options: Omit<Parameters<typeof windowAttention>[2], "rows" | "columns">) =>
    windowAttention(attention, tensor(of, { engine: reference }), { ...one, ...options });

  it("gives each image of a batch what it gives it alone", () => {
    const together = run(x, { images: 2, size: 3, shift: 1 }).toMatrix();
    for (const image of [0, 1]) {
      const alone = run(imageOf(x, image, pixels), { size: 3, shift: 1 });
      expect(differenceFrom(alone, imageOf(together, image, pixels))).toBeLessThan(1e-12);
    }
  });

  it("moves with an image that is moved by whole windows, and not by parts of them", () => {
    const image = imageOf(x, 0, pixels);
    const output = run(image, { size: 2 }).toMatrix();
    expect(differenceFrom(run(moved(image, one, 2, 4), { size: 2 }), moved(output, one, 2, 4))).toBeLessThan(1e-12);
    expect(differenceFrom(run(moved(image, one, 1, 0), { size: 2 }), moved(output, one, 1, 0))).toBeGreaterThan(1e-3);
  });

  it("carries what an element is no farther than its window, and a shift carries it on", () => {
    const image = imageOf(x, 0, pixels);
    const changed = image.clone();
    changed.setRow(0, new Array<number>(width).fill(2));
    const reached = (shift: number) => {
      const [before, after] = [image, changed].map((of) => run(of, { size: 2, shift }).toMatrix());
      return before!.to2DArray().flatMap((row, i) => (row.some((number, c) => number !== after!.get(i, c)) ? [i] : []));
    };
    expect(reached(0)).toEqual([0, 1, 6, 7]);
    expect(reached(1)).toEqual([0]);
  });

  it("is attention to everything where one window holds the image", () => {
    const image = imageOf(x, 0, pixels);
    const expected = attentionFormula(attention, image, image, image);
    expect(differenceFrom(run(image, { height: 4, width: 6 }), expected.output)).toBeLessThan(1e-12);
  });

  it("drops weights while training only", () => {
    const dropping = attentionOf(reference, 0.5);
    const input = tensor(x, { engine: reference });
    const trained = (seed: number) =>
      windowAttention(dropping, input, { ...images, size: 2, training: { random: new Random(seed) } }).toMatrix();
    expect(trained(1)).toEqual(trained(1));
    expect(trained(1)).not.toEqual(trained(2));
    const overlapping = (seed: number) =>
      overlappingWindowAttention(dropping, input, {
        ...images,
        size: 2,
        overlap: 1,
        training: { random: new Random(seed) },
      }).toMatrix();
    expect(overlapping(1)).toEqual(overlapping(1));
    expect(overlapping(1)).not.toEqual(overlapping(2));
    const answer = windowAttention(dropping, input, { ...images, size: 2 });
    expect(differenceFrom(answer, rolledWindows(dropping, x, images, 2, 0))).toBeLessThan(1e-12);
  });

  it("refuses images of another size, and options that nobody reads", () => {
    const input = tensor(x, { engine: reference });
    expect(() => windowAttention(attention, input, { ...images, rows: 5, size: 2 })).toThrow(
      expect.objectContaining({ name: "ShapeError", code: "shapes-differ" }),
    );
    expect(() => windowAttention(attention, input, { ...images, size: 2, ...{ overlap: 1 } })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "unknown-option" }),
    );
    expect(() => overlappingWindowAttention(attention, input, { ...images, size: 2, overlap: 1, ...{ o: 1 } })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "unknown-option" }),
    );
  });
});

describe("gradients of window attention agree with finite differences", () => {
  const small = { rows: 3, columns: 3, images: 2 };
  const places = gridPositions(6, 3);
  const cases: Record<string, (attention: MultiHeadAttention, x: Tensor, relative: RelativeBias2d) => Tensor> = {
    "within shifted windows with a relative bias": (attention, input, relative) => {
      const bias = [relative.bias({ receivers: places, senders: places })];
      return windowAttention(attention, input, { ...small, size: 2, shift: 1, bias });
    },
    "within windows that overlap": (attention, input, relative) => {
      const bias = [relative.bias({ receivers: places, senders: places })];
      return overlappingWindowAttention(attention, input, { ...small, size: 2, overlap: 1, bias });
    },
  };
  for (const [name, output] of Object.entries(cases)) {
    it(name, () => {
      const attention = attentionOf();
      const relative = relativeOf(3, 3);
      const input = tensor(randomMatrix(18, width, 4), { engine: reference, requiresGrad: true });
      const leaves = { ...Object.fromEntries(attention.namedParameters()), bias: relative.weight, x: input };
      const checks = checkGradients(() => unevenSum(output(attention, input, relative)), leaves, 1e-4);
      expect(Object.keys(checks)).toHaveLength(10);
      for (const [leaf, { relativeError }] of Object.entries(checks)) expect(relativeError, leaf).toBeLessThan(1e-6);
    });
  }
});
