import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Random } from "../random.ts";
import { testedEngines } from "../testing/engines.ts";
import { trainBriefly } from "../testing/train-briefly.ts";
import type { SequenceEncoderChoice } from "./encoder/sequence-encoder.ts";
import { SequenceAttentionReadout, type SequenceReadoutName } from "./encoder/sequence-readout.ts";
import { SequenceClassifier, type SequenceClassifierOptions } from "./sequence-classifier.ts";
import { SequenceRegressor, type SequenceRegressorOptions } from "./sequence-regressor.ts";
import { packSequences } from "./tokens/packed-batch.ts";

const [tokens, classes] = [5, 3];
const encoders = {
  gru: { kind: "gru", hidden: 3, bidirectional: true },
  lstm: { kind: "lstm", hidden: 4, layers: 2 },
  transformer: { kind: "transformer", layers: 1, heads: 2, hidden: 6 },
} as const satisfies Readonly<Record<string, SequenceEncoderChoice>>;
const reference = createReferenceEngine();
const sequences = [[0, 3, 1], [4], [1, 1, 2, 3]];

const shape = { tokens, width: 4, encoder: encoders.gru, engine: reference };

function classifierOf(options: Partial<SequenceClassifierOptions> = {}): SequenceClassifier {
  return new SequenceClassifier({ ...shape, classes, random: new Random(1), ...options });
}

function regressorOf(options: Partial<SequenceRegressorOptions> = {}): SequenceRegressor {
  return new SequenceRegressor({ ...shape, random: new Random(1), ...options });
}

/** What stands for each sequence, number by number from what the encoder made, and the weights of its elements. */
function readoutOf(
  classifier: SequenceClassifier,
  choice: SequenceReadoutName,
  b: number,
): { read: number[]; weights: number[] } {
  const { elements, last } = classifier.reader.forward(packSequences([sequences[b]!]));
  const rows = elements.toMatrix().to2DArray();
  if (choice === "last") return { read: last.toMatrix().getRow(0), weights: [] };
  let weights = rows.map(() => 1 / rows.length);
  const { readout } = classifier;
  if (readout instanceof SequenceAttentionReadout) {
    const { weight, bias } = readout.keyProjection;
    const [w, bs, u] = [weight.toMatrix(), bias!.dataSync(), Matrix.columnVector(Array.from(readout.query.dataSync()))];
    const logits = rows.map((row) => {
      const key = w
        .mmul(Matrix.columnVector(row))
        .to1DArray()
        .map((value, k) => Math.tanh(value + bs[k]!));
      return u.dot(Matrix.columnVector(key));
    });
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    weights = logits.map((logit) => Math.exp(logit) / total);
  }
  const read = rows[0]!.map((_, c) => rows.reduce((sum, row, i) => sum + weights[i]! * row[c]!, 0));
  return { read, weights };
}

for (const [name, encoder] of Object.entries(encoders)) {
  for (const readout of ["attention", "mean", "last"] as const) {
    for (const { engine, tolerance } of testedEngines()) {
      describe(`a sequence classifier, ${name} read by ${readout}, on the ${engine.name} engine`, () => {
        const classifier = classifierOf({ encoder, readout, engine });
        const { output } = classifier;

        it("projects what it reads from the elements of each sequence", () => {
          const expected = sequences.map((_, b) => {
            const { read } = readoutOf(classifier, readout, b);
            const product = output.weight.toMatrix().mmul(Matrix.columnVector(read)).to1DArray();
            return product.map((value, k) => value + output.bias!.dataSync()[k]!);
          });
          const got = classifier.forward(sequences).toMatrix();
          expect(Matrix.sub(got, new Matrix(expected)).abs().max()).toBeLessThan(50 * tolerance);
          expect(Array.from(classifier.predict(sequences))).toEqual(
            expected.map((row) => row.indexOf(Math.max(...row))),
          );
        });

        it("holds nothing more after it has predicted", () => {
          classifier.predict(sequences);
          const { bytes, buffers } = engine.memory();
          classifier.predict(sequences);
          expect(engine.memory()).toMatchObject({ bytes, buffers });
        });

        if (readout !== "attention") return;
        it("shows how much each element counted", () => {
          const { output: logits, weights } = classifier.detailed(sequences);
          const difference = Matrix.sub(logits.toMatrix(), classifier.forward(sequences).toMatrix());
          expect(difference.abs().max()).toBeLessThan(20 * tolerance);
          weights.forEach((row, b) => {
            const expected = Matrix.rowVector(readoutOf(classifier, readout, b).weights);
            expect(Matrix.sub(row, expected).abs().max()).toBeLessThan(20 * tolerance);
          });
        });
      });
    }
  }
}

