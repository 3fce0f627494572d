import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Random } from "../random.ts";
import { testedEngines } from "../testing/engines.ts";
import { trainBriefly } from "../testing/train-briefly.ts";
import type { SequenceEncoderChoice } from "./encoder/sequence-encoder.ts";
import { SequenceTagger, type SequenceTaggerOptions } from "./sequence-tagger.ts";
import { packSequences } from "./tokens/packed-batch.ts";

const [tokens, labels] = [5, 3];
const choices: Readonly<Record<string, SequenceEncoderChoice>> = {
  gru: { kind: "gru", hidden: 3, bidirectional: true },
  lstm: { kind: "lstm", hidden: 4, layers: 2 },
  transformer: { kind: "transformer", layers: 2, heads: 2, hidden: 6 },
};
const reference = createReferenceEngine();

function taggerOf(encoder: SequenceEncoderChoice, options: Partial<SequenceTaggerOptions> = {}): SequenceTagger {
  return new SequenceTagger({
    tokens,
    labels,
    width: 4,
    encoder,
    random: new Random(1),
    engine: reference,
    ...options,
  });
}

const sequences = [[0, 3, 1], [4], [1, 1, 2, 3]];
const truth = [[0, 2, 1], [-1], [2, -1, 0, 0]];

for (const [name, encoder] of Object.entries(choices)) {
  for (const { engine, tolerance } of testedEngines()) {
    describe(`a sequence tagger, ${name}, on the ${engine.name} engine`, () => {
      const tagger = taggerOf(encoder, { engine });

      it("projects what the encoder makes of the vectors of the tokens", () => {
        const { embedding, encoder: encoding } = tagger.reader;
        const { tokens: flat, lengths } = packSequences(sequences);
        const made = encoding.forward(embedding.forward(flat), lengths).elements.toMatrix();
        const bias = Matrix.ones(8, 1).mmul(Matrix.rowVector(Array.from(tagger.output.bias!.dataSync())));
        const expected = made.mmul(tagger.output.weight.toMatrix().transpose()).add(bias);
        const got = tagger.forward(sequences).toMatrix();
        expect(Matrix.sub(got, expected).abs().max()).toBeLessThan(20 * tolerance);
      });

      it("gives for a batch what it gives for each sequence alone", () => {
        const expected = new Matrix(sequences.flatMap((sequence) => tagger.forward([sequence]).toMatrix().to2DArray()));
        const difference = Matrix.sub(tagger.forward(packSequences(sequences)).toMatrix(), expected);
        expect(difference.abs().max()).toBeLessThan(50 * tolerance);
      });

      it("predicts the most probable label of each token", () => {
        const expected = sequences.map((sequence) =>
          tagger
            .forward([sequence])
            .toMatrix()
            .to2DArray()
            .map((row) => row.indexOf(Math.max(...row))),
        );
        expect(tagger.predict(sequences).map((row) => Array.from(row))).toEqual(expected);
      });

      it("holds nothing more after it has predicted", () => {
        tagger.predict(sequences);
        const { bytes, buffers } = engine.memory();
        tagger.predict(sequences);
        expect(engine.memory()).toMatchObject({ bytes, buffers });
      });
    });
  }

  describe(`a sequence tagger, ${name}`, () => {
    it("has the mean cross-entropy over all labels that are known as its loss", () => {
      const tagger = taggerOf(encoder);
      const logits = tagger.forward(sequences).toMatrix().to2DArray();
      const losses = truth.flat().flatMap((label, k) => {
        if (label < 0) return [];
        const total = logits[k]!.reduce((sum, logit) => sum + Math.exp(logit), 0);
        return [Math.log(total) - logits[k]![label]!];
      });
      const expected = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      expect(tagger.loss(sequences, truth).item()).toBeCloseTo(expected, 10);
      const packed = truth.map((ofSequence) => Int32Array.from(ofSequence));
      expect(tagger.loss(packSequences(sequences), packed).item()).toBeCloseTo(expected, 10);
      const smooth = tagger.loss(sequences, truth, { labelSmoothing: 0.2 }).item();
      expect(smooth).not.toBeCloseTo(expected, 3);
    });

    it("has the gradients of finite differences", () => {
      const tagger = taggerOf(encoder, { width: 2 });
      const parameters = Object.fromEntries(tagger.namedParameters());
      for (const [path, { relativeError }] of Object.entries(
        checkGradients(() => tagger.loss([[0, 3], [4]], [[1, 0], [2]]), {
          "reader.embedding.weight": parameters["reader.embedding.weight"]!,
          "output.weight": parameters["output.weight"]!,
        }),
      )) {
        expect(relativeError, path).toBeLessThan(1e-5);
      }
    });

    it("drops while training by masks that follow from the seed", () => {
      const tagger = taggerOf(encoder, { dropout: 0.4 });
      const trained = (seed: number) =>
        tagger.loss(sequences, truth, { training: { random: new Random(seed) } }).item();
      expect(trained(1)).toBe(trained(1));
      expect(trained(1)).not.toBe(trained(2));
      expect(tagger.loss(sequences, truth).item()).toBe(taggerOf(encoder).loss(sequences, truth).item());
    });
  });
}

