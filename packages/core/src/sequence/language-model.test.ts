import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Random } from "../random.ts";
import { scope } from "../tensor/scope.ts";
import { testedEngines } from "../testing/engines.ts";
import { trainBriefly } from "../testing/train-briefly.ts";
import { type GenerateOptions, LanguageModel, type LanguageModelOptions } from "./language-model.ts";

const tokens = 6;
const [begin, end] = [4, 5];
const reference = createReferenceEngine();

/** A model whose predictions are far from even. */
function modelOf(options: Partial<LanguageModelOptions> = {}): LanguageModel {
  const shape = { tokens, width: 8, layers: 2, heads: 2, hidden: 10, begin, end };
  const model = new LanguageModel({ ...shape, random: new Random(3), engine: reference, ...options });
  model.embedding.weight.set(model.embedding.weight.dataSync().map((weight) => 2 * weight));
  return model;
}

function logSoftmaxOf(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  return logits.map((logit) => logit - largest - Math.log(total));
}

/** The logarithms of the probabilities of the token after `prefix`, from the whole prefix at once. */
function nextAfter(model: LanguageModel, prefix: readonly number[]): number[] {
  // The last token of what a model reads is one that it predicts.
  const rows = model.forward([[...prefix, 0]]).toMatrix();
  return logSoftmaxOf(rows.getRow(prefix.length - (model.begin === undefined ? 1 : 0)));
}

const sequences = [[1, 2, 0], [3], [0, 0, 1, 3, 2]];

for (const { engine, tolerance } of testedEngines()) {
  describe(`a language model on the ${engine.name} engine`, () => {
    it("gives for a batch what it gives for each sequence alone", () => {
      const model = modelOf({ engine });
      const expected = new Matrix(sequences.flatMap((sequence) => model.forward([sequence]).toMatrix().to2DArray()));
      const got = model.forward(sequences).toMatrix();
      expect(Matrix.sub(got, expected).abs().max()).toBeLessThan(50 * tolerance);
    });

    it("predicts each token of a sequence, and the end, from those before it alone", () => {
      const model = modelOf({ engine });
      const rows = model.forward([[1, 2, 0]]).toMatrix();
      const others = model.forward([[1, 2, 3]]).toMatrix();
      expect(rows.rows).toBe(4);
      for (const t of [0, 1, 2]) {
        const difference = Matrix.sub(rows, others).getRow(t).map(Math.abs);
        expect(Math.max(...difference)).toBeLessThan(50 * tolerance);
      }
      expect(Math.max(...Matrix.sub(rows, others).getRow(3).map(Math.abs))).toBeGreaterThan(0.01);
    });

    for (const positions of ["sinusoidal", "learned", "rotary", "relative", "alibi"] as const) {
      it(`generates with remembered keys what reading everything again gives, positions ${positions}`, () => {
        const model = modelOf({ engine, positions, maximumLength: 12, keyValueHeads: 1 });
        const prompts = [[1, 2, 0], [], [3, 3, 1, 0, 2]];
        const found = model.generate(prompts, { maximumLength: 6 });
        prompts.forEach((prompt, b) => {
          const written: number[] = [];
          let total = 0;
          let ended = false;
          while (!ended && written.length < 6) {
            const next = nextAfter(model, [...prompt, ...written]);
            const token = next.indexOf(Math.max(...next));
            total += next[token]!;
            ended = token === end;
            if (!ended) written.push(token);
          }
          expect(Array.from(found[b]!.tokens)).toEqual(written);
          expect(found[b]!.ended).toBe(ended);
          expect(Math.abs(found[b]!.logProbability - total)).toBeLessThan(200 * tolerance);
        });
      });
    }

    it("holds nothing more after it has generated", () => {
      const model = modelOf({ engine });
      const generate = () => model.generate(sequences, { maximumLength: 6 });
      generate();
      const { bytes, buffers } = engine.memory();
      generate();
      expect(engine.memory()).toMatchObject({ bytes, buffers });
    });
  });
}

