import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import type { Draw } from "../../engine/conformance/draw.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { backward } from "../../tensor/backward.ts";
import { testedEngines } from "../../testing/engines.ts";
import { drawLogitRows, type LogitRows, logitLeaf } from "../../testing/logit-rows.ts";
import { entmax15, sparsemax } from "./entmax.ts";
import { hard } from "./hard.ts";
import type { Normalizer } from "./normalizer.ts";
import { reluNormalizer } from "./relu.ts";
import { sigmoidNormalizer } from "./sigmoid.ts";
import { softmaxNormalizer } from "./softmax.ts";

/** What holds for a normalizer, beside what holds for all. */
interface Laws {
  readonly normalizer: Normalizer;
  /** Whether a row with a finite logit sums to 1: always, where a logit is positive, or never mind. */
  readonly sum: "one" | "one if positive" | "any";
  /** Whether a number added to all logits of a row changes nothing. */
  readonly isShiftInvariant: boolean;
}

const deterministic: readonly Laws[] = [
  { normalizer: softmaxNormalizer(), sum: "one", isShiftInvariant: true },
  { normalizer: softmaxNormalizer({ temperature: 0.3 }), sum: "one", isShiftInvariant: true },
  { normalizer: sigmoidNormalizer(), sum: "any", isShiftInvariant: false },
  { normalizer: reluNormalizer(), sum: "one if positive", isShiftInvariant: false },
  { normalizer: sparsemax(), sum: "one", isShiftInvariant: true },
  { normalizer: entmax15(), sum: "one", isShiftInvariant: true },
  { normalizer: hard({ estimator: "straight-through" }), sum: "one", isShiftInvariant: true },
];

const drawing: readonly Laws[] = [
  { normalizer: hard({ estimator: "gumbel-softmax" }), sum: "one", isShiftInvariant: true },
  {
    normalizer: hard({ estimator: "gumbel-softmax", hard: true, temperature: 0.5 }),
    sum: "one",
    isShiftInvariant: true,
  },
  { normalizer: hard({ estimator: "score-function" }), sum: "one", isShiftInvariant: true },
];

function describeLaws({ normalizer: { name, options } }: Laws): string {
  return `${name} ${JSON.stringify(options)}`;
}

function forAllRows(check: (rows: LogitRows, draw: Draw) => void, magnitude?: number): void {
  fc.assert(
    fc.property(fc.gen(), (generate) => {
      const draw: Draw = { integer: (least, most) => generate(fc.integer, { min: least, max: most }) };
      check(drawLogitRows(draw, magnitude), draw);
    }),
    { numRuns: 60 },
  );
}

/** The rows of a matrix with the positions of each row of `offsets` in another order. */
function shuffled({ logits, offsets }: LogitRows, random: Random): { order: number[]; rows: LogitRows } {
  const order = Array.from({ length: logits.rows }, (_, p) => p);
  for (let row = 0; row + 1 < offsets.length; row++) {
    const positions = random.shuffle(order.slice(offsets[row], offsets[row + 1]));
    order.splice(offsets[row]!, positions.length, ...positions);
  }
  return { order, rows: { offsets, logits: reordered(logits, order) } };
}

function reordered(x: Matrix, order: readonly number[]): Matrix {
  return order.length === 0 ? x : x.subMatrixRow([...order], 0, x.columns - 1);
}

const seed = 20_161_104;

