import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import type { Normalizer } from "../../attention/normalize/normalizer.ts";
import { softmaxNormalizer } from "../../attention/normalize/softmax.ts";
import { bilinear } from "../../attention/score/bilinear.ts";
import { dot } from "../../attention/score/dot.ts";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import type { Engine } from "../../engine/engine.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { parameter } from "../../tensor/create.ts";
import { add } from "../../tensor/elementwise.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { testedEngines } from "../../testing/engines.ts";
import type { AttentionDecoder, AttentionDecoderOptions, DecoderWidths } from "./attention-decoder.ts";
import { BahdanauDecoder } from "./bahdanau-decoder.ts";
import { reorderState } from "./decoder-state.ts";
import type { GRUCell } from "./gru-cell.ts";
import { LuongDecoder } from "./luong-decoder.ts";

const drawn = (random: Random, rows: number, columns: number, engine: Engine): Tensor =>
  parameter(
    Float32Array.from({ length: rows * columns }, () => random.normal()),
    [rows, columns],
    { engine },
  );
const matrixOf = (x: Tensor): Matrix => Matrix.from1DArray(x.shape[0]!, x.shape[1]!, Array.from(x.dataSync()));
const columnOf = (values: ArrayLike<number>): Matrix => Matrix.columnVector(Array.from(values));
const rowOf = (x: Tensor, row: number): Matrix => columnOf(matrixOf(x).getRow(row));
const stack = (...columns: readonly Matrix[]): Matrix => columnOf(columns.flatMap((column) => column.to1DArray()));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The formula of a gated recurrent unit, number by number. */
function gruStep({ weightIh, weightHh, biasIh, biasHh }: GRUCell, x: Matrix, h: Matrix): Matrix {
  const i = Matrix.add(matrixOf(weightIh).mmul(x), columnOf(biasIh.dataSync())).to1DArray();
  const s = Matrix.add(matrixOf(weightHh).mmul(h), columnOf(biasHh.dataSync())).to1DArray();
  const size = h.rows;
  return columnOf(
    h.to1DArray().map((before, k) => {
      const r = sigmoid(i[k]! + s[k]!);
      const z = sigmoid(i[size + k]! + s[size + k]!);
      return (1 - z) * Math.tanh(i[2 * size + k]! + r * s[2 * size + k]!) + z * before;
    }),
  );
}

/** Softmax of the logits of all elements, and their sum with these weights. */
function contextOf(elements: readonly Matrix[], logits: readonly number[], width: number): [Matrix, number[]] {
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  const weights = logits.map((logit) => Math.exp(logit) / total);
  const context = elements.reduce((sum, m, j) => Matrix.add(sum, Matrix.mul(m, weights[j]!)), Matrix.zeros(width, 1));
  return [context, weights];
}

/** What one sequence remembers between steps, and one step of it, in float64. */
interface Carried {
  readonly hidden: readonly Matrix[];
  readonly fed: Matrix;
}
type Step = (x: Matrix, before: Carried, elements: readonly Matrix[]) => { after: Carried; weights: number[] };

function advance(cells: readonly GRUCell[], x: Matrix, hidden: readonly Matrix[]): Matrix[] {
  let below = x;
  return cells.map((cell, layer) => {
    below = gruStep(cell, below, hidden[layer]!);
    return below;
  });
}

const bahdanauStep =
  (decoder: AttentionDecoder): Step =>
  (x, { hidden }, elements) => {
    const [w, u] = [matrixOf(decoder.queryProjection!.weight), matrixOf(decoder.keyProjection!.weight)];
    const a = decoder.namedParameters().get("scoreParameters.a")!.dataSync();
    const logits = elements.map((m) =>
      Matrix.add(w.mmul(hidden.at(-1)!), u.mmul(m))
        .to1DArray()
        .reduce((total, value, k) => total + a[k]! * Math.tanh(value), 0),
    );
    const [context, weights] = contextOf(elements, logits, decoder.memoryWidth);
    const after = advance(decoder.cells, stack(x, context), hidden);
    return { after: { hidden: after, fed: after.at(-1)! }, weights };
  };

