import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { meanWeights } from "../attention/inspect/weight-matrices.ts";
import { checkGradients } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { Random } from "../random.ts";
import { backward } from "../tensor/backward.ts";
import { tensor } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { AttendingTargetDecoder } from "./decoder/attending-target-decoder.ts";
import { RecurrentTargetDecoder } from "./decoder/recurrent-target-decoder.ts";
import type { EncodedSources } from "./decoder/target-decoder.ts";
import type { WriteOptions } from "./decoder/token-decoder.ts";
import { Seq2Seq, type Seq2SeqOptions } from "./seq2seq.ts";

type Choice = Pick<Seq2SeqOptions, "encoder" | "decoder">;
const attending = { kind: "transformer", layers: 2, heads: 2, hidden: 6 } as const;
const choices: Readonly<Record<string, Choice>> = {
  "gru and Bahdanau": {
    encoder: { kind: "gru", hidden: 3, bidirectional: true },
    decoder: { kind: "bahdanau", hidden: 5, layers: 2 },
  },
  "lstm and Luong": { encoder: { kind: "lstm", hidden: 4, layers: 2 }, decoder: { kind: "luong", hidden: 5 } },
  transformer: { encoder: attending, decoder: attending },
  "transformer and Luong": {
    encoder: { ...attending, positions: "relative", normalization: "pre" },
    decoder: { kind: "luong", hidden: 5, project: "both" },
  },
};

const [sourceTokens, targetTokens, begin, end] = [4, 4, 0, 1];
const reference = createReferenceEngine();

/** A model whose answers are far from even. */
function modelOf(choice: Choice, options: Partial<Seq2SeqOptions> = {}): Seq2Seq {
  const random = new Random(options.engine === undefined ? 1 : 2);
  const tokens = { sourceTokens, targetTokens, begin, end };
  const model = new Seq2Seq({ ...tokens, ...choice, width: 4, random, engine: reference, ...options });
  model.writer.output.weight.set(model.writer.output.weight.dataSync().map((weight) => 6 * weight));
  return model;
}

const sources = [[0, 3, 1], [2], [1, 1, 2, 3]];
const targets = [[2, 3], [], [3, 3, 2, 0]];

function logSoftmaxOf(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  return logits.map((logit) => logit - largest - Math.log(total));
}

/** What the writer of a model is given of one source. */
function encode({ reader }: Seq2Seq, source: readonly number[]): EncodedSources {
  const { last, ...encoded } = reader.forward({
    tokens: Uint32Array.from(source),
    lengths: Uint32Array.of(source.length),
  });
  return { ...encoded, summary: last };
}

/** The logarithm of the probability of a target and its end, one step after the other and one pair by itself. */
function stepwise(model: Seq2Seq, source: readonly number[], target: readonly number[]): number {
  let written = model.writer.decoder.begin(encode(model, source));
  let total = 0;
  [begin, ...target].forEach((token, t) => {
    const { output, next } = written.step(model.writer.embedding.forward([token]));
    const logProbabilities = logSoftmaxOf(model.writer.output.forward(output).toMatrix().getRow(0));
    total += logProbabilities[target[t] ?? end]!;
    written = next;
  });
  return total;
}

/** The same under teacher forcing, from the loss. */
const teacherForced = (model: Seq2Seq, source: ArrayLike<number>, target: ArrayLike<number>): number =>
  -model.loss([source], [target]).item() * (target.length + 1);

/** Every target of at most so many tokens. */
function everyTarget(maximumLength: number): number[][] {
  const open = [0, 1, 2, 3].filter((token) => token !== end);
  let longest: number[][] = [[]];
  const all = [...longest];
  for (let length = 1; length <= maximumLength; length++) {
    longest = longest.flatMap((answer) => open.map((token) => [...answer, token]));
    all.push(...longest);
  }
  return all;
}