describe("what an encoder ended with", () => {
  it("is the last state of a recurrent network, of both directions, and the last element of a transformer", () => {
    const ends = [2, 3, 7];
    const rowsOf = (encoder: SequenceEncoderChoice) => {
      const { elements, last } = classifierOf({ encoder }).reader.forward(packSequences(sequences));
      return [elements.toMatrix().to2DArray(), last.toMatrix().to2DArray()] as const;
    };
    const [states, final] = rowsOf(encoders.gru);
    // Forward it ends at the last element, backward at the first one.
    const expected = ends.map((end, b) => [...states[end]!.slice(0, 3), ...states[[0, 3, 4][b]!]!.slice(3)]);
    expect(final).toEqual(expected);
    for (const encoder of [encoders.lstm, encoders.transformer]) {
      const [elements, last] = rowsOf(encoder);
      expect(last).toEqual(ends.map((end) => elements[end]));
    }
  });
});

describe("a sequence classifier", () => {
  it("has the mean cross-entropy over all classes that are known as its loss", () => {
    const classifier = classifierOf();
    const logits = classifier.forward(sequences).toMatrix().to2DArray();
    const lossOf = (row: readonly number[], k: number) =>
      Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0)) - row[k]!;
    const expected = (lossOf(logits[0]!, 2) + lossOf(logits[2]!, 0)) / 2;
    expect(classifier.loss(sequences, [2, -1, 0]).item()).toBeCloseTo(expected, 10);
    expect(classifier.loss(packSequences(sequences), Int8Array.of(2, -1, 0)).item()).toBeCloseTo(expected, 10);
  });

  for (const readout of ["attention", "mean", "last"] as const) {
    it(`has the gradients of finite differences, read by ${readout}`, () => {
      const classifier = classifierOf({ readout, encoder: { kind: "gru", hidden: 2 }, width: 2 });
      const parameters = Object.fromEntries(classifier.namedParameters());
      const checks = checkGradients(() => classifier.loss([[0, 3, 1], [4]], [2, 0]), parameters);
      for (const [path, { relativeError }] of Object.entries(checks)) expect(relativeError, path).toBeLessThan(1e-6);
    });
  }

  const engine = createWasmEngine();
  for (const [how, encoder, readout] of [
    ["a bidirectional GRU and attention", { kind: "gru", hidden: 24, bidirectional: true }, "attention"],
    ["an LSTM and its last state", { kind: "lstm", hidden: 24 }, "last"],
    ["a bidirectional LSTM and the mean", { kind: "lstm", hidden: 24, bidirectional: true }, "mean"],
  ] as const) {
    it(`learns whether the first and the last token agree, by ${how}`, () => {
      const random = new Random(1);
      const drawn = () => {
        const sequence = Array.from({ length: 2 + random.integer(5) }, () => random.integer(3));
        if (random.uniform() < 0.25) sequence[sequence.length - 1] = sequence[0]!;
        return sequence;
      };
      const agree = (batch: readonly number[][]) => batch.map((sequence) => Number(sequence[0] === sequence.at(-1)));
      const classifier = new SequenceClassifier({ tokens: 3, classes: 2, width: 16, encoder, readout, random, engine });
      const heldOut = Array.from({ length: 200 }, drawn);
      const taken = new Set(heldOut.filter(({ length }) => length > 4).map(String));
      trainBriefly(classifier, { steps: 200, learningRate: 0.02 }, () => {
        const batch = Array.from({ length: 48 }, drawn).filter((sequence) => !taken.has(String(sequence)));
        return classifier.loss(batch, agree(batch));
      });
      const guessed = classifier.predict(heldOut);
      const right = agree(heldOut).filter((one, b) => one === guessed[b]);
      expect(right.length / heldOut.length).toBeGreaterThan(0.95);
    });
  }

  it("attends to the one element that decides, wherever it stands", () => {
    const random = new Random(2);
    // Tokens below 3 decide; the others are noise.
    const drawn = () => {
      const noise = Array.from({ length: 4 + random.integer(5) }, () => 3 + random.integer(5));
      const place = random.integer(noise.length);
      const token = random.integer(3);
      return { sequence: noise.with(place, token), place, token };
    };
    const encoder = { kind: "transformer", layers: 1, heads: 2, hidden: 32, normalization: "pre" } as const;
    const classifier = new SequenceClassifier({ tokens: 8, classes: 3, width: 16, encoder, random, engine });
    trainBriefly(classifier, { steps: 150, learningRate: 0.01 }, () => {
      const batch = Array.from({ length: 32 }, drawn);
      return classifier.loss(
        batch.map(({ sequence }) => sequence),
        batch.map(({ token }) => token),
      );
    });
    const heldOut = Array.from({ length: 100 }, drawn);
    const given = heldOut.map(({ sequence }) => sequence);
    const guessed = classifier.predict(given);
    expect(heldOut.filter(({ token }, b) => token === guessed[b]).length).toBeGreaterThan(97);
    const { weights } = classifier.detailed(given);
    expect(heldOut.filter(({ place }, b) => weights[b]!.maxIndex()[1] === place).length).toBeGreaterThan(80);
  });
});

