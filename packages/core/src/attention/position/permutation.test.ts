import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestError } from "../../conformance/largest-error.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { parameter, tensor } from "../../tensor/create.ts";
import { add } from "../../tensor/elementwise.ts";
import { matmul } from "../../tensor/product.ts";
import { reshape } from "../../tensor/reshape.ts";
import { gatherRows } from "../../tensor/rows.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { attend } from "../attend.ts";
import { complete } from "../neighborhood/complete.ts";
import { scaledDot } from "../score/scaled-dot.ts";
import { alibi } from "./alibi.ts";
import { clippedBuckets, logarithmicBuckets } from "./distance-buckets.ts";
import { LearnedPositions } from "./learned-positions.ts";
import type { PositionBias } from "./position-bias.ts";
import { positionsOf } from "./positions.ts";
import { RelativeBias } from "./relative-bias.ts";
import { RelativeBias2d } from "./relative-bias-2d.ts";
import { RelativePosition2d } from "./relative-position-2d.ts";
import { rotary } from "./rotary.ts";
import { sinusoidal } from "./sinusoidal.ts";

// The point of positions. Attention sums over a set: it gives every element the same answer wherever the element stands, so that shuffled
// elements get shuffled answers and "dog bites man" is "man bites dog". Positions are what tells them apart.

const engine = createReferenceEngine();
const [count, heads, channels] = [6, 2, 4];
const width = heads * channels;

function drawn(shape: readonly number[], seed: number): Tensor {
  const random = new Random(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return parameter(
    Float64Array.from({ length: size }, () => random.uniform(-1, 1)),
    shape,
    { engine },
  );
}

const elements = drawn([count, width], 1);
const [toQuery, toKey, toValue] = [drawn([width, width], 2), drawn([width, width], 3), drawn([width, width], 4)];

/** Where positions can come in. */
interface Positions {
  readonly added?: Tensor;
  readonly turned?: (x: Tensor) => Tensor;
  readonly bias?: readonly PositionBias[];
}

function selfAttention(x: Tensor, { added, turned = (y) => y, bias = [] }: Positions): Tensor {
  const placed = added === undefined ? x : add(x, added);
  const split = (weight: Tensor): Tensor => reshape(matmul(placed, weight), [count, heads, channels]);
  const inputs = { query: turned(split(toQuery)), key: turned(split(toKey)), value: split(toValue) };
  return attend(complete(count), inputs, { score: scaledDot(), parameters: {}, bias });
}

/** How far the answers to shuffled elements are from the shuffled answers. */
function distance(order: Uint32Array, positions: Positions): number {
  const shuffledAnswers = gatherRows(selfAttention(elements, positions), order);
  const answersToShuffled = selfAttention(gatherRows(elements, order), positions);
  return largestError(answersToShuffled.dataSync(), shuffledAnswers.dataSync());
}

/** Orders in which at least one element has moved. */
const orders = fc
  .shuffledSubarray([...Array(count).keys()], { minLength: count })
  .filter((order) => order.some((element, place) => element !== place))
  .map((order) => Uint32Array.from(order));

const places = positionsOf([count]);
const random = new Random(5);
const enlarged = <Layer extends { readonly weight: Tensor }>(layer: Layer): Layer => {
  layer.weight.set(drawn(layer.weight.shape, 6).dataSync());
  return layer;
};

const kinds: Readonly<Record<string, Positions>> = {
  sinusoidal: { added: sinusoidal(count, width, { engine }) },
  learned: { added: enlarged(new LearnedPositions(count, width, { random, engine })).forward(places) },
  rotary: { turned: (x) => rotary(x, places) },
  "relative, clipped": { bias: [enlarged(new RelativeBias(heads, clippedBuckets(count), { random, engine })).bias()] },
  "relative, logarithmic": {
    bias: [enlarged(new RelativeBias(heads, logarithmicBuckets(), { random, engine })).bias()],
  },
  ALiBi: { bias: [alibi({ heads, receivers: count })] },
  "relative bias in a grid": {
    bias: [enlarged(new RelativeBias2d(heads, { rows: 2, columns: 3, random, engine })).bias()],
  },
  "relative position in a grid": {
    bias: new RelativePosition2d(channels, { rows: 2, columns: 3, random, engine }).biases(),
  },
};

describe("without positions", () => {
  it("self-attention is permutation-equivariant: shuffled elements get shuffled answers", () => {
    fc.assert(
      fc.property(orders, (order) => {
        expect(distance(order, {})).toBeLessThan(1e-12);
      }),
    );
  });
});

describe("with positions", () => {
  for (const [kind, positions] of Object.entries(kinds)) {
    const sameBackwards = kind === "ALiBi";
    it(`that are ${kind}, self-attention is not: where elements stand matters`, () => {
      fc.assert(
        fc.property(orders, (order) => {
          // Distances alone are the same read backwards.
          if (sameBackwards && order.every((element, place) => element === count - 1 - place)) return;
          expect(distance(order, positions)).toBeGreaterThan(1e-5);
        }),
        { numRuns: 40 },
      );
    });
  }

  it("that are distances alone, a sequence still reads the same backwards: causal ALiBi tells the directions apart", () => {
    const backwards = Uint32Array.from([...Array(count).keys()].reverse());
    expect(distance(backwards, { bias: [alibi({ heads, receivers: count })] })).toBeLessThan(1e-12);
    expect(distance(backwards, { bias: [alibi({ heads, receivers: count, causal: true })] })).toBeGreaterThan(1e-3);
  });

  it("elements that are the same but for their place get answers of their own", () => {
    const same = tensor(new Float64Array(count * width).fill(0.5), [count, width], { engine });
    const answers = (positions: Positions): Set<string> => {
      const values = Array.from(selfAttention(same, positions).dataSync(), (value) => value.toFixed(9));
      return new Set(Array.from({ length: count }, (_, k) => values.slice(k * width, (k + 1) * width).join()));
    };
    expect(answers({}).size).toBe(1);
    for (const kind of ["sinusoidal", "learned"]) expect(answers(kinds[kind]!).size, kind).toBe(count);
  });
});
