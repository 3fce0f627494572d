import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { window } from "../../attention/neighborhood/window.ts";
import { clippedBuckets } from "../../attention/position/distance-buckets.ts";
import { unevenSum } from "../../conformance/finite-differences.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { backward } from "../../tensor/backward.ts";
import { tensor } from "../../tensor/create.ts";
import { testedEngines } from "../../testing/engines.ts";
import {
  CountingRandom,
  differenceFrom,
  encoderLayerFormula,
  layerNormFormula,
  randomMatrix,
  scramble,
} from "../../testing/transformer-formula.ts";
import { TransformerEncoder, type TransformerEncoderOptions } from "./encoder.ts";
import type { GenerationState } from "./generation.ts";

const reference = createReferenceEngine();
const width = 8;
const lengths = [3, 0, 5, 1];
const elements = 9;
const choices = ["sinusoidal", "learned", "rotary", "relative", "alibi", "none"] as const;

type Choices = Partial<TransformerEncoderOptions>;

function encoderOf(options: Choices, engine = reference): TransformerEncoder {
  const encoder = new TransformerEncoder(width, {
    layers: 2,
    heads: 2,
    hidden: 5,
    maximumLength: 8,
    random: new Random(1),
    engine,
    ...options,
  });
  scramble(encoder);
  return encoder;
}

/** `PE[pos, 2i] = sin(pos / 10000^(2i / width))`, `PE[pos, 2i + 1] = cos(same)`. */
function withSinusoids(x: Matrix, positions: readonly number[]): Matrix {
  const added = x.clone();
  positions.forEach((position, row) => {
    for (let c = 0; c < width; c++) {
      const angle = position / 10000 ** ((c - (c % 2)) / width);
      added.set(row, c, x.get(row, c) + (c % 2 === 0 ? Math.sin(angle) : Math.cos(angle)));
    }
  });
  return added;
}

const positionsOfAll = [0, 1, 2, 0, 1, 2, 3, 4, 0];
const sequenceOfAll = [0, 0, 0, 2, 2, 2, 2, 2, 3];
const isTogether = (i: number, j: number) => sequenceOfAll[i] === sequenceOfAll[j];

