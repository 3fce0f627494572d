import { Matrix } from "ml-matrix";
import { describe, expect, it, vi } from "vitest";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import type { Engine } from "../../engine/engine.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { parameter, tensor } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { testedEngines } from "../../testing/engines.ts";
import { attend } from "../attend.ts";
import { complete } from "../neighborhood/complete.ts";
import { SparseNeighborhood } from "../neighborhood/sparse.ts";
import { scaledDot } from "../score/scaled-dot.ts";
import { alibi } from "./alibi.ts";
import { clippedBuckets, logarithmicBuckets } from "./distance-buckets.ts";
import { gridPositions } from "./grid-positions.ts";
import { PositionBias } from "./position-bias.ts";
import { RelativeBias } from "./relative-bias.ts";
import { RelativeBias2d } from "./relative-bias-2d.ts";
import { RelativePosition2d } from "./relative-position-2d.ts";

const [heads, channels] = [2, 4];
const count = 6;

function drawn(shape: readonly number[], seed: number, engine: Engine): Tensor {
  const random = new Random(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return parameter(
    Float32Array.from({ length: size }, () => random.uniform(-1, 1)),
    shape,
    { engine },
  );
}

/** A mechanism's terms, the tensors that are learned in them, and the published formula of their sum for a pair and a head. */
interface Terms {
  readonly bias: readonly PositionBias[];
  readonly learned: Readonly<Record<string, Tensor>>;
  readonly formula: (receiver: number, sender: number, head: number, query: ArrayLike<number>) => number;
}

const table = (x: Tensor): Matrix => x.toMatrix();
/** Makes what is learned large enough to matter. */
function enlarged(x: Tensor, seed: number): Tensor {
  x.set(drawn(x.shape, seed, x.engine).dataSync());
  return x;
}

const elements = [...Array(count).keys()];
const packed = [0, 1, 2, 3, 0, 1];

const mechanisms: Readonly<Record<string, (engine: Engine) => Terms>> = {
  "relative bias, clipped": (engine) => {
    const relative = new RelativeBias(heads, clippedBuckets(2), { random: new Random(1), engine });
    const weight = enlarged(relative.weight, 11);
    return {
      bias: [relative.bias()],
      learned: { weight },
      formula: (i, j, h) => table(weight).get(Math.min(2, Math.max(-2, j - i)) + 2, h),
    };
  },
  "relative bias, clipped, of given positions": (engine) => {
    const relative = new RelativeBias(heads, clippedBuckets(2), { random: new Random(1), engine });
    const weight = enlarged(relative.weight, 11);
    const senders = packed.map((p) => p - 1);
    return {
      bias: [relative.bias({ receivers: packed, senders })],
      learned: { weight },
      formula: (i, j, h) => table(weight).get(Math.min(2, Math.max(-2, senders[j]! - packed[i]!)) + 2, h),
    };
  },
  "relative bias, logarithmic": (engine) => {
    const buckets = logarithmicBuckets({ buckets: 8, maximumDistance: 6 });
    const relative = new RelativeBias(heads, buckets, { random: new Random(1), engine });
    const weight = enlarged(relative.weight, 11);
    // With 4 buckets a direction, 0 and 1 have their own; floor(log(n / 2) / log(3) * 2) + 2 is 2 for 2 and 3, and 3 from 4 on.
    const bucket = (n: number): number => [0, 1, 2, 2, 3, 3][n]!;
    return {
      bias: [relative.bias()],
      learned: { weight },
      formula: (i, j, h) => table(weight).get(bucket(Math.abs(j - i)) + (j > i ? 4 : 0), h),
    };
  },
  ALiBi: () => ({
    bias: [alibi({ heads, receivers: count })],
    learned: {},
    formula: (i, j, h) => -Math.abs(i - j) * [1 / 16, 1 / 256][h]!,
  }),
  "ALiBi, causal": () => ({
    bias: [alibi({ heads, receivers: elements.toReversed(), causal: true })],
    learned: {},
    formula: (i, j, h) => (j < i ? Number.NEGATIVE_INFINITY : -(j - i) * [1 / 16, 1 / 256][h]!),
  }),
  "relative bias, 2-D": (engine) => {
    const relative = new RelativeBias2d(heads, { rows: 2, columns: 3, random: new Random(1), engine });
    const weight = enlarged(relative.weight, 11);
    const [y, x] = [(e: number) => Math.floor(e / 3), (e: number) => e % 3];
    return {
      bias: [relative.bias()],
      learned: { weight },
      formula: (i, j, h) => table(weight).get((y(i) - y(j) + 1) * 5 + (x(i) - x(j) + 2), h),
    };
  },
  "relative position, 2-D": (engine) => {
    const relative = new RelativePosition2d(channels, { rows: 3, columns: 2, random: new Random(1), engine });
    const { height, width } = relative;
    const place = gridPositions(3, 2);
    return {
      bias: relative.biases({ receivers: place }),
      learned: { height, width },
      formula: (i, j, h, query) => {
        const q = Matrix.rowVector(Array.from(query).slice((i * heads + h) * channels, (i * heads + h + 1) * channels));
        const r = Matrix.add(
          table(height).getRowVector(Math.floor(j / 2) - Math.floor(i / 2) + 2),
          table(width).getRowVector((j % 2) - (i % 2) + 1),
        );
        return q.dot(r) / Math.sqrt(channels);
      },
    };
  },
};

/** Softmax attention with a term added to the logits, head by head. */
function published(
  [query, key, value]: readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>],
  pairs: readonly (readonly number[])[],
  formula: Terms["formula"],
): Float64Array {
  const output = new Float64Array(count * heads * channels);
  const vector = (of: ArrayLike<number>, e: number, h: number): Matrix =>
    Matrix.rowVector(Array.from({ length: channels }, (_, c) => of[(e * heads + h) * channels + c]!));
  for (let i = 0; i < count; i++) {
    for (let h = 0; h < heads; h++) {
      const exponentials = pairs[i]!.map((j) =>
        Math.exp(vector(query, i, h).dot(vector(key, j, h)) / Math.sqrt(channels) + formula(i, j, h, query)),
      );
      const total = exponentials.reduce((a, b) => a + b, 0);
      pairs[i]!.forEach((j, k) => {
        const part = vector(value, j, h).mul(exponentials[k]! / total);
        for (let c = 0; c < channels; c++) output[(i * heads + h) * channels + c]! += part.get(0, c);
      });
    }
  }
  return output;
}

