/** A product by jax-js, as one of the contestants: `node jax-product.js INPUTS ANSWERS FORM ROWS INNER COLUMNS`. */

import { type Array as JaxArray, jit, numpy as np } from "@jax-js/jax";
import { readProduct, storedShapes, timeProductAwaited } from "../dense/product-work.ts";
import { readFloats } from "../dense/read-floats.ts";
import { saveAnswer } from "../run/answer-runs.ts";
import { answerAwaitedRuns, startJax } from "./jax.ts";

const [inputs = "", answers = "", ...named] = process.argv.slice(2);
await startJax();
const product = readProduct(named);
const shapes = storedShapes(product);
const a = np.array(readFloats(inputs, "a")).reshape([...shapes.a]);
const b = np.array(readFloats(inputs, "b")).reshape([...shapes.b]);

const multiply = jit(
  (left: JaxArray, right: JaxArray): JaxArray =>
    np.matmul(product.form === "A^T B" ? left.transpose() : left, product.form === "A B^T" ? right.transpose() : right),
);

saveAnswer(answers, "out", await multiply(a.ref, b.ref).data());
await answerAwaitedRuns(() =>
  timeProductAwaited(async () => {
    const out = await multiply(a.ref, b.ref).blockUntilReady();
    out.dispose();
  }),
);