for (const { engine, tolerance } of testedEngines()) {
  describe(`a transformer encoder on the ${engine.name} engine`, () => {
    const x = randomMatrix(elements, width, 2);

    it("is its layers one after the other, on elements with sinusoids added", () => {
      const encoder = encoderOf({}, engine);
      const output = encoder.forward(tensor(x, { engine }), { lengths });
      const expected = encoder.layers.reduce(
        (y, layer) => encoderLayerFormula(layer, y, { attends: isTogether }),
        withSinusoids(x, positionsOfAll),
      );
      expect(differenceFrom(output, expected)).toBeLessThan(50 * tolerance);
    });

    it("normalizes at the end where layers normalize first, and attends to no later element if causal", () => {
      const encoder = encoderOf({ normalization: "pre", activation: "gelu", causal: true }, engine);
      const output = encoder.forward(tensor(x, { engine }), { lengths });
      const expected = encoder.layers.reduce(
        (y, layer) => encoderLayerFormula(layer, y, { attends: (i, j) => isTogether(i, j) && j <= i }),
        withSinusoids(x, positionsOfAll),
      );
      expect(differenceFrom(output, layerNormFormula(expected, encoder.finalNorm!))).toBeLessThan(50 * tolerance);
    });

    it("adds the rows of the positions that are learned", () => {
      const encoder = encoderOf({ positions: "learned" }, engine);
      const output = encoder.forward(tensor(x, { engine }), { lengths });
      const rows = encoder.positions.learned!.weight.toMatrix().subMatrixRow(positionsOfAll);
      const expected = encoder.layers.reduce(
        (y, layer) => encoderLayerFormula(layer, y, { attends: isTogether }),
        Matrix.add(x, rows),
      );
      expect(differenceFrom(output, expected)).toBeLessThan(50 * tolerance);
    });

    it("turns queries and keys by their positions", () => {
      const encoder = encoderOf({ positions: "rotary", base: 50 }, engine);
      const output = encoder.forward(tensor(x, { engine }), { lengths });
      const rotary = { receivers: positionsOfAll, senders: positionsOfAll, base: 50 };
      const expected = encoder.layers.reduce(
        (y, layer) => encoderLayerFormula(layer, y, { attends: isTogether, rotary }),
        x,
      );
      expect(differenceFrom(output, expected)).toBeLessThan(50 * tolerance);
    });

    it("adds what is learned for a distance to the logits of every layer", () => {
      const encoder = encoderOf({ positions: "relative", distances: clippedBuckets(2) }, engine);
      const output = encoder.forward(tensor(x, { engine }), { lengths });
      const table = encoder.positions.relative!.weight.toMatrix();
      const bias = (i: number, j: number, head: number) =>
        table.get(Math.max(-2, Math.min(2, positionsOfAll[j]! - positionsOfAll[i]!)) + 2, head);
      const expected = encoder.layers.reduce(
        (y, layer) => encoderLayerFormula(layer, y, { attends: isTogether, bias }),
        x,
      );
      expect(differenceFrom(output, expected)).toBeLessThan(50 * tolerance);
    });

    it("takes the distance from the logits, times the slope of the head", () => {
      const encoder = encoderOf({ positions: "alibi" }, engine);
      const output = encoder.forward(tensor(x, { engine }), { lengths });
      const bias = (i: number, j: number, head: number) =>
        -(2 ** (-4 * (head + 1))) * Math.abs(positionsOfAll[i]! - positionsOfAll[j]!);
      const expected = encoder.layers.reduce(
        (y, layer) => encoderLayerFormula(layer, y, { attends: isTogether, bias }),
        x,
      );
      expect(differenceFrom(output, expected)).toBeLessThan(50 * tolerance);
    });

    for (const positions of choices) {
      it(`gives packed sequences what it gives each alone, positions ${positions}`, () => {
        const encoder = encoderOf({ positions, normalization: "pre", keyValueHeads: 1 }, engine);
        const output = encoder.forward(tensor(x, { engine }), { lengths }).toMatrix();
        for (const sequence of [0, 2, 3]) {
          const rows = positionsOfAll.flatMap((_, row) => (sequenceOfAll[row] === sequence ? [row] : []));
          const alone = encoder.forward(tensor(x.subMatrixRow(rows), { engine }));
          expect(differenceFrom(alone, output.subMatrixRow(rows))).toBeLessThan(50 * tolerance);
        }
      });

      it(`gives step by step what it gives for all at once, positions ${positions}`, () => {
        for (const normalization of ["pre", "post"] as const) {
          const encoder = encoderOf({ positions, normalization, causal: true, keyValueHeads: 1 }, engine);
          const [batch, steps] = [3, 5];
          const all = randomMatrix(batch * steps, width, 4);
          const expected = encoder
            .forward(tensor(all, { engine }), { lengths: new Array(batch).fill(steps) })
            .toMatrix();
          let state = encoder.begin(batch);
          for (let t = 0; t < steps; t++) {
            const rows = Array.from({ length: batch }, (_, b) => b * steps + t);
            const next = encoder.step(tensor(all.subMatrixRow(rows), { engine }), state);
            expect(differenceFrom(next.output, expected.subMatrixRow(rows))).toBeLessThan(50 * tolerance);
            state = next.state;
          }
          expect(state.steps).toBe(steps);
        }
      });
    }
  });
}

