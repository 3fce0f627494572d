/** An epoch of the GAT paper's network by jax-js, as one of the contestants: `node jax-gat.js INPUTS ANSWERS`. Its features are dense. */

import { readGatProblem } from "../epochs/gat-work.ts";
import { saveAnswer } from "../run/answer-runs.ts";
import { answerAwaitedRuns, startJax } from "./jax.ts";
import { JaxGat } from "./jax-gat-network.ts";

const [inputs = "", answers = ""] = process.argv.slice(2);
await startJax();
const network = new JaxGat(readGatProblem(inputs));

const { firstGradient } = await network.answer();
saveAnswer(answers, "dweight1", firstGradient);
const before = await network.step(false);
saveAnswer(answers, "losses", [before, (await network.answer()).loss]);
await answerAwaitedRuns(async () => {
  const begin = performance.now();
  await network.step(true);
  return [performance.now() - begin];
});