describe("a sequence regressor", () => {
  const values = new Matrix([
    [1, 2],
    [-1, 0.5],
    [0, 3],
  ]);

  it("has the mean squared error of all numbers as its loss", () => {
    const regressor = regressorOf({ numbers: 2 });
    const got = regressor.predict(sequences);
    expect(got.to2DArray()).toEqual(regressor.forward(sequences).toMatrix().to2DArray());
    const expected = Matrix.sub(got, values).pow(2).mean();
    expect(regressor.loss(sequences, values).item()).toBeCloseTo(expected, 12);
  });

  it("takes a list where it is one number for each sequence", () => {
    const regressor = regressorOf();
    const errors = regressor
      .predict(sequences)
      .to1DArray()
      .map((value, b) => (value - [1, -1, 0][b]!) ** 2);
    const expected = errors.reduce((sum, error) => sum + error, 0) / 3;
    expect(regressor.loss(sequences, [1, -1, 0]).item()).toBeCloseTo(expected, 12);
    expect(regressor.loss(packSequences(sequences), Float32Array.of(1, -1, 0)).item()).toBeCloseTo(expected, 12);
  });

  it("learns which share of a sequence a token has", () => {
    const random = new Random(3);
    const drawn = () => Array.from({ length: 2 + random.integer(8) }, () => random.integer(4));
    const share = (sequence: readonly number[]) => sequence.filter((token) => token === 2).length / sequence.length;
    const regressor = new SequenceRegressor({
      tokens: 4,
      width: 8,
      encoder: { kind: "gru", hidden: 16 },
      readout: "mean",
      random,
      engine: createWasmEngine(),
    });
    trainBriefly(regressor, { steps: 150, learningRate: 0.02 }, () => {
      const batch = Array.from({ length: 32 }, drawn);
      return regressor.loss(batch, batch.map(share));
    });
    const heldOut = Array.from({ length: 100 }, drawn);
    const guessed = regressor.predict(heldOut).to1DArray();
    const errors = heldOut.map((sequence, b) => Math.abs(guessed[b]! - share(sequence)));
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.05);
  });
});

describe("one answer for each sequence", () => {
  const [classifier, regressor] = [classifierOf(), regressorOf()];
  const unread: object = { labels: 2 };
  const numbers: object = { numbers: 2 };
  const nothing: object = { readout: "first" };
  const cases: readonly (readonly [string, () => unknown, string, string])[] = [
    ["an empty sequence", () => classifier.predict([[1], []]), "DataError", "empty-sequence"],
    ["an unknown token", () => regressor.predict([[tokens]]), "DataError", "index-out-of-range"],
    ["fewer classes than sequences", () => classifier.loss(sequences, [0, 1]), "ShapeError", "shapes-differ"],
    ["an unknown class", () => classifier.loss([[1]], [classes]), "DataError", "index-out-of-range"],
    ["fewer numbers than sequences", () => regressor.loss(sequences, [0, 1]), "ShapeError", "shapes-differ"],
    ["more numbers than it gives", () => regressor.loss([[1]], new Matrix([[1, 2]])), "ShapeError", "shapes-differ"],
    ["a number that is none", () => regressor.loss([[1]], [Number.NaN]), "DataError", "not-finite"],
    ["an infinite number", () => regressor.loss([[1]], [Number.POSITIVE_INFINITY]), "DataError", "not-finite"],
    [
      "weights where nothing attends",
      () => classifierOf({ readout: "mean" }).detailed(sequences),
      "OptionError",
      "no-attention",
    ],
    [
      "weights of a last state",
      () => regressorOf({ readout: "last" }).detailed(sequences),
      "OptionError",
      "no-attention",
    ],
    ["a read-out that there is not", () => classifierOf(nothing), "OptionError", "out-of-range"],
    ["no classes", () => classifierOf({ classes: 0 }), "OptionError", "out-of-range"],
    ["no numbers", () => regressorOf({ numbers: 0 }), "OptionError", "out-of-range"],
    ["an option that nobody reads", () => classifierOf(unread), "OptionError", "unknown-option"],
    ["an option of the other kind", () => classifierOf(numbers), "OptionError", "unknown-option"],
  ];
  for (const [what, call, name, code] of cases) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }
});