describe("a transformer encoder", () => {
  const x = tensor(randomMatrix(elements, width, 2), { engine: reference });

  for (const positions of choices) {
    it(`${positions === "none" ? "does not see" : "sees"} the order of elements with positions ${positions}`, () => {
      const encoder = encoderOf({ positions });
      const numbers = randomMatrix(8, width, 3);
      const reordered = [4, 2, 0, 1, 7, 3, 5, 6];
      const before = encoder
        .forward(tensor(numbers, { engine: reference }))
        .toMatrix()
        .subMatrixRow(reordered);
      const after = encoder.forward(tensor(numbers.subMatrixRow(reordered), { engine: reference }));
      if (positions === "none") expect(differenceFrom(after, before)).toBeLessThan(1e-12);
      else expect(differenceFrom(after, before)).toBeGreaterThan(1e-3);
    });

    it(`learns every parameter, positions ${positions}`, () => {
      const encoder = encoderOf({ positions });
      backward(unevenSum(encoder.forward(x, { lengths, training: { random: new Random(1) } })));
      for (const [name, { grad }] of encoder.namedParameters()) {
        const largest = Math.max(...Array.from(grad?.dataSync() ?? [0], Math.abs));
        // A bias of all keys moves all logits of a row alike, which softmax does not see.
        if (!name.endsWith("keyProjection.bias") || positions === "rotary") expect(largest, name).toBeGreaterThan(1e-6);
      }
    });
  }

  it("gives the attention of each layer on request", () => {
    const encoder = encoderOf({ causal: true });
    const { output, weights, neighborhood } = encoder.detailed(x, { lengths });
    expect(differenceFrom(output, encoder.forward(x, { lengths }).toMatrix())).toBeLessThan(1e-12);
    expect(weights.map(({ shape }) => shape)).toEqual([
      [6 + 15 + 1, 2],
      [6 + 15 + 1, 2],
    ]);
    const { offsets } = neighborhood.sparse();
    for (const ofLayer of weights) {
      const rows = ofLayer.toMatrix().to2DArray();
      for (let i = 0; i < elements; i++) {
        const row = rows.slice(offsets[i], offsets[i + 1]);
        for (const head of [0, 1]) expect(row.reduce((total, edge) => total + edge[head]!, 0)).toBeCloseTo(1, 12);
      }
    }
  });

  it("takes another neighborhood", () => {
    const encoder = encoderOf({});
    const output = encoder.forward(x, { neighborhood: window(elements, { radius: 1 }) });
    const all = Array.from({ length: elements }, (_, i) => i);
    const expected = encoder.layers.reduce(
      (y, layer) => encoderLayerFormula(layer, y, { attends: (i, j) => Math.abs(i - j) <= 1 }),
      withSinusoids(x.toMatrix(), all),
    );
    expect(differenceFrom(output, expected)).toBeLessThan(1e-10);
  });

  it("drops from the elements where positions are added, and in each layer", () => {
    for (const [positions, masks] of [
      ["sinusoidal", 1 + 2 * 4],
      ["none", 2 * 4],
    ] as const) {
      const encoder = encoderOf({ positions, dropout: 0.5 });
      const counted = { forward: new CountingRandom(1), detailed: new CountingRandom(1) };
      encoder.forward(x, { lengths, training: { random: counted.forward } });
      encoder.detailed(x, { lengths, training: { random: counted.detailed } });
      expect([counted.forward.drawn, counted.detailed.drawn]).toEqual([masks, masks]);
    }
  });

  it("drops numbers of the elements with their positions while training", () => {
    const encoder = encoderOf({ dropout: 0.5 });
    const trained = (seed: number) => encoder.forward(x, { training: { random: new Random(seed) } }).dataSync();
    expect(trained(1)).toEqual(trained(1));
    expect(trained(1)).not.toEqual(trained(2));
    expect([encoder.dropout.probability, encoder.forward(x).dataSync()]).toEqual([0.5, encoder.forward(x).dataSync()]);
  });

  it("has one table of relative positions for all layers", () => {
    const names = [...encoderOf({ positions: "relative" }).namedParameters().keys()];
    expect(names.filter((name) => name.includes("relative"))).toEqual(["positions.relative.weight"]);
  });
});