/** Whom each receiver attends to. */
const neighborhoods = {
  complete: { neighborhood: complete(count), pairs: elements.map(() => elements) },
  "sparse, with a repeated pair": (() => {
    const pairs = [[0, 5, 5], [1], [4, 0, 3], [3, 5], [4, 5, 5], [5]];
    return {
      neighborhood: SparseNeighborhood.fromEdgeList({
        receivers: Uint32Array.from(pairs.flatMap((list, i) => list.map(() => i))),
        senders: Uint32Array.from(pairs.flat()),
        senderCount: count,
        receiverCount: count,
      }),
      pairs,
    };
  })(),
};

for (const [place, { neighborhood, pairs }] of Object.entries(neighborhoods)) {
  for (const [name, make] of Object.entries(mechanisms)) {
    describe(`${name}, over a ${place} neighborhood`, () => {
      for (const { engine, tolerance } of testedEngines()) {
        it(`is the published term, on the ${engine.name} engine`, () => {
          const { bias, formula } = make(engine);
          const [query, key, value] = [1, 2, 3].map((seed) => drawn([count, heads, channels], seed, engine));
          const inputs = { query: query!, key: key!, value: value! };
          const numbers = [query!.dataSync(), key!.dataSync(), value!.dataSync()] as const;
          const options = { score: scaledDot(), parameters: {}, bias };
          const expected = published(numbers, pairs, formula);
          for (const output of [
            attend(neighborhood, inputs, options),
            attend.detailed(neighborhood, inputs, options).output,
          ]) {
            expect(largestError(output.dataSync(), expected)).toBeLessThan(tolerance);
          }
        });
      }

      it("has gradients that agree with finite differences", () => {
        const engine = createReferenceEngine();
        const { bias, learned } = make(engine);
        const [query, key, value] = [1, 2, 3].map((seed) => drawn([count, heads, channels], seed, engine));
        const inputs = { query: query!, key: key!, value: value! };
        const loss = () => unevenSum(attend(neighborhood, inputs, { score: scaledDot(), parameters: {}, bias }));
        for (const [leaf, check] of Object.entries(checkGradients(loss, { ...inputs, ...learned }))) {
          expect(check.relativeError, leaf).toBeLessThan(1e-6);
        }
      });
    });
  }
}

