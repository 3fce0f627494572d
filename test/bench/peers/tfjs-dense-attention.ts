/**
 * Dense self-attention by TensorFlow.js, as one of the contestants:
 * `node tfjs-dense-attention.js INPUTS ANSWERS complete ELEMENTS HEADS CHANNELS [--by-hand]`.
 */

import { readDenseAttention } from "../dense/dense-attention-work.ts";
import { readFloats } from "../dense/read-floats.ts";
import { answerRuns, saveAnswer } from "../run/answer-runs.ts";
import { startTfjs } from "./tfjs.ts";
import { attentionByGrads, attentionByHand } from "./tfjs-attention.ts";
import { registerAttentionGradients } from "./tfjs-gradients.ts";

const [inputs = "", answers = "", ...named] = process.argv.slice(2);
const shape = readDenseAttention(named);
if (shape.neighborhood !== "complete") throw new Error(`got ${shape.neighborhood} attention; expected complete.`);
await startTfjs();
registerAttentionGradients();
const attention = (named.includes("--by-hand") ? attentionByHand : attentionByGrads)(shape, {
  query: readFloats(inputs, "query"),
  key: readFloats(inputs, "key"),
  value: readFloats(inputs, "value"),
  gradient: readFloats(inputs, "gradient"),
});

for (const [name, values] of Object.entries(attention.answer())) saveAnswer(answers, name, values);
await answerRuns(() => {
  const begin = performance.now();
  attention.pass();
  return [performance.now() - begin];
});
