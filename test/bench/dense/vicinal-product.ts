/** A product by Vicinal, as one of the contestants: `node vicinal-product.js INPUTS ANSWERS FORM ROWS INNER COLUMNS`. */

import { matmul, scope, setThreads, tensor } from "@vicinal/core";
import { answerRuns, contestantThreads, saveAnswer } from "../run/answer-runs.ts";
import { readProduct, storedShapes, timeProduct } from "./product-work.ts";
import { readFloats } from "./read-floats.ts";

const [inputs = "", answers = "", ...named] = process.argv.slice(2);
setThreads(contestantThreads());
const product = readProduct(named);
const shapes = storedShapes(product);
const a = tensor(readFloats(inputs, "a"), shapes.a);
const b = tensor(readFloats(inputs, "b"), shapes.b);
const transposed = { transposeA: product.form === "A^T B", transposeB: product.form === "A B^T" };

scope(() => saveAnswer(answers, "out", matmul(a, b, transposed).dataSync()));
await answerRuns(() =>
  timeProduct(() => {
    scope(() => void matmul(a, b, transposed));
  }),
);