const luongStep =
  (decoder: AttentionDecoder): Step =>
  (x, { hidden, fed }, elements) => {
    const after = advance(decoder.cells, stack(x, fed), hidden);
    const top = after.at(-1)!;
    const w = matrixOf(decoder.keyProjection!.weight);
    const [context, weights] = contextOf(
      elements,
      elements.map((m) => top.dot(w.mmul(m))),
      decoder.memoryWidth,
    );
    const out = matrixOf(decoder.namedParameters().get("outputProjection.weight")!);
    return { after: { hidden: after, fed: Matrix.tanh(out.mmul(stack(context, top))) }, weights };
  };

const kinds = [
  {
    name: "BahdanauDecoder",
    make: (w: DecoderWidths, o: AttentionDecoderOptions): AttentionDecoder => new BahdanauDecoder(w, o),
    stepOf: bahdanauStep,
  },
  {
    name: "LuongDecoder",
    make: (w: DecoderWidths, o: AttentionDecoderOptions): AttentionDecoder => new LuongDecoder(w, o),
    stepOf: luongStep,
  },
];

const widths = { inputs: 2, hidden: 3, memory: 4 };
const sumOf = (lengths: readonly number[]): number => lengths.reduce((total, length) => total + length, 0);
/** The rows of each sequence of a packed batch. */
const unpacked = (x: Tensor, lengths: readonly number[]): Matrix[][] =>
  lengths.map((length, b) => Array.from({ length }, (_, t) => rowOf(x, sumOf(lengths.slice(0, b)) + t)));