for (const [name, choice] of Object.entries(choices)) {
  for (const { engine, tolerance } of testedEngines()) {
    describe(`sequence to sequence, ${name}, on the ${engine.name} engine`, () => {
      const model = modelOf(choice, { engine });

      it("has the loss that follows from its probabilities step by step", () => {
        const expected = sources.map((source, b) => stepwise(model, source, targets[b]!));
        const count = targets.reduce((total, { length }) => total + length + 1, 0);
        const loss = -expected.reduce((total, logProbability) => total + logProbability, 0) / count;
        expect(Math.abs(model.loss(sources, targets).item() - loss)).toBeLessThan(50 * tolerance);
      });

      it("gives for a batch what it gives for each pair alone", () => {
        const alone = sources.map((source, b) => model.forward([source], [targets[b]!]).toMatrix());
        const expected = new Matrix(alone.flatMap((matrix) => matrix.to2DArray()));
        const difference = Matrix.sub(model.forward(sources, targets).toMatrix(), expected);
        expect(difference.abs().max()).toBeLessThan(50 * tolerance);
      });

      it("translates a batch as each source alone, greedily and with a beam", () => {
        for (const options of [
          { maximumLength: 5 },
          { maximumLength: 4, beam: 3, lengthPenalty: 0.8 },
        ] satisfies WriteOptions[]) {
          const found = model.translate(sources, options);
          sources.forEach((source, b) => {
            const [alone] = model.translate([source], options);
            expect(found[b]!.tokens).toEqual(alone!.tokens);
            expect(found[b]!.logProbability).toBeCloseTo(alone!.logProbability, 4);
          });
        }
      });

      it("gives its answers the probability that reading them from the start gives", () => {
        for (const beam of [1, 3]) {
          for (const [b, { tokens, logProbability }] of model
            .translate(sources, { beam, maximumLength: 6 })
            .entries()) {
            const expected = teacherForced(model, sources[b]!, tokens);
            expect(Math.abs(logProbability - expected)).toBeLessThan(100 * tolerance);
          }
        }
      });

      it("holds nothing more after it has translated", () => {
        const translate = () => scope(() => model.translate(sources, { beam: 2, maximumLength: 6, attention: true }));
        translate();
        const { bytes, buffers } = engine.memory();
        translate();
        expect(engine.memory()).toMatchObject({ bytes, buffers });
      });
    });
  }

  describe(`sequence to sequence, ${name}`, () => {
    const model = modelOf(choice);

    it("finds the best of all answers with a beam as wide as there are", () => {
      for (const lengthPenalty of [0, 1]) {
        const found = model.translate(sources, { beam: 40, maximumLength: 3, lengthPenalty });
        sources.forEach((source, b) => {
          const scored = everyTarget(3).map((target) => {
            const logProbability = teacherForced(model, source, target);
            return { target, score: logProbability / ((5 + target.length + 1) / 6) ** lengthPenalty };
          });
          const best = scored.reduce((a, c) => (c.score > a.score ? c : a));
          expect(Array.from(found[b]!.tokens)).toEqual(best.target);
          expect(found[b]!.score).toBeCloseTo(best.score, 10);
        });
      }
    });

    it("takes the most probable token of its full output at each step when it is greedy", () => {
      const found = model.translate(sources, { maximumLength: 4 });
      sources.forEach((source, b) => {
        const answer: number[] = [];
        while (answer.length < 4) {
          const logits = model.forward([source], [answer]).toMatrix().getRow(answer.length);
          const token = logits.indexOf(Math.max(...logits));
          if (token === end) break;
          answer.push(token);
        }
        expect(Array.from(found[b]!.tokens)).toEqual(answer);
      });
    });

    it("shows on request how much each token attended to each of its source", () => {
      const found = model.translate(sources, { maximumLength: 4, attention: true });
      const aligned = model.align(
        sources,
        found.map(({ tokens }) => tokens),
      );
      found.forEach(({ attention, tokens }, b) => {
        expect([attention?.rows, attention?.columns]).toEqual([tokens.length, sources[b]!.length]);
        expect(attention!.to2DArray()).toEqual(aligned[b]!.to2DArray());
        const [alone] = model.align([sources[b]!], [tokens]);
        if (tokens.length === 0) return;
        expect(Matrix.sub(attention!, alone!).abs().max()).toBeLessThan(1e-12);
        for (const sum of attention!.sum("row")) expect(sum).toBeCloseTo(1, 12);
      });
      expect(model.translate(sources, { maximumLength: 4 })[0]).not.toHaveProperty("attention");
    });

    it("spreads the target evenly over the tokens as far as it is asked to", () => {
      const logits = model.forward(sources, targets).toMatrix().to2DArray();
      const truth = targets.flatMap((target) => [...target, end]);
      const losses = logits.map((row, k) => {
        const logProbabilities = logSoftmaxOf(row);
        const even = logProbabilities.reduce((total, value) => total + value, 0) / targetTokens;
        return -(0.9 * logProbabilities[truth[k]!]! + 0.1 * even);
      });
      const expected = losses.reduce((total, loss) => total + loss, 0) / losses.length;
      expect(model.loss(sources, targets, { labelSmoothing: 0.1 }).item()).toBeCloseTo(expected, 10);
    });

    it("drops while training by masks that follow from the seed", () => {
      const dropping = modelOf(choice, { dropout: 0.4 });
      const trained = (seed: number) =>
        dropping.loss(sources, targets, { training: { random: new Random(seed) } }).item();
      expect(trained(1)).toBe(trained(1));
      expect(trained(1)).not.toBe(trained(2));
      expect(dropping.loss(sources, targets).item()).toBe(modelOf(choice).loss(sources, targets).item());
    });

    it("reaches all of its parameters with a gradient", () => {
      const fresh = modelOf(choice);
      scope(() => backward(fresh.loss(sources, targets)));
      for (const [path, { grad }] of fresh.namedParameters()) {
        // Softmax does not see what is added to all keys.
        if (path.endsWith("keyProjection.bias")) continue;
        expect(
          grad?.dataSync().some((value) => Math.abs(value) > 1e-12),
          path,
        ).toBe(true);
      }
    });
  });
}