describe("a language model", () => {
  it("has the loss that follows from its probabilities prefix by prefix", () => {
    const model = modelOf();
    const expected = sequences.flatMap((sequence) =>
      [...sequence, end].map((token, t) => -nextAfter(model, sequence.slice(0, t))[token]!),
    );
    const mean = expected.reduce((total, loss) => total + loss, 0) / expected.length;
    expect(model.loss(sequences).item()).toBeCloseTo(mean, 10);
  });

  it("predicts neither the first token nor an end where it has no begin and no end", () => {
    const model = modelOf({ begin: undefined, end: undefined });
    expect(model.forward(sequences.filter(({ length }) => length > 1)).shape).toEqual([2 + 4, tokens]);
    const [found] = model.generate([[1]], { maximumLength: 40 });
    expect([found!.tokens.length, found!.ended]).toEqual([40, false]);
  });

  it("shares the vectors of tokens with its output, unless it is told not to", () => {
    const [tied, own] = [modelOf(), modelOf({ tied: false })];
    expect(own.parameterCount - tied.parameterCount).toBe(8 * tokens + tokens);
    const x = tied.embedding.weight.toMatrix();
    // What the encoder makes of the begin, in front of the vectors of all tokens.
    const made = tied.encoder.forward(tied.embedding.forward([begin])).toMatrix();
    const expected = made.mmul(x.transpose()).div(Math.sqrt(8));
    const got = tied.forward([[]]).toMatrix();
    expect(Matrix.sub(got, expected).abs().max()).toBeLessThan(1e-12);
    expect(own.forward([[]]).shape).toEqual([1, tokens]);
  });

  it("drops while training by masks that follow from the seed", () => {
    const model = modelOf({ dropout: 0.3 });
    const trained = (seed: number) => model.loss(sequences, { training: { random: new Random(seed) } }).item();
    expect(trained(1)).toBe(trained(1));
    expect(trained(1)).not.toBe(trained(2));
    expect(model.loss(sequences).item()).toBe(modelOf().loss(sequences).item());
  });

  describe("that draws", () => {
    const model = modelOf();
    const first = (count: number, options: Omit<GenerateOptions, "maximumLength" | "random">) => {
      const prompts = Array.from({ length: count }, () => [1, 2]);
      const found = model.generate(prompts, { maximumLength: 1, random: new Random(5), ...options });
      return found.map((one) => (one.ended ? end : one.tokens[0]!));
    };
    const logProbabilities = nextAfter(model, [1, 2]);

    for (const temperature of [0.5, 1, 2]) {
      it(`draws tokens as often as they are probable, at temperature ${temperature}`, () => {
        const drawn = first(2000, { temperature });
        const expected = logSoftmaxOf(logProbabilities.map((value) => value / temperature)).map(Math.exp);
        expected.forEach((probability, token) => {
          const share = drawn.filter((one) => one === token).length / drawn.length;
          expect(Math.abs(share - probability)).toBeLessThan(0.04);
        });
      });
    }

    it("draws from the most probable tokens alone when it is told how many", () => {
      const order = logProbabilities
        .map((_, token) => token)
        .sort((a, b) => logProbabilities[b]! - logProbabilities[a]!);
      const drawn = new Set(first(300, { topK: 3, temperature: 3 }));
      expect([...drawn].sort()).toEqual(order.slice(0, 3).sort());
      expect(new Set(first(20, { topK: 1, temperature: 3 }))).toEqual(new Set(order.slice(0, 1)));
      expect(new Set(first(500, { topK: 100, temperature: 9 })).size).toBe(tokens);
    });

    it("gives the same text for the same seed, whatever stands after it in the batch", () => {
      const options = (seed: number) => ({ maximumLength: 8, random: new Random(seed) });
      const [alone] = model.generate([[1]], options(7));
      expect(model.generate([[1], [2, 3], [0]], options(7))[0]!.tokens).toEqual(alone!.tokens);
      expect(
        [1, 2, 3].some((seed) => String(model.generate([[1]], options(seed))[0]!.tokens) !== String(alone!.tokens)),
      ).toBe(true);
    });

    it("tells how probable the text is for the model, and not for the way it was drawn", () => {
      const options = { maximumLength: 4, random: new Random(8), temperature: 3, topK: 4 };
      for (const { tokens: written, logProbability, ended } of model.generate([[1], [2]], options).slice(0, 1)) {
        const all = ended ? [...written, end] : [...written];
        const expected = all.reduce((total, token, t) => total + nextAfter(model, [1, ...all.slice(0, t)])[token]!, 0);
        expect(logProbability).toBeCloseTo(expected, 10);
      }
    });
  });

  it("learns a grammar in which two tokens decide all that follow", () => {
    const [numbers, length] = [7, 8];
    const run = (first: number, step: number) => Array.from({ length }, (_, t) => (first + t * step) % numbers);
    const all = Array.from({ length: numbers * numbers }, (_, k) => run(k % numbers, Math.floor(k / numbers)));
    const random = new Random(1);
    const model = new LanguageModel({
      tokens: numbers,
      width: 32,
      layers: 2,
      heads: 4,
      hidden: 64,
      random,
      engine: createWasmEngine(),
    });
    trainBriefly(model, { steps: 150, learningRate: 0.005 }, () => model.loss(all));
    const accuracy = (sequences: readonly number[][]) => {
      const logits = model.forward(sequences).toMatrix().to2DArray();
      const right = sequences.flatMap((sequence, b) =>
        sequence.slice(2).map((token, t) => {
          const row = logits[b * (length - 1) + 1 + t]!;
          return row.indexOf(Math.max(...row)) === token;
        }),
      );
      return right.filter((one) => one).length / right.length;
    };
    expect(accuracy(all)).toBeGreaterThan(0.99);
    const continued = model.generate(
      all.map((sequence) => sequence.slice(0, 2)),
      { maximumLength: length - 2 },
    );
    const right = continued.filter((one, b) => String(one.tokens) === String(all[b]!.slice(2)));
    expect(right.length / all.length).toBeGreaterThan(0.99);
  });

  const model = modelOf();
  const generate = (options: Partial<GenerateOptions>) => () => model.generate([[1]], { maximumLength: 3, ...options });
  const causal: object = { causal: false };
  const unread: object = { depth: 2 };
  const random = new Random(1);
  const refused: readonly (readonly [string, () => unknown, string, string])[] = [
    ["an unknown token", () => model.loss([[1, 6]]), "DataError", "index-out-of-range"],
    [
      "an unknown token in a prompt",
      () => model.generate([[6]], { maximumLength: 1 }),
      "DataError",
      "index-out-of-range",
    ],
    [
      "to predict nothing",
      () => modelOf({ begin: undefined, end: undefined }).loss([[1, 2], [3]]),
      "DataError",
      "empty-sequence",
    ],
    [
      "an empty sequence without a begin",
      () => modelOf({ begin: undefined }).loss([[]]),
      "DataError",
      "empty-sequence",
    ],
    [
      "an empty prompt without a begin",
      () => modelOf({ begin: undefined }).generate([[]], { maximumLength: 1 }),
      "DataError",
      "empty-sequence",
    ],
    ["to add no tokens", generate({ maximumLength: 0 }), "OptionError", "out-of-range"],
    ["a temperature of zero", generate({ random, temperature: 0 }), "OptionError", "out-of-range"],
    ["to draw from no tokens", generate({ random, topK: 0 }), "OptionError", "out-of-range"],
    ["a temperature where nothing is drawn", generate({ temperature: 2 }), "OptionError", "missing-input"],
    ["a topK where nothing is drawn", generate({ topK: 2 }), "OptionError", "missing-input"],
    ["an option that nobody reads, to generate", generate(unread), "OptionError", "unknown-option"],
    ["an option that nobody reads", () => modelOf(unread), "OptionError", "unknown-option"],
    ["not to be causal", () => modelOf(causal), "OptionError", "unknown-option"],
    ["an end that is no token", () => modelOf({ end: tokens }), "OptionError", "out-of-range"],
    ["no tokens", () => modelOf({ tokens: 0 }), "OptionError", "out-of-range"],
    [
      "more tokens than positions were learned",
      () => modelOf({ positions: "learned", maximumLength: 4 }).generate([[1, 2]], { maximumLength: 3 }),
      "OptionError",
      "out-of-range",
    ],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }

  it("writes as far as learned positions reach", () => {
    const learned = modelOf({ positions: "learned", maximumLength: 4, end: undefined });
    const [found] = scope(() => learned.generate([[1, 2]], { maximumLength: 2 }));
    expect(found!.tokens).toHaveLength(2);
  });

  it("has nothing to say to no prompts", () => {
    expect(model.generate([], { maximumLength: 3 })).toEqual([]);
  });
});
