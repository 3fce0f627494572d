import type { Normalizer } from "../attention/normalize/normalizer.ts";
import type { ConformanceCase } from "../engine/conformance.ts";
import type { Engine } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Random } from "../random.ts";
import { backward } from "../tensor/backward.ts";
import { parameter } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { expectClose, expectGradients, expectSameBits, expectThat } from "./conformance-checks.ts";
import { unevenSum } from "./finite-differences.ts";

/** Options of {@link normalizerConformance}. */
export interface NormalizerConformanceOptions {
  /** What the weights of a row with a finite logit sum to: 1, 1 where a logit is positive, or anything. Default `"one"`. */
  readonly sum?: "one" | "one if positive" | "any";
  /** Whether a number added to all logits of a row changes nothing. Default true. */
  readonly isShiftInvariant?: boolean;
  /** Whether the gradient is that of the weights, and not of something in their place. Default true. */
  readonly isDifferentiable?: boolean;
  /** What the random numbers follow from. Default 1. */
  readonly seed?: number;
  /** How far float32 may be from float64. Default 1e-5. */
  readonly tolerance?: number;
}

const heads = 3;
/** Rows of no position, of one, and of several. */
const lengths = [0, 1, 4, 0, 7, 2];
const offsets = Uint32Array.from([0, ...lengths].map((_, row) => lengths.slice(0, row).reduce((a, b) => a + b, 0)));
const positions = offsets[lengths.length]!;

/**
 * What every normalizer must do, whoever wrote it: give weights of 0 and more that add up, none to a logit of -Infinity and to rows without another, each row
 * and head by itself, whatever the order of its positions; have the gradients of finite differences; and give the same on every engine, twice.
 *
 * ```ts
 * for (const { name, run } of normalizerConformance(() => powerNormalizer({ power: 2 }))) test(name, run);
 * ```
 */
export function normalizerConformance(
  makeNormalizer: () => Normalizer,
  options: NormalizerConformanceOptions = {},
): ConformanceCase[] {
  const { sum = "one", isShiftInvariant = true, isDifferentiable = true, seed = 1, tolerance = 1e-5 } = options;
  const normalizer = makeNormalizer();
  const drawn = drawLogits(seed, true);
  const weightsOf = (logits: readonly number[], engine: Engine, draw?: number): Float32Array | Float64Array =>
    normalizer.normalize(leaf(logits, engine), { offsets }, draw).dataSync();
  const cases: ConformanceCase[] = [
    {
      name: "weights are 0 or more, those of -Infinity 0, and rows add up; so in evaluation and while training",
      run() {
        for (const draw of [undefined, seed]) checkWeights(weightsOf(drawn, createReferenceEngine(), draw), drawn, sum);
      },
    },
    {
      name: "the gradient is finite, and 0 where a logit is -Infinity",
      run() {
        const logits = leaf(drawn, createReferenceEngine());
        const weights = normalizer.normalize(logits, { offsets }, seed);
        if (!weights.requiresGrad) return;
        backward(unevenSum(weights));
        const gradient = logits.grad?.dataSync() ?? [];
        drawn.forEach((logit, k) => {
          expectThat(Number.isFinite(gradient[k]), `got ${gradient[k]} by logit ${k}`);
          expectThat(
            logit !== Number.NEGATIVE_INFINITY || gradient[k] === 0,
            `got ${gradient[k]} by a logit of -Infinity`,
          );
        });
      },
    },
    {
      name: "each row and head is by itself: what another one holds changes nothing",
      run() {
        const before = weightsOf(drawn, createReferenceEngine());
        const [row, head] = [4, 1];
        const isOther = (k: number) =>
          !(Math.floor(k / heads) >= offsets[row]! && Math.floor(k / heads) < offsets[row + 1]! && k % heads === head);
        const after = weightsOf(
          drawn.map((logit, k) => (isOther(k) ? 0.3 * k - 2 : logit)),
          createReferenceEngine(),
        );
        before.forEach((weight, k) => {
          expectThat(
            isOther(k) || Object.is(weight, after[k]),
            `weight ${k} changed with the logits of other rows or heads`,
          );
        });
      },
    },
    {
      name: "the order of the positions of a row changes nothing",
      run() {
        const logits = drawLogits(seed + 1, false);
        const order = permuteRows(seed);
        const weights = weightsOf(logits, createReferenceEngine());
        const reorder = (values: ArrayLike<number>) =>
          order.flatMap((p) => Array.from({ length: heads }, (_, h) => values[p * heads + h]!));
        expectClose("weights", weightsOf(reorder(logits), createReferenceEngine()), reorder(weights), 1e-12);
      },
    },
    {
      name: "every engine gives the same, twice with the same bits; nothing of no rows",
      run() {
        for (const draw of [undefined, seed]) {
          const [exact, once, again] = [createReferenceEngine(), createWasmEngine(), createWasmEngine()].map((engine) =>
            weightsOf(drawn, engine, draw),
          );
          expectSameBits("weights", again!, once!);
          expectClose("weights", once!, exact!, tolerance);
        }
        const none = parameter([], [0, heads], { engine: createReferenceEngine() });
        expectThat(normalizer.normalize(none, { offsets: Uint32Array.of(0) }).size === 0, "got weights of no rows");
      },
    },
  ];
  if (isDifferentiable) {
    cases.push({
      name: "the gradient is that of finite differences",
      run() {
        const logits = leaf(drawLogits(seed + 2, false), createReferenceEngine());
        expectGradients(normalizer.name, { logits }, () => normalizer.normalize(logits, { offsets }));
      },
    });
  }
  if (isShiftInvariant) {
    cases.push({
      name: "a number added to a row changes nothing",
      run() {
        const before = weightsOf(drawn, createReferenceEngine());
        expectClose(
          "weights",
          weightsOf(
            drawn.map((logit) => logit + 3),
            createReferenceEngine(),
          ),
          before,
          1e-10,
        );
      },
    });
  }
  return cases.map(({ name, run }) => ({ name: `${normalizer.name}: ${name}`, run }));
}

