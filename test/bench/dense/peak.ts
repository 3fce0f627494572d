/**
 * As many multiplications and additions as a product has, in registers alone: the least time that 128-bit SIMD can take for it. Its answer is
 * the product by the definition, in float64, which checks those of the others. `node peak.js INPUTS ANSWERS FORM ROWS INNER COLUMNS`.
 */

import { answerRuns, saveAnswer } from "../run/answer-runs.ts";
import { compilePeak, operationsPerCount } from "./peak-module.ts";
import { multiplyByDefinition } from "./product-by-definition.ts";
import { readProduct, timeProduct } from "./product-work.ts";
import { readFloats } from "./read-floats.ts";

const [inputs = "", answers = "", ...named] = process.argv.slice(2);
const product = readProduct(named);
saveAnswer(answers, "out", multiplyByDefinition(product, readFloats(inputs, "a"), readFloats(inputs, "b")));

const peak = compilePeak();
const count = Math.ceil((2 * product.rows * product.inner * product.columns) / operationsPerCount);
await answerRuns(() =>
  timeProduct(() => {
    // The factor keeps the numbers from growing and from becoming subnormal, which would be slow.
    peak(count, 0.5, 1);
  }),
);