describe("a sequence tagger learns", () => {
  const engine = createWasmEngine();

  function accuracy(tagger: SequenceTagger, given: readonly number[][], expected: readonly number[][]): number {
    const guessed = tagger.predict(given).flatMap((row) => Array.from(row));
    const all = expected.flat();
    return guessed.filter((label, k) => label === all[k]).length / all.length;
  }

  it("whether a position is even, which no token tells", () => {
    const random = new Random(1);
    const drawn = () => Array.from({ length: 1 + random.integer(12) }, () => random.integer(3));
    const parity = (batch: readonly number[][]) => batch.map((sequence) => sequence.map((_, k) => k % 2));
    const networks: readonly (readonly [SequenceEncoderChoice, learningRate: number])[] = [
      [{ kind: "gru", hidden: 8 }, 0.02],
      [{ kind: "transformer", layers: 1, heads: 2, hidden: 32, positions: "learned", maximumLength: 12 }, 0.01],
    ];
    for (const [encoder, learningRate] of networks) {
      const tagger = new SequenceTagger({ tokens: 3, labels: 2, width: 16, encoder, random, engine });
      trainBriefly(tagger, { steps: 120, learningRate }, () => {
        const batch = Array.from({ length: 16 }, drawn);
        return tagger.loss(batch, parity(batch));
      });
      const heldOut = Array.from({ length: 100 }, drawn);
      expect(accuracy(tagger, heldOut, parity(heldOut))).toBeGreaterThan(0.97);
    }
  });

  it("which brackets have a partner, which may stand before or after them", () => {
    const random = new Random(2);
    const [open, close] = [0, 1];
    const drawn = () => Array.from({ length: 1 + random.integer(8) }, () => random.integer(2));
    const matched = (sequence: readonly number[]) => {
      const isMatched = sequence.map(() => 0);
      const waiting: number[] = [];
      sequence.forEach((bracket, k) => {
        if (bracket === open) waiting.push(k);
        const partner = bracket === close ? waiting.pop() : undefined;
        if (partner !== undefined) [isMatched[k], isMatched[partner]] = [1, 1];
      });
      return isMatched;
    };
    const score = (encoder: SequenceEncoderChoice) => {
      const heldOut = Array.from({ length: 100 }, drawn);
      const taken = new Set(heldOut.filter(({ length }) => length > 4).map(String));
      const tagger = new SequenceTagger({ tokens: 2, labels: 2, width: 8, encoder, random, engine });
      trainBriefly(tagger, { steps: 200, learningRate: 0.02 }, () => {
        const batch = Array.from({ length: 32 }, drawn).filter((sequence) => !taken.has(String(sequence)));
        return tagger.loss(batch, batch.map(matched));
      });
      return accuracy(tagger, heldOut, heldOut.map(matched));
    };
    const scores = [true, false].map((bidirectional) => score({ kind: "lstm", hidden: 16, bidirectional }));
    expect(scores[0]).toBeGreaterThan(0.97);
    // What will close an opening bracket is not known in front of it.
    expect(scores[1]).toBeLessThan(0.9);
  });
});

describe("a sequence tagger refuses", () => {
  const tagger = taggerOf(choices["gru"]!);
  const unread: object = { classes: 2 };
  const cases: readonly (readonly [string, () => unknown, string, string])[] = [
    ["an empty sequence", () => tagger.predict([[1], []]), "DataError", "empty-sequence"],
    ["an unknown token", () => tagger.predict([[1, tokens]]), "DataError", "index-out-of-range"],
    ["half a token", () => tagger.forward([[0.5]]), "DataError", "index-out-of-range"],
    ["fewer labels than tokens", () => tagger.loss([[1, 2]], [[0]]), "ShapeError", "shapes-differ"],
    ["labels of fewer sequences", () => tagger.loss([[1], [2]], [[0]]), "ShapeError", "shapes-differ"],
    [
      "labels that sum up, and are not those of each",
      () => tagger.loss([[1], [2, 3]], [[0, 1], [0]]),
      "ShapeError",
      "shapes-differ",
    ],
    ["an unknown label", () => tagger.loss([[1]], [[labels]]), "DataError", "index-out-of-range"],
    ["no labels", () => taggerOf(choices["gru"]!, { labels: 0 }), "OptionError", "out-of-range"],
    ["no tokens", () => taggerOf(choices["gru"]!, { tokens: 0 }), "OptionError", "out-of-range"],
    ["an option that nobody reads", () => taggerOf(choices["gru"]!, unread), "OptionError", "unknown-option"],
  ];
  for (const [what, call, name, code] of cases) {
    it(what, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }
});
