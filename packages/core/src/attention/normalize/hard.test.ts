import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { backward } from "../../tensor/backward.ts";
import { tensor } from "../../tensor/create.ts";
import { testedEngines } from "../../testing/engines.ts";
import { drawLogitRows, type LogitRows, logitLeaf, oneRow, weightsByRow } from "../../testing/logit-rows.ts";
import { hard } from "./hard.ts";
import type { Normalizer } from "./normalizer.ts";
import { softmaxNormalizer } from "./softmax.ts";

const inf = Number.POSITIVE_INFINITY;
const oracle = createReferenceEngine();

function softmax(logits: readonly number[], temperature = 1): number[] {
  const max = Math.max(...logits);
  const powers = Matrix.columnVector([...logits])
    .sub(max)
    .div(temperature)
    .exp();
  return powers.div(powers.sum()).to1DArray();
}

/** The gradient of a loss that gives every weight a slope of its own. */
function gradientOf(normalizer: Normalizer, rows: LogitRows, seed?: number): number[] {
  const logits = logitLeaf(rows, oracle);
  backward(unevenSum(normalizer.normalize(logits, rows, seed)));
  return Array.from(logits.grad!.dataSync());
}

/** The same logits in many rows. */
function repeated(row: readonly number[], times: number): LogitRows {
  return {
    logits: Matrix.columnVector(Array.from({ length: times }, () => row).flat()),
    offsets: Uint32Array.from({ length: times + 1 }, (_, i) => i * row.length),
  };
}

/** How often each position of the row has the largest weight. */
function frequencies(normalizer: Normalizer, row: readonly number[], seeds: number, times: number): number[] {
  const rows = repeated(row, times);
  const counts = row.map(() => 0);
  for (let seed = 0; seed < seeds; seed++) {
    const weights = normalizer.normalize(logitLeaf(rows, oracle), rows, seed).dataSync();
    for (let i = 0; i < times; i++) {
      const ofRow = weights.slice(i * row.length, (i + 1) * row.length);
      counts[ofRow.indexOf(Math.max(...ofRow))]!++;
    }
  }
  return counts.map((count) => count / (seeds * times));
}

/** Within four and a half standard deviations of the mean of `draws` draws: what fixed seeds either pass or do not. */
function expectFrequencies(got: readonly number[], expected: readonly number[], draws: number): void {
  expected.forEach((p, k) => {
    expect(Math.abs(got[k]! - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / draws));
  });
}

