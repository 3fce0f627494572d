import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { slice } from "../../tensor/arrange.ts";
import { backward } from "../../tensor/backward.ts";
import { tensor } from "../../tensor/create.ts";
import { add } from "../../tensor/elementwise.ts";
import { withoutGradient } from "../../tensor/record.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { testedEngines } from "../../testing/engines.ts";
import {
  drawn,
  flat,
  gru,
  lstm,
  matrixOf,
  type RecurrentKind,
  readAlone,
  rowOf,
} from "../../testing/recurrent-formula.ts";

function describeKind<State>(kind: RecurrentKind<State>): void {
  const { name, parts, stateOf, partsOf, step } = kind;

  for (const { engine, tolerance } of testedEngines()) {
    const statesOf = (random: Random, count: number, rows: number, hidden: number): State[] =>
      Array.from({ length: count }, () =>
        stateOf(Array.from({ length: parts }, () => drawn(random, rows, hidden, engine))),
      );

    describe(`${name} on the ${engine.name} engine`, () => {
      it("computes its formula for each row, from the given state or from zeros", () => {
        const random = new Random(1);
        const cell = kind.cell(3, 4, { random, engine });
        const x = drawn(random, 5, 3, engine);
        const [state] = statesOf(random, 1, 5, 4);
        const given = partsOf(state!).map(matrixOf);
        const zeros = Array.from({ length: parts }, () => Matrix.zeros(5, 4));
        for (const [got, from] of [
          [cell.forward(x, state), given],
          [cell.forward(x), zeros],
        ] as const) {
          const expected = Array.from({ length: 5 }, (_, row) =>
            step(
              cell,
              rowOf(matrixOf(x), row),
              from.map((part) => rowOf(part, row)),
            ),
          );
          partsOf(got).forEach((part, k) => {
            expect(part.shape).toEqual([5, 4]);
            expect(largestError(part.dataSync(), flat(expected, k))).toBeLessThan(tolerance);
          });
        }
      });

      it("gives for a packed batch what each sequence gives alone, whatever the lengths, layers and directions", () => {
        fc.assert(
          fc.property(
            fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 }),
            fc.integer({ min: 1, max: 3 }),
            fc.boolean(),
            fc.boolean(),
            (lengths, layers, bidirectional, startsAtZero) => {
              const random = new Random(7);
              const [inputs, hidden] = [2, 3];
              const network = kind.layers(inputs, hidden, { random, engine, layers, bidirectional });
              const elements = lengths.reduce((total, length) => total + length, 0);
              const x = drawn(random, elements, inputs, engine);
              const count = layers * (bidirectional ? 2 : 1);
              const given = statesOf(random, count, lengths.length, hidden);
              const { output, state } = network.forward(x, { lengths, initial: startsAtZero ? undefined : given });
              const initial = given.map((one) =>
                lengths.map((_, b) =>
                  partsOf(one).map((part) => (startsAtZero ? Matrix.zeros(hidden, 1) : rowOf(matrixOf(part), b))),
                ),
              );
              const expected = readAlone(kind, network, matrixOf(x), lengths, initial);
              expect(output.shape).toEqual([elements, network.outputs]);
              expect(largestError(output.dataSync(), expected.output)).toBeLessThan(tolerance);
              expect(state).toHaveLength(count);
              state.forEach((one, k) => {
                partsOf(one).forEach((part, p) => {
                  expect(part.shape).toEqual([lengths.length, hidden]);
                  expect(largestError(part.dataSync(), flat(expected.states[k]!, p))).toBeLessThan(tolerance);
                });
              });
            },
          ),
          { numRuns: 40 },
        );
      });

      it("reads lengths again that were written to since", () => {
        const random = new Random(2);
        const network = kind.layers(2, 3, { random, engine });
        const x = drawn(random, 3, 2, engine);
        const lengths = [2, 1];
        const before = network.forward(x, { lengths }).output.dataSync();
        lengths.reverse();
        const after = network.forward(x, { lengths }).output.dataSync();
        expect(after).toEqual(network.forward(x, { lengths: [1, 2] }).output.dataSync());
        expect(after).not.toEqual(before);
      });

      it("drops, while training, between layers and nowhere else", () => {
        const x = drawn(new Random(3), 6, 2, engine);
        const read = (layers: number, dropout: number, seed?: number): number[] => {
          const network = kind.layers(2, 8, { random: new Random(4), engine, layers, dropout });
          const training = seed === undefined ? undefined : { random: new Random(seed) };
          return Array.from(network.forward(x, { lengths: [4, 2], training }).output.dataSync());
        };
        expect(read(1, 0.5, 1)).toEqual(read(1, 0));
        expect(read(2, 0.5)).toEqual(read(2, 0));
        expect(read(2, 0.5, 1)).toEqual(read(2, 0.5, 1));
        expect(read(2, 0.5, 1)).not.toEqual(read(2, 0.5, 2));
        expect(read(2, 0.5, 1)).not.toEqual(read(2, 0));
        expect(read(2, 0.5, 1).filter((value) => value === 0)).toEqual([]);
      });

      it("holds nothing more after ten training steps than after two", () => {
        const random = new Random(5);
        const network = kind.layers(2, 3, { random, engine, layers: 2, bidirectional: true });
        const x = drawn(random, 5, 2, engine);
        const lengths = [3, 0, 2];
        const train = (): void => scope(() => backward(unevenSum(network.forward(x, { lengths }).output)));
        for (let k = 0; k < 2; k++) train();
        const { bytes, buffers } = engine.memory();
        for (let k = 0; k < 8; k++) train();
        expect(engine.memory()).toMatchObject({ bytes, buffers });
      });

      it("keeps its gates where a gradient will be asked for, and nowhere else", () => {
        const [rows, hidden] = [5, 4];
        const cell = kind.cell(3, hidden, { random: new Random(20), engine });
        const x = drawn(new Random(21), rows, 3, engine);
        const held = (): number =>
          scope(() => {
            const before = engine.memory().bytes;
            cell.forward(x);
            return engine.memory().bytes - before;
          });
        const bytes = engine.precision === "float32" ? 4 : 8;
        expect(held() - withoutGradient(held)).toBe(rows * 4 * hidden * bytes);
      });

      it("gives no gradient to a state that asks for none, and the same ones to all else", () => {
        const gradients = [true, false].map((asks) => {
          const random = new Random(22);
          const cell = kind.cell(3, 4, { random, engine });
          const x = drawn(random, 5, 3, engine);
          const given = Array.from({ length: parts }, () => drawn(random, 5, 4, engine));
          const state = asks ? given : given.map((part) => tensor(part.dataSync(), part.shape, { engine }));
          backward(unevenSum(partsOf(cell.forward(x, stateOf(state)))[0]!));
          for (const part of state) expect(part.grad === undefined).toBe(!asks);
          return [x, ...cell.parameters()].map(({ grad }) => grad!.dataSync());
        });
        expect(gradients[0]).toEqual(gradients[1]);
      });

      it("gives the gradients that the reference engine gives", () => {
        const gradients = [engine, createReferenceEngine()].map((on) => {
          const random = new Random(6);
          const network = kind.layers(5, 7, { random, engine: on, bidirectional: true });
          const x = drawn(random, 12, 5, on);
          backward(unevenSum(network.forward(x, { lengths: [5, 1, 6] }).output));
          return [x, ...network.parameters()].map(({ grad }) => grad!.dataSync());
        });
        gradients[1]!.forEach((expected, k) => {
          expect(largestError(gradients[0]![k]!, expected)).toBeLessThan(10 * tolerance);
        });
      });
    });
  }

  describe(`the gradients of ${name}`, () => {
    const engine = createReferenceEngine();

    it("of one step are those of finite differences, for parameters, input and state", () => {
      const random = new Random(8);
      const cell = kind.cell(2, 3, { random, engine });
      const x = drawn(random, 2, 2, engine);
      const state = Array.from({ length: parts }, () => drawn(random, 2, 3, engine));
      const loss = (): Tensor =>
        partsOf(cell.forward(x, stateOf(state)))
          .map(unevenSum)
          .reduce(add);
      const leaves = { ...Object.fromEntries(cell.namedParameters()), x, ...Object.fromEntries(state.entries()) };
      for (const [leaf, { relativeError }] of Object.entries(checkGradients(loss, leaves))) {
        expect(relativeError, leaf).toBeLessThan(1e-6);
      }
    });

    for (const bidirectional of [false, true]) {
      it(`of ${bidirectional ? "a bidirectional layer" : "two layers"} are those of finite differences, for parameters, inputs and initial states`, () => {
        const random = new Random(9);
        const network = kind.layers(2, 2, { random, engine, layers: bidirectional ? 1 : 2, bidirectional });
        const lengths = [2, 0, 1, 3];
        const x = drawn(random, 6, 2, engine);
        const initial = Array.from({ length: 2 }, () =>
          Array.from({ length: parts }, () => drawn(random, 4, 2, engine)),
        );
        const loss = (): Tensor => {
          const { output, state } = network.forward(x, { lengths, initial: initial.map(stateOf) });
          return [output, ...state.flatMap(partsOf)].map(unevenSum).reduce(add);
        };
        const leaves = {
          ...Object.fromEntries(network.namedParameters()),
          x,
          ...Object.fromEntries(initial.flat().entries()),
        };
        for (const [leaf, { relativeError }] of Object.entries(checkGradients(loss, leaves))) {
          expect(relativeError, leaf).toBeLessThan(1e-6);
        }
      });
    }

    it("reach what a sequence read before, and no other sequence", () => {
      const random = new Random(10);
      const network = kind.layers(2, 3, { random, engine });
      const x = drawn(random, 5, 2, engine);
      const { output } = network.forward(x, { lengths: [2, 3] });
      backward(unevenSum(slice(output, 0, 3, 4)));
      const reached = matrixOf(x.grad!)
        .to2DArray()
        .map((row) => row.some((value) => value !== 0));
      expect(reached).toEqual([false, false, true, true, false]);
    });
  });

  describe(`the parameters of ${name}`, () => {
    const engine = createReferenceEngine();

    it("have PyTorch's shapes and are uniform in ± 1 / sqrt(hidden)", () => {
      const cell = kind.cell(40, 25, { random: new Random(11), engine });
      const rows = kind.gates * 25;
      expect([...cell.namedParameters()].map(([field, { shape }]) => [field, shape])).toEqual([
        ["weightIh", [rows, 40]],
        ["weightHh", [rows, 25]],
        ["biasIh", [rows]],
        ["biasHh", [rows]],
      ]);
      for (const [field, values] of cell.namedParameters()) {
        const largest = Math.max(...Array.from(values.dataSync(), Math.abs));
        expect(largest, field).toBeLessThanOrEqual(0.2);
        expect(largest, field).toBeGreaterThan(0.18);
      }
    });

    it("are named by layer and direction", () => {
      const network = kind.layers(2, 3, { random: new Random(12), engine, layers: 2, bidirectional: true });
      const weights = [...network.namedParameters()].filter(([path]) => path.endsWith("weightIh"));
      expect(weights.map(([path, { shape }]) => [path, shape])).toEqual([
        ["layers.0.0.weightIh", [kind.gates * 3, 2]],
        ["layers.0.1.weightIh", [kind.gates * 3, 2]],
        ["layers.1.0.weightIh", [kind.gates * 3, 6]],
        ["layers.1.1.weightIh", [kind.gates * 3, 6]],
      ]);
    });
  });

  describe(`${name} refuses`, () => {
    const engine = createReferenceEngine();
    const random = new Random(13);
    const cell = kind.cell(2, 3, { random, engine });
    const network = kind.layers(2, 3, { random, engine });
    const zeros = (...shape: number[]): Tensor =>
      tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape, { engine });
    const state = (rows: number, width: number): State =>
      stateOf(Array.from({ length: parts }, () => zeros(rows, width)));
    const misspelt = Object.assign({ random, engine }, { layer: 2 });
    const cases: readonly (readonly [what: string, call: () => unknown, error: string, code: string])[] = [
      ["an input of another width", () => cell.forward(zeros(4, 3)), "ShapeError", "shapes-differ"],
      ["an input of three dimensions", () => cell.forward(zeros(4, 2, 1)), "ShapeError", "shapes-differ"],
      ["a state of another width", () => cell.forward(zeros(4, 2), state(4, 2)), "ShapeError", "shapes-differ"],
      ["a state of fewer rows", () => cell.forward(zeros(4, 2), state(3, 3)), "ShapeError", "shapes-differ"],
      [
        "lengths that do not sum to the rows",
        () => network.forward(zeros(4, 2), { lengths: [2, 1] }),
        "ShapeError",
        "shapes-differ",
      ],
      ["a negative length", () => network.forward(zeros(1, 2), { lengths: [2, -1] }), "DataError", "out-of-range"],
      ["half an element", () => network.forward(zeros(1, 2), { lengths: [0.5, 0.5] }), "DataError", "out-of-range"],
      [
        "too few initial states",
        () => network.forward(zeros(1, 2), { lengths: [1], initial: [] }),
        "ShapeError",
        "shapes-differ",
      ],
      [
        "an initial state of fewer rows than sequences",
        () => network.forward(zeros(1, 2), { lengths: [1, 0], initial: [state(1, 3)] }),
        "ShapeError",
        "shapes-differ",
      ],
      ["a cell of no width", () => kind.cell(2, 0, { random, engine }), "OptionError", "out-of-range"],
      ["no layers", () => kind.layers(2, 3, { random, engine, layers: 0 }), "OptionError", "out-of-range"],
      [
        "a dropout of everything",
        () => kind.layers(2, 3, { random, engine, dropout: 1 }),
        "OptionError",
        "out-of-range",
      ],
      ["options that nobody reads", () => kind.layers(2, 3, misspelt), "OptionError", "unknown-option"],
      ["options that nobody reads, in a cell", () => kind.cell(2, 3, misspelt), "OptionError", "unknown-option"],
    ];
    for (const [what, call, error, code] of cases) {
      it(what, () => expect(call).toThrow(expect.objectContaining({ name: error, code })));
    }
  });
}

describeKind(gru);
describeKind(lstm);