describe("the alignment of sequence to sequence", () => {
  const [source, target] = [sources[2]!, targets[2]!];

  it("is what a recurrent decoder weighs the source with at each step", () => {
    const model = modelOf(choices["gru and Bahdanau"]!);
    const { decoder: writing } = model.writer;
    if (!(writing instanceof RecurrentTargetDecoder)) return expect.unreachable();
    const { elements, summary, lengths } = encode(model, source);
    const memory = writing.decoder.remember(elements, lengths);
    const first = writing.bridge.map(({ weight, bias }) => {
      const sum = summary.toMatrix().mmul(weight.toMatrix().transpose());
      return Matrix.tanh(Matrix.add(sum, Matrix.rowVector(Array.from(bias!.dataSync()))));
    });
    let state = writing.decoder.start(
      1,
      first.map((matrix) => tensor(matrix, { engine: reference })),
    );
    const rows = [begin, ...target.slice(0, -1)].map((token) => {
      const step = writing.decoder.step(model.writer.embedding.forward([token]), state, memory, { weights: true });
      state = step.state;
      return Array.from(step.weights!.dataSync());
    });
    expect(
      Matrix.sub(model.align([source], [target])[0]!, new Matrix(rows))
        .abs()
        .max(),
    ).toBeLessThan(1e-12);
  });

  it("is the mean over the heads of all layers of a transformer", () => {
    const model = modelOf(choices["transformer"]!);
    const { decoder: writing } = model.writer;
    if (!(writing instanceof AttendingTargetDecoder)) return expect.unreachable();
    const x = model.writer.embedding.forward([begin, ...target.slice(0, -1)]);
    const { memoryNeighborhood, memoryWeights } = writing.decoder.detailed(x, {
      memory: encode(model, source).elements,
    });
    const ofLayers = memoryWeights.map((weights) => meanWeights(memoryNeighborhood, weights));
    const expected = ofLayers.reduce((sum, matrix) => Matrix.add(sum, matrix)).div(ofLayers.length);
    expect(
      Matrix.sub(model.align([source], [target])[0]!, expected)
        .abs()
        .max(),
    ).toBeLessThan(1e-12);
  });
});

describe("the gradients of sequence to sequence", () => {
  for (const kind of ["bahdanau", "luong"] as const) {
    it(`are those of finite differences, through the bridge of ${kind}`, () => {
      const model = modelOf(
        { encoder: { kind: "gru", hidden: 2, bidirectional: true }, decoder: { kind, hidden: 2 } },
        { width: 2 },
      );
      const loss = (): Tensor => model.loss([[0, 3], [2]], [[2], [3, 2]]);
      const checks = checkGradients(loss, Object.fromEntries(model.namedParameters()));
      for (const [path, { relativeError }] of Object.entries(checks)) expect(relativeError, path).toBeLessThan(1e-6);
    });
  }
});