for (const { engine, tolerance } of testedEngines()) {
  describe(`every normalizer on the ${engine.name} engine`, () => {
    for (const laws of [...deterministic, ...drawing]) {
      const { normalizer, sum } = laws;

      it(`${describeLaws(laws)}: weights are 0 or more, masked ones 0, and rows add up; so in evaluation and with a seed`, () => {
        forAllRows((rows) => {
          for (const drawn of [undefined, seed]) {
            const weights = normalizer.normalize(logitLeaf(rows, engine), rows, drawn).dataSync();
            const { logits, offsets } = rows;
            const at = (p: number, h: number): number => weights[p * logits.columns + h]!;
            for (let row = 0; row + 1 < offsets.length; row++) {
              for (let h = 0; h < logits.columns; h++) {
                let [total, largest] = [0, Number.NEGATIVE_INFINITY];
                for (let p = offsets[row]!; p < offsets[row + 1]!; p++) {
                  expect(at(p, h)).toBeGreaterThanOrEqual(0);
                  if (logits.get(p, h) === Number.NEGATIVE_INFINITY) expect(at(p, h)).toBe(0);
                  total += at(p, h);
                  largest = Math.max(largest, logits.get(p, h));
                }
                if (sum === "any") continue;
                const isEmpty = sum === "one" ? largest === Number.NEGATIVE_INFINITY : !(largest > 0);
                expect(Math.abs(total - (isEmpty ? 0 : 1))).toBeLessThan(tolerance);
              }
            }
          }
        });
      });

      it(`${describeLaws(laws)}: gradients are finite, and 0 where a logit is -Infinity`, () => {
        forAllRows((rows) => {
          const logits = logitLeaf(rows, engine);
          const weights = normalizer.normalize(logits, rows, seed);
          if (!weights.requiresGrad) return;
          backward(unevenSum(weights));
          const gradient = logits.grad!.dataSync();
          for (const [i, logit] of rows.logits.to1DArray().entries()) {
            if (logit === Number.NEGATIVE_INFINITY) expect(gradient[i]! + 0).toBe(0);
            else expect(gradient[i]).toSatisfy(Number.isFinite);
          }
        });
      });

      it(`${describeLaws(laws)}: the same every time, and nothing of no rows`, () => {
        forAllRows((rows) => {
          const numbers = (): number[] =>
            Array.from(normalizer.normalize(logitLeaf(rows, engine), rows, seed).dataSync());
          expect(numbers()).toEqual(numbers());
        });
        const none: LogitRows = { logits: Matrix.zeros(0, 3), offsets: Uint32Array.of(0) };
        expect(normalizer.normalize(logitLeaf(none, engine), none, seed).shape).toEqual([0, 3]);
      });
    }

    for (const laws of deterministic) {
      const { normalizer, isShiftInvariant } = laws;

      it(`${describeLaws(laws)}: permuting the positions of a row permutes its weights`, () => {
        forAllRows((rows, draw) => {
          if (normalizer.name.startsWith("hard")) breakTies(rows);
          const { order, rows: other } = shuffled(rows, new Random(draw.integer(0, 1000)));
          const weights = normalizer.normalize(logitLeaf(rows, engine), rows).toMatrix();
          const expected = reordered(weights, order).to1DArray();
          const got = normalizer.normalize(logitLeaf(other, engine), other).dataSync();
          expect(largestError(got, expected)).toBeLessThan(tolerance);
        });
      });

      if (!isShiftInvariant) continue;
      it(`${describeLaws(laws)}: a number added to a row changes nothing`, () => {
        forAllRows((rows, draw) => {
          // Whole numbers and quarters, which float32 adds without rounding.
          const logits = Matrix.from1DArray(
            rows.logits.rows,
            rows.logits.columns,
            rows.logits.to1DArray().map((logit) => Math.round(logit * 4) / 4),
          );
          const shifted = logits.clone().add(draw.integer(-50, 50));
          const weights = [logits, shifted].map((m) => {
            const moved = { logits: m, offsets: rows.offsets };
            return normalizer.normalize(logitLeaf(moved, engine), moved).dataSync();
          });
          expect(largestError(weights[1]!, weights[0]!)).toBeLessThan(tolerance);
        }, 5);
      });
    }

    it("hard attention in evaluation is the same for every estimator", () => {
      forAllRows((rows) => {
        const [first, ...rest] = [
          hard({ estimator: "straight-through" }),
          hard({ estimator: "gumbel-softmax" }),
          hard({ estimator: "gumbel-softmax", hard: true }),
          hard({ estimator: "score-function", temperature: 3 }),
        ].map((normalizer) => Array.from(normalizer.normalize(logitLeaf(rows, engine), rows).dataSync()));
        for (const other of rest) expect(other).toEqual(first);
      });
    });
  });
}

/** Adds a different small number to each logit, so that no two of a row are equal. */
function breakTies({ logits }: LogitRows): void {
  for (let p = 0; p < logits.rows; p++) {
    for (let h = 0; h < logits.columns; h++) logits.set(p, h, Math.fround(logits.get(p, h) * 2) + p * 2 ** -9);
  }
}

describe("what is drawn", () => {
  it.each(drawing.map((laws) => [describeLaws(laws), laws.normalizer] as const))(
    "%s: differs from seed to seed",
    (_, normalizer) => {
      const engine = createReferenceEngine();
      const rows: LogitRows = { logits: Matrix.zeros(40, 2), offsets: Uint32Array.of(0, 20, 40) };
      const draws = [1, 2, 3].map((s) => normalizer.normalize(logitLeaf(rows, engine), rows, s).dataSync().join());
      expect(new Set(draws).size).toBe(3);
    },
  );

  it("is the same on every engine", () => {
    forAllRows((rows) => {
      for (const { normalizer } of drawing) {
        const [reference, wasm] = testedEngines().map(({ engine }) =>
          normalizer.normalize(logitLeaf(rows, engine), rows, seed).dataSync(),
        );
        expect(largestError(wasm!, reference!)).toBeLessThan(1e-5);
      }
    }, 3);
  });
});