for (const { name, make, stepOf } of kinds) {
  for (const { engine, tolerance } of testedEngines()) {
    describe(`${name} on the ${engine.name} engine`, () => {
      it("gives under teacher forcing what its formula gives for each sequence alone, whatever the lengths", () => {
        const lengthPairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4 })), {
          maxLength: 4,
        });
        fc.assert(
          fc.property(lengthPairs, fc.integer({ min: 1, max: 2 }), fc.boolean(), (pairs, layers, startsAtZero) => {
            const random = new Random(1);
            const decoder = make(widths, { random, engine, layers });
            const step = stepOf(decoder);
            const [targets, sources] = [pairs.map(([length]) => length), pairs.map(([, length]) => length)];
            const x = drawn(random, sumOf(targets), widths.inputs, engine);
            const encoded = drawn(random, sumOf(sources), widths.memory, engine);
            const hidden = decoder.cells.map(() => drawn(random, pairs.length, widths.hidden, engine));
            const state = startsAtZero ? undefined : decoder.start(pairs.length, hidden);
            const memory = decoder.remember(encoded, sources);
            const output = decoder.forward(x, memory, { lengths: targets, state });

            const elements = unpacked(encoded, sources);
            const expected = unpacked(x, targets).flatMap((inputs, b) => {
              const zeros = Matrix.zeros(widths.hidden, 1);
              let carried: Carried = { hidden: hidden.map((h) => (startsAtZero ? zeros : rowOf(h, b))), fed: zeros };
              return inputs.flatMap((input) => {
                carried = step(input, carried, elements[b]!).after;
                return carried.fed.to1DArray();
              });
            });
            expect(output.shape).toEqual([sumOf(targets), widths.hidden]);
            expect(largestError(output.dataSync(), expected)).toBeLessThan(tolerance);
          }),
          { numRuns: 25 },
        );
      });

      it("steps for any receivers of any sequences, and shows the weights of each", () => {
        const random = new Random(2);
        const decoder = make(widths, { random, engine });
        const lengths = [2, 1, 3];
        const encoded = drawn(random, 6, widths.memory, engine);
        const elements = unpacked(encoded, lengths);
        const memory = decoder.remember(encoded, lengths);
        const sequences = Uint32Array.of(2, 0, 2, 2);
        const hidden = drawn(random, 4, widths.hidden, engine);
        const input = drawn(random, 4, widths.inputs, engine);
        const state = decoder.start(4, [hidden]);
        const { output, weights } = decoder.step(input, state, memory, { sequences, weights: true });
        const expected = Array.from(sequences, (sequence, row) => {
          const before = { hidden: [rowOf(hidden, row)], fed: Matrix.zeros(widths.hidden, 1) };
          return stepOf(decoder)(rowOf(input, row), before, elements[sequence]!);
        });
        const outputs = expected.flatMap(({ after }) => after.fed.to1DArray());
        expect(largestError(output.dataSync(), outputs)).toBeLessThan(tolerance);
        expect(weights?.shape).toEqual([3 + 2 + 3 + 3, 1]);
        const allWeights = expected.flatMap((step) => step.weights);
        expect(largestError(weights!.dataSync(), allWeights)).toBeLessThan(tolerance);
        const without = decoder.step(input, state, memory, { sequences });
        expect(without.weights).toBeUndefined();
        expect(largestError(without.output.dataSync(), outputs)).toBeLessThan(tolerance);
      });

      it("goes on with reordered states as each row would alone", () => {
        const random = new Random(3);
        const decoder = make(widths, { random, engine, layers: 2 });
        const encoded = drawn(random, 5, widths.memory, engine);
        const memory = decoder.remember(encoded, [2, 3]);
        const [first, second] = [drawn(random, 2, widths.inputs, engine), drawn(random, 3, widths.inputs, engine)];
        const { state } = decoder.step(first, decoder.start(2), memory);
        const sequences = Uint32Array.of(1, 0, 1);
        const { output } = decoder.step(second, reorderState(state, sequences), memory, { sequences });
        const step = stepOf(decoder);
        const elements = unpacked(encoded, [2, 3]);
        const zeros = Matrix.zeros(widths.hidden, 1);
        const expected = Array.from(sequences, (sequence, row) => {
          const start = { hidden: [zeros, zeros], fed: zeros };
          const before = step(rowOf(first, sequence), start, elements[sequence]!).after;
          return step(rowOf(second, row), before, elements[sequence]!).after.fed.to1DArray();
        });
        expect(largestError(output.dataSync(), expected.flat())).toBeLessThan(tolerance);
      });
    });
  }

  describe(name, () => {
    const engine = createReferenceEngine();

    it("has the gradients of finite differences, for parameters, inputs, memory and initial states", () => {
      const random = new Random(4);
      const decoder = make({ inputs: 1, hidden: 2, memory: 3 }, { random, engine, layers: 2 });
      const lengths = [1, 0, 2];
      const sources = [2, 1, 3];
      const x = drawn(random, 3, 1, engine);
      const encoded = drawn(random, 6, 3, engine);
      const hidden = [drawn(random, 3, 2, engine), drawn(random, 3, 2, engine)];
      const loss = (): Tensor => {
        const memory = decoder.remember(encoded, sources);
        return unevenSum(decoder.forward(x, memory, { lengths, state: decoder.start(3, hidden) }));
      };
      const leaves = {
        ...Object.fromEntries(decoder.namedParameters()),
        x,
        encoded,
        ...Object.fromEntries(hidden.entries()),
      };
      for (const [leaf, { relativeError }] of Object.entries(checkGradients(loss, leaves))) {
        expect(relativeError, leaf).toBeLessThan(1e-6);
      }
    });

    it("takes another score and normalizer, and learns the score's parameters", () => {
      const random = new Random(5);
      const decoder = make(
        { inputs: 2, hidden: 3 },
        { random, engine, score: bilinear(), project: "none", normalizer: softmaxNormalizer({ temperature: 1e-4 }) },
      );
      expect([decoder.queryProjection, decoder.keyProjection]).toEqual([undefined, undefined]);
      expect(decoder.namedParameters().get("scoreParameters.w")?.shape).toEqual([1, 3, 3]);
      const memory = decoder.remember(drawn(random, 4, 3, engine), [4]);
      const state = decoder.start(1, [drawn(random, 1, 3, engine)]);
      const { weights } = decoder.step(drawn(random, 1, 2, engine), state, memory, { weights: true });
      expect(Array.from(weights!.dataSync()).sort()).toEqual([0, 0, 0, 1].map((w) => expect.closeTo(w, 9)));
    });

    it("draws while training, and gives the logarithm of the probability of what was drawn", () => {
      const random = new Random(6);
      const seeds: (number | undefined)[] = [];
      const normalizer: Normalizer = {
        name: "drawn",
        options: {},
        normalize: (logits, rows, seed) => {
          seeds.push(seed);
          return softmaxNormalizer().normalize(logits, rows);
        },
        logProbability: (logits) => add(logits, 1),
      };
      const decoder = make(widths, { random, engine, normalizer });
      const memory = decoder.remember(drawn(random, 2, 4, engine), [1, 1]);
      const step = (training?: { random: Random }) =>
        decoder.step(drawn(random, 2, 2, engine), decoder.start(2), memory, { training });
      expect(step({ random: new Random(9) }).logProbability?.shape).toEqual([2, 1]);
      expect(step().logProbability).toBeUndefined();
      expect(seeds).toEqual([new Random(9).bits(), undefined]);
    });

    it("drops, while training, between layers", () => {
      const read = (layers: number, dropout: number, seed?: number): number[] => {
        const random = new Random(7);
        const decoder = make(widths, { random, engine, layers, dropout });
        const memory = decoder.remember(drawn(random, 3, 4, engine), [2, 1]);
        const training = seed === undefined ? undefined : { random: new Random(seed) };
        return Array.from(
          decoder.forward(drawn(random, 4, 2, engine), memory, { lengths: [3, 1], training }).dataSync(),
        );
      };
      expect(read(1, 0.5, 1)).toEqual(read(1, 0));
      expect(read(2, 0.5)).toEqual(read(2, 0));
      expect(read(2, 0.5, 1)).toEqual(read(2, 0.5, 1));
      expect(read(2, 0.5, 1)).not.toEqual(read(2, 0));
    });

    describe("refuses", () => {
      const random = new Random(9);
      const decoder = make(widths, { random, engine });
      const zeros = (rows: number, columns: number): Tensor =>
        parameter(new Float32Array(rows * columns), [rows, columns], { engine });
      const memory = decoder.remember(zeros(3, 4), [2, 1]);
      const misspelt = Object.assign({ random, engine }, { layer: 2 });
      const cases: readonly (readonly [what: string, call: () => unknown, error: string, code: string])[] = [
        ["a memory of another width", () => decoder.remember(zeros(3, 3), [2, 1]), "ShapeError", "shapes-differ"],
        ["a memory of other lengths", () => decoder.remember(zeros(3, 4), [2, 2]), "ShapeError", "shapes-differ"],
        [
          "an input of another width",
          () => decoder.step(zeros(2, 3), decoder.start(2), memory),
          "ShapeError",
          "shapes-differ",
        ],
        [
          "an input of fewer rows than the state",
          () => decoder.step(zeros(1, 2), decoder.start(2), memory),
          "ShapeError",
          "shapes-differ",
        ],
        [
          "fewer rows than sequences",
          () => decoder.step(zeros(1, 2), decoder.start(1), memory),
          "ShapeError",
          "shapes-differ",
        ],
        [
          "a sequence that the memory does not have",
          () => decoder.step(zeros(1, 2), decoder.start(1), memory, { sequences: Uint32Array.of(2) }),
          "DataError",
          "index-out-of-range",
        ],
        ["a state of another width", () => decoder.start(2, [zeros(2, 2)]), "ShapeError", "shapes-differ"],
        ["a state of more layers", () => decoder.start(1, [zeros(1, 3), zeros(1, 3)]), "ShapeError", "shapes-differ"],
        [
          "inputs of fewer sequences",
          () => decoder.forward(zeros(2, 2), memory, { lengths: [2] }),
          "ShapeError",
          "shapes-differ",
        ],
        [
          "an initial state of fewer rows than sequences",
          () => decoder.forward(zeros(2, 2), memory, { lengths: [1, 1], state: decoder.start(1) }),
          "ShapeError",
          "shapes-differ",
        ],
        [
          "a memory of another width that is not projected",
          () => make(widths, { random, engine, score: dot(), project: "none" }),
          "OptionError",
          "out-of-range",
        ],
        ["states of no width", () => make({ inputs: 2, hidden: 0 }, { random, engine }), "OptionError", "out-of-range"],
        ["no layers", () => make(widths, { random, engine, layers: 0 }), "OptionError", "out-of-range"],
        ["a dropout of everything", () => make(widths, { random, engine, dropout: 1 }), "OptionError", "out-of-range"],
        ["options that nobody reads", () => make(widths, misspelt), "OptionError", "unknown-option"],
      ];
      for (const [what, call, error, code] of cases) {
        it(what, () => expect(call).toThrow(expect.objectContaining({ name: error, code })));
      }
    });
  });
}