describe("sequence to sequence", () => {
  const transformer = choices["transformer"]!;
  const model = modelOf(transformer);

  it("has no answers for no sources", () => {
    for (const choice of Object.values(choices)) {
      expect(modelOf(choice).translate([], { maximumLength: 3, attention: true })).toEqual([]);
    }
  });

  it("writes as far as learned positions reach and refuses to write farther, before it begins", () => {
    const learned = { ...attending, positions: "learned", maximumLength: 4 } as const;
    const short = modelOf({ encoder: learned, decoder: learned });
    short.writer.output.bias!.set([-100, -100, 100, -100]);
    expect(short.translate([[1]], { maximumLength: 3 })[0]!.tokens).toEqual(Uint32Array.of(2, 2, 2));
    const refusal = expect.objectContaining({ name: "OptionError", code: "out-of-range" });
    expect(() => short.translate([[1]], { maximumLength: 4 })).toThrow(refusal);
  });

  const nothing = { kind: "nothing" };
  const unread: object = { beams: 3 };
  const misspelt: object = { target: 3 };
  const search = (options: Partial<WriteOptions>) => () => model.translate(sources, { maximumLength: 3, ...options });
  const refused: readonly (readonly [string, () => unknown, string, string])[] = [
    ["an empty source", () => model.loss([[]], [[1]]), "DataError", "empty-sequence"],
    ["to translate an empty source", () => model.translate([[]], { maximumLength: 1 }), "DataError", "empty-sequence"],
    ["an unknown token in a source", () => model.loss([[4]], [[1]]), "DataError", "index-out-of-range"],
    ["an unknown token in a target", () => model.loss([[1]], [[4]]), "DataError", "index-out-of-range"],
    ["fewer targets than sources", () => model.loss(sources, [[1]]), "ShapeError", "shapes-differ"],
    ["to align fewer targets than sources", () => model.align(sources, [[1]]), "ShapeError", "shapes-differ"],
    ["answers of no tokens", search({ maximumLength: 0 }), "OptionError", "out-of-range"],
    ["no beam", search({ beam: 0 }), "OptionError", "out-of-range"],
    ["a negative penalty", search({ lengthPenalty: -1 }), "OptionError", "out-of-range"],
    ["an option that nobody reads, to translate", search(unread), "OptionError", "unknown-option"],
    ["an option that nobody reads", () => modelOf(transformer, misspelt), "OptionError", "unknown-option"],
    ["an end that is no token", () => modelOf(transformer, { end: targetTokens }), "OptionError", "out-of-range"],
    ["a begin that is half a token", () => modelOf(transformer, { begin: 0.5 }), "OptionError", "out-of-range"],
    ["no target tokens", () => modelOf(transformer, { targetTokens: 0 }), "OptionError", "out-of-range"],
    ["a dropout of everything", () => modelOf(transformer, { dropout: 1 }), "OptionError", "out-of-range"],
    [
      "an encoder that there is not",
      () => modelOf(Object.assign({}, transformer, { encoder: nothing })),
      "OptionError",
      "out-of-range",
    ],
    [
      "a decoder that there is not",
      () => modelOf(Object.assign({}, transformer, { decoder: nothing })),
      "OptionError",
      "out-of-range",
    ],
    [
      "an option that the encoder does not know",
      () => modelOf(Object.assign({}, transformer, { encoder: { kind: "gru", hidden: 2, heads: 2 } })),
      "OptionError",
      "unknown-option",
    ],
    [
      "an option that the decoder does not know",
      () => modelOf(Object.assign({}, transformer, { decoder: { kind: "luong", hidden: 2, heads: 2 } })),
      "OptionError",
      "unknown-option",
    ],
  ];
  for (const [what, call, errorName, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name: errorName, code })));
  }

  it("refuses to answer with parameters that are not numbers", () => {
    const broken = modelOf(transformer);
    broken.writer.output.bias!.set([0, 0, Number.NaN, 0]);
    const refusal = expect.objectContaining({ name: "DataError", code: "not-finite" });
    expect(() => broken.translate(sources, { maximumLength: 3 })).toThrow(refusal);
  });
});
