/**
 * An epoch of the GAT paper's network by TensorFlow.js, as one of the contestants: `node tfjs-gat.js INPUTS ANSWERS plain|dense|sparse`,
 * of which `TfjsForm` says more.
 */

import { readGatProblem } from "../epochs/gat-work.ts";
import { answerRuns, saveAnswer } from "../run/answer-runs.ts";
import { startTfjs } from "./tfjs.ts";
import { TfjsGat } from "./tfjs-gat-network.ts";

const [inputs = "", answers = "", form = ""] = process.argv.slice(2);
if (form !== "plain" && form !== "dense" && form !== "sparse") {
  throw new Error(`got the form "${form}"; expected "plain", "dense" or "sparse".`);
}
await startTfjs();
const network = new TfjsGat(readGatProblem(inputs), form);

saveAnswer(answers, "dweight1", network.firstGradient());
const before = network.step(false);
saveAnswer(answers, "losses", [before, network.loss()]);
await answerRuns(() => {
  const begin = performance.now();
  network.step(true);
  return [performance.now() - begin];
});