describe("the terms of a position bias", () => {
  const engine = createReferenceEngine();
  const query = drawn([count, heads, channels], 1, engine);
  const { neighborhood } = neighborhoods["sparse, with a repeated pair"];

  it("gives a block of receivers the rows that they have in the whole", () => {
    for (const make of Object.values(mechanisms)) {
      for (const one of make(engine).bias) {
        const whole = Array.from(one.terms(query, complete(count).sparse()).dataSync());
        const block = complete(2, count).sparse();
        const blockQuery = tensor(
          query.dataSync().slice(3 * heads * channels, 5 * heads * channels),
          [2, heads, channels],
          {
            engine,
          },
        );
        const ofBlock = Array.from(one.terms(blockQuery, block, 3).dataSync());
        expect(ofBlock).toEqual(whole.slice(3 * count * heads, 5 * count * heads));
        // The same neighborhood with another first receiver is not mistaken for it.
        const first = Array.from(one.terms(blockQuery, block, 0).dataSync());
        expect(first).not.toEqual(ofBlock.map(() => 0));
        if (one.table(query).shape.length === 2) expect(first).toEqual(whole.slice(0, 2 * count * heads));
      }
    }
  });

  it("asks for the bucket of a pair once, however many steps are trained", () => {
    const bias = alibi({ heads, receivers: count });
    const bucketOf = vi.spyOn(bias, "bucketOf");
    for (let step = 0; step < 3; step++) bias.terms(query, neighborhood);
    expect(bucketOf).toHaveBeenCalledTimes(neighborhood.edges);
  });

  it("may have no pairs", () => {
    const empty = SparseNeighborhood.fromEdgeList({
      receivers: new Uint32Array(0),
      senders: new Uint32Array(0),
      senderCount: 2,
      receiverCount: count,
    });
    const terms = Object.values(mechanisms).flatMap((make) => make(engine).bias);
    for (const one of terms) expect(one.terms(query, empty).shape).toEqual([0, heads]);
  });

  const rows = (shape: readonly number[], bucketOf = (_receiver: number, _sender: number): number => 0): PositionBias =>
    new PositionBias({ name: "mine", buckets: 3, bucketOf, table: () => drawn(shape, 1, engine) });
  for (const shape of [[3], [3, 1], [2, heads], [count, 3, heads + 1], [count - 1, 3, heads], [1, count, 3, heads]]) {
    it(`refuses a table of shape [${shape.join(", ")}]`, () => {
      expect(() => rows(shape).terms(query, neighborhood)).toThrow(
        expect.objectContaining({
          name: "ShapeError",
          code: "shapes-differ",
          message: expect.stringMatching(/"mine".*\[3, 2\].*\[6, 3, 2\]/),
        }),
      );
    });
  }
  for (const bucket of [3, -1, 0.5, Number.NaN]) {
    it(`refuses the bucket ${bucket} of 3`, () => {
      const bias = rows([3, heads], (i, j) => (i === 2 && j === 0 ? bucket : 0));
      expect(() => bias.terms(query, neighborhood)).toThrow(
        expect.objectContaining({
          name: "DataError",
          code: "index-out-of-range",
          message: expect.stringContaining(`receiver 2 and sender 0 into the bucket ${bucket}`),
        }),
      );
    });
  }
});
