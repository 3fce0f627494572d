/** Dense self-attention by Vicinal, as one of the contestants: `node vicinal-dense-attention.js INPUTS ANSWERS NEIGHBORHOOD ELEMENTS HEADS CHANNELS`. */

import { setThreads } from "@vicinal/core";
import { answerRuns, contestantThreads, saveAnswer } from "../run/answer-runs.ts";
import { readDenseAttention } from "./dense-attention-work.ts";
import { readFloats } from "./read-floats.ts";
import { vicinalAttention } from "./vicinal-attention.ts";

const [inputs = "", answers = "", ...named] = process.argv.slice(2);
setThreads(contestantThreads());
const attention = vicinalAttention(readDenseAttention(named), {
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