describe("sequences that are continued", () => {
  const encoder = encoderOf({ causal: true, positions: "relative" });
  const all = randomMatrix(8, width, 4);
  const at = (...rows: number[]) => tensor(all.subMatrixRow(rows), { engine: reference });

  function after(state: GenerationState, ...steps: readonly number[][]): GenerationState {
    return steps.reduce((before, rows) => encoder.step(at(...rows), before).state, state);
  }

  it("can be selected, in any order and more than once", () => {
    const state = encoder.select(after(encoder.begin(2), [0, 1], [2, 3]), Uint32Array.of(1, 0, 1));
    expect([state.batch, state.steps]).toEqual([3, 2]);
    const { output } = encoder.step(at(4, 5, 6), state);
    const expected = [
      [1, 3, 4],
      [0, 2, 5],
      [1, 3, 6],
    ].map((rows) =>
      encoder
        .forward(at(...rows))
        .toMatrix()
        .getRow(2),
    );
    expect(differenceFrom(output, new Matrix(expected))).toBeLessThan(1e-12);
  });

  it("leave earlier states as they were", () => {
    const early = after(encoder.begin(1), [0]);
    const before = encoder.step(at(1), early).output.toMatrix();
    after(early, [2], [3]);
    expect(differenceFrom(encoder.step(at(1), early).output, before)).toBe(0);
  });

  it("can be selected before they begin", () => {
    const state = encoder.select(encoder.begin(1), Uint32Array.of(0, 0));
    expect(encoder.step(at(0, 1), state).output.shape).toEqual([2, width]);
  });

  const refused: readonly (readonly [string, () => unknown, string])[] = [
    ["in a stack that looks ahead", () => encoderOf({}).begin(1), "not-causal"],
    ["when there are none", () => encoder.begin(0), "out-of-range"],
    ["by fewer elements", () => encoder.step(at(0), encoder.begin(2)), "shapes-differ"],
    [
      "by elements of another width",
      () => encoder.step(tensor([1], [1, 1], { engine: reference }), encoder.begin(1)),
      "shapes-differ",
    ],
    [
      "by a stack with another count of layers",
      () => encoderOf({ causal: true, layers: 3 }).step(at(1), after(encoder.begin(1), [0])),
      "shapes-differ",
    ],
    ["that are not there", () => encoder.select(encoder.begin(2), Uint32Array.of(2)), "index-out-of-range"],
  ];
  for (const [what, call, code] of refused) {
    it(`are refused ${what}`, () => expect(call).toThrow(expect.objectContaining({ code })));
  }
});

describe("a transformer encoder refuses", () => {
  const made: readonly (readonly [string, object, string])[] = [
    ["an option that nobody reads", { depth: 2 }, "unknown-option"],
    ["to be rotary twice", { rotary: true }, "unknown-option"],
    ["no layers", { layers: 0 }, "out-of-range"],
    ["positions that are not there", { positions: "absolute" }, "out-of-range"],
    ["a base of 0", { base: 0 }, "out-of-range"],
    ["learned positions without a length", { positions: "learned", maximumLength: undefined }, "missing-input"],
    ["heads that do not divide the width", { heads: 3 }, "out-of-range"],
  ];
  for (const [what, options, code] of made) {
    it(what, () => expect(() => encoderOf(options)).toThrow(expect.objectContaining({ name: "OptionError", code })));
  }

  const x = tensor(randomMatrix(elements, width, 2), { engine: reference });
  const used: readonly (readonly [string, () => unknown, string])[] = [
    ["lengths of other elements", () => encoderOf({}).forward(x, { lengths: [3, 5] }), "shapes-differ"],
    ["a length that is no count", () => encoderOf({}).forward(x, { lengths: [9.5, -0.5] }), "out-of-range"],
    [
      "elements of another width",
      () => encoderOf({}).forward(tensor([1], [1, 1], { engine: reference })),
      "shapes-differ",
    ],
    [
      "more elements than positions are learned",
      () => encoderOf({ positions: "learned" }).forward(x),
      "index-out-of-range",
    ],
  ];
  for (const [what, call, code] of used) {
    it(what, () => expect(call).toThrow(expect.objectContaining({ code })));
  }
});