function leaf(logits: readonly number[], engine: Engine): Tensor {
  return parameter(logits, [logits.length / heads, heads], { engine });
}

function drawLogits(seed: number, masked: boolean): number[] {
  const random = new Random(seed);
  return Array.from({ length: positions * heads }, (_, k) => {
    const value = Math.fround(random.uniform(-2, 2));
    const isMasked = masked && (random.integer(6) === 0 || Math.floor(k / heads) >= offsets[5]!);
    return isMasked ? Number.NEGATIVE_INFINITY : value;
  });
}

function permuteRows(seed: number): number[] {
  const random = new Random(seed);
  return lengths.flatMap((length, row) => random.shuffle(Array.from({ length }, (_, k) => offsets[row]! + k)));
}

function checkWeights(
  weights: ArrayLike<number>,
  logits: readonly number[],
  sum: "one" | "one if positive" | "any",
): void {
  for (let row = 0; row < lengths.length; row++) {
    for (let h = 0; h < heads; h++) {
      let [total, largest] = [0, Number.NEGATIVE_INFINITY];
      for (let p = offsets[row]!; p < offsets[row + 1]!; p++) {
        const [weight, logit] = [weights[p * heads + h]!, logits[p * heads + h]!];
        expectThat(weight >= 0, `got the weight ${weight}`);
        expectThat(
          logit !== Number.NEGATIVE_INFINITY || weight === 0,
          `got the weight ${weight} of a logit of -Infinity`,
        );
        total += weight;
        largest = Math.max(largest, logit);
      }
      if (sum === "any") continue;
      const expected = (sum === "one" ? largest > Number.NEGATIVE_INFINITY : largest > 0) ? 1 : 0;
      expectThat(
        Math.abs(total - expected) < 1e-9,
        `row ${row}: got weights that sum to ${total}; expected ${expected}`,
      );
    }
  }
}
