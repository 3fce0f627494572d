/**
 * A product by TensorFlow.js, as one of the contestants: `node tfjs-product.js INPUTS ANSWERS FORM ROWS INNER COLUMNS`. Its fast product takes
 * factors that are not transposed; a transposed one goes through a loop of scalars that takes five times as long or more. So, as whoever measures would
 * write it, the factor is transposed first, which is part of the work.
 */

import { matMul, type Tensor2D, tensor2d, tidy, transpose } from "@tensorflow/tfjs-core";
import { readProduct, storedShapes, timeProduct } from "../dense/product-work.ts";
import { readFloats } from "../dense/read-floats.ts";
import { answerRuns, saveAnswer } from "../run/answer-runs.ts";
import { startTfjs } from "./tfjs.ts";

const [inputs = "", answers = "", ...named] = process.argv.slice(2);
await startTfjs();
const product = readProduct(named);
const shapes = storedShapes(product);
const a = tensor2d(readFloats(inputs, "a"), [...shapes.a]);
const b = tensor2d(readFloats(inputs, "b"), [...shapes.b]);

function multiply(): Tensor2D {
  return tidy(() => matMul(product.form === "A^T B" ? transpose(a) : a, product.form === "A B^T" ? transpose(b) : b));
}

const out = multiply();
saveAnswer(answers, "out", out.dataSync());
out.dispose();
await answerRuns(() => timeProduct(() => multiply().dispose()));