for (const { engine, tolerance } of testedEngines()) {
  describe(`hard attention on the ${engine.name} engine`, () => {
    it("takes the largest logit of a row, the first of equal ones, and none of -Infinity alone", () => {
      const rows: LogitRows = {
        logits: new Matrix([
          [1, 5],
          [3, 5],
          [3, -inf],
          [-inf, -1e4],
          [-inf, 1e4],
          [-2, -inf],
        ]),
        offsets: Uint32Array.of(0, 3, 3, 5, 6),
      };
      const weights = hard({ estimator: "straight-through" }).normalize(logitLeaf(rows, engine), rows);
      expect(weights.toMatrix().to2DArray()).toEqual([
        [0, 1],
        [1, 0],
        [0, 0],
        [0, 0],
        [0, 1],
        [1, 0],
      ]);
    });

    it("takes the largest logit where float32 has equal weights for two", () => {
      const rows = oneRow(1, 1 + 2 ** -23);
      const normalizer = hard({ estimator: "straight-through", temperature: 100 });
      expect(Array.from(normalizer.normalize(logitLeaf(rows, engine), rows, 1).dataSync())).toEqual([0, 1]);
    });

    it("gives the log-probability of what was drawn", () => {
      const normalizer = hard({ estimator: "score-function", temperature: 0.8 });
      fc.assert(
        fc.property(fc.gen(), (generate) => {
          const rows = drawLogitRows({ integer: (least, most) => generate(fc.integer, { min: least, max: most }) }, 5);
          const logits = logitLeaf(rows, engine);
          const weights = normalizer.normalize(logits, rows, 3);
          const drawn = weights.toMatrix();
          const probability = weightsByRow(rows, (finite) => softmax(finite, 0.8));
          const expected = Matrix.zeros(rows.offsets.length - 1, rows.logits.columns);
          for (let row = 0; row < expected.rows; row++) {
            for (let h = 0; h < expected.columns; h++) {
              for (let p = rows.offsets[row]!; p < rows.offsets[row + 1]!; p++) {
                if (drawn.get(p, h) === 1) expected.set(row, h, Math.log(probability[p * expected.columns + h]!));
              }
            }
          }
          const got = normalizer.logProbability(logits, weights, rows);
          expect(got.shape).toEqual([expected.rows, expected.columns]);
          expect(largestError(got.dataSync(), expected.to1DArray())).toBeLessThan(tolerance);
        }),
      );
    });

    it("gives log-probabilities of logits of 1e4 and -1e4, and 0 for what could not be drawn", () => {
      const normalizer = hard({ estimator: "score-function" });
      const rows = { ...oneRow(1e4, -1e4, 1e4, -inf, -inf), offsets: Uint32Array.of(0, 3, 5, 5) };
      const logits = logitLeaf(rows, engine);
      const got = normalizer.logProbability(logits, tensor([0, 1, 0, 0, 0], [5, 1], { engine }), rows);
      [-2e4 - Math.LN2, 0, 0].forEach((value, row) => {
        expect(got.dataSync()[row]).toBeCloseTo(value, 2);
      });
      backward(unevenSum(got));
      const gradient = Array.from(logits.grad!.dataSync(), (slope) => slope + 0);
      [-Math.sin(1) / 2, Math.sin(1), -Math.sin(1) / 2, 0, 0].forEach((slope, k) => {
        expect(gradient[k]).toBeCloseTo(slope, 6);
      });
    });
  });
}

const uneven: LogitRows = {
  logits: new Matrix([
    [0.3, -1],
    [1.1, 0.4],
    [-0.7, 0.2],
    [2, 1],
    [0.5, 1.5],
  ]),
  offsets: Uint32Array.of(0, 3, 3, 5),
};

describe("straight-through", () => {
  it("has the gradient of softmax, with its temperature", () => {
    for (const temperature of [1, 0.4]) {
      const got = gradientOf(hard({ estimator: "straight-through", temperature }), uneven, 9);
      expect(got).toEqual(gradientOf(softmaxNormalizer({ temperature }), uneven));
      expect(Math.max(...got.map(Math.abs))).toBeGreaterThan(0.05);
    }
  });

  it("is the same while training", () => {
    const normalizer = hard({ estimator: "straight-through" });
    const logits = logitLeaf(uneven, oracle);
    expect(normalizer.normalize(logits, uneven, 4).dataSync()).toEqual(normalizer.normalize(logits, uneven).dataSync());
  });
});

describe("Gumbel-softmax", () => {
  const row = [0.5, -0.5, 1.5, 0];

  it("has its largest weight where softmax would draw it, at any temperature", () => {
    for (const temperature of [0.2, 1, 5]) {
      const normalizer = hard({ estimator: "gumbel-softmax", temperature });
      expectFrequencies(frequencies(normalizer, row, 20, 1000), softmax(row), 20_000);
    }
  });

  it("is softmax((logits + noise) / T), one noise for every temperature and logit", () => {
    const logRatios = (logits: readonly number[], temperature: number): number[] => {
      const normalizer = hard({ estimator: "gumbel-softmax", temperature });
      const rows = oneRow(...logits);
      const weights = normalizer.normalize(logitLeaf(rows, oracle), rows, 11).dataSync();
      return logits.map((_, k) => Math.log(weights[k]! / weights[0]!));
    };
    const noise = logRatios([0, 0, 0, 0], 1);
    logRatios(row, 0.5).forEach((ratio, k) => {
      expect(ratio).toBeCloseTo((row[k]! - row[0]! + noise[k]!) / 0.5, 10);
    });
  });

  it("has the gradient of finite differences", () => {
    const normalizer = hard({ estimator: "gumbel-softmax", temperature: 0.7 });
    const logits = logitLeaf(uneven, oracle);
    const loss = () => unevenSum(normalizer.normalize(logits, uneven, 6));
    expect(checkGradients(loss, { logits })["logits"]!.relativeError).toBeLessThan(1e-6);
  });

  it("if hard, is the one-hot of the sample, with the sample's gradient", () => {
    const soft = hard({ estimator: "gumbel-softmax", temperature: 0.7 });
    const oneHot = hard({ estimator: "gumbel-softmax", temperature: 0.7, hard: true });
    for (const seed of [1, 2, 3, 4]) {
      const sample = soft.normalize(logitLeaf(uneven, oracle), uneven, seed).toMatrix();
      const chosen = oneHot.normalize(logitLeaf(uneven, oracle), uneven, seed).toMatrix();
      for (const [first, end] of [
        [0, 3],
        [3, 5],
      ] as const) {
        for (const h of [0, 1]) {
          const ofRow = sample.subMatrix(first, end - 1, h, h).to1DArray();
          const expected = ofRow.map((weight) => Number(weight === Math.max(...ofRow)));
          expect(chosen.subMatrix(first, end - 1, h, h).to1DArray()).toEqual(expected);
        }
      }
      expect(gradientOf(oneHot, uneven, seed)).toEqual(gradientOf(soft, uneven, seed));
    }
  });

  it("in evaluation is the largest logit, with the gradient of softmax", () => {
    const normalizer = hard({ estimator: "gumbel-softmax", temperature: 0.7 });
    expect(gradientOf(normalizer, uneven)).toEqual(gradientOf(softmaxNormalizer({ temperature: 0.7 }), uneven));
  });
});

describe("score function", () => {
  const row = [0.5, -0.5, 1.5, 0];

  it("draws from softmax(logits / T), over seeds and over rows", () => {
    for (const temperature of [0.5, 1, 3]) {
      const normalizer = hard({ estimator: "score-function", temperature });
      expectFrequencies(frequencies(normalizer, row, 5000, 1), softmax(row, temperature), 5000);
      expectFrequencies(frequencies(normalizer, row, 1, 20_000), softmax(row, temperature), 20_000);
    }
  });

  it("draws each head by itself", () => {
    const times = 10_000;
    const rows: LogitRows = { ...repeated([0, 0], times), logits: Matrix.zeros(2 * times, 2) };
    const weights = hard({ estimator: "score-function" }).normalize(logitLeaf(rows, oracle), rows, 1).toMatrix();
    let equal = 0;
    for (let i = 0; i < times; i++) equal += Number(weights.get(2 * i, 0) === weights.get(2 * i, 1));
    expectFrequencies([equal / times], [0.5], times);
  });

  it("has no gradient through the weights, but through their log-probability that of finite differences", () => {
    const normalizer = hard({ estimator: "score-function", temperature: 0.7 });
    const logits = logitLeaf(uneven, oracle);
    const weights = normalizer.normalize(logits, uneven, 6);
    expect(weights.requiresGrad).toBe(false);
    const loss = () => unevenSum(normalizer.logProbability(logits, weights, uneven));
    expect(checkGradients(loss, { logits })["logits"]!.relativeError).toBeLessThan(1e-6);
  });
});

describe("hard refuses", () => {
  const refused = (code: string) => expect.objectContaining({ name: "OptionError", code });

  it("a temperature that is not positive and finite", () => {
    for (const temperature of [0, -1, Number.NaN, inf]) {
      expect(() => hard({ estimator: "straight-through", temperature })).toThrow(refused("out-of-range"));
    }
  });

  it("an option that the estimator does not read", () => {
    const withHard = { estimator: "score-function", hard: true } as const;
    expect(() => hard(withHard)).toThrow(refused("unknown-option"));
  });

  it("an estimator that it does not know", () => {
    const options = Object.assign({ estimator: "straight-through" } as const, JSON.parse('{ "estimator": "relax" }'));
    expect(() => hard(options)).toThrow(refused("out-of-range"));
  });
});
