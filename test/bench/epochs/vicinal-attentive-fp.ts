/** An epoch of AttentiveFP by Vicinal, as one of the contestants: `node vicinal-attentive-fp.js INPUTS ANSWERS`. */

import { adam, backward, Random, scope, setThreads, type Tensor } from "@vicinal/core";
import {
  AttentiveFP,
  GraphCollection,
  type GraphParts,
  GraphRegression,
  graphInputs,
  meanSquaredError,
} from "@vicinal/graph";
import { answerRuns, contestantThreads, saveAnswer } from "../run/answer-runs.ts";
import { attentiveFPParameters } from "./attentive-fp-parameters.ts";
import { type AttentiveFPProblem, readAttentiveFP } from "./attentive-fp-work.ts";

/** Each molecule by itself, as a collection takes them. */
function moleculesOf({ work, atoms, bonds, atomStarts, offsets, senders }: AttentiveFPProblem): GraphParts[] {
  const { atomWidth, bondWidth } = work;
  return Array.from({ length: atomStarts.length - 1 }, (_, molecule) => {
    const [first, end] = [atomStarts[molecule]!, atomStarts[molecule + 1]!];
    const [firstBond, endBond] = [offsets[first]!, offsets[end]!];
    const rows = (values: Float32Array, width: number, from: number, to: number) => ({
      ...{ kind: "dense" as const, rows: to - from, columns: width },
      values: values.slice(from * width, to * width),
    });
    const targets = new Uint32Array(endBond - firstBond);
    for (let atom = first; atom < end; atom++) {
      targets.fill(atom - first, offsets[atom]! - firstBond, offsets[atom + 1]! - firstBond);
    }
    return {
      nodes: end - first,
      edges: { sources: senders.slice(firstBond, endBond).map((atom) => atom - first), targets },
      features: rows(atoms, atomWidth, first, end),
      edgeFeatures: rows(bonds, bondWidth, firstBond, endBond),
    };
  });
}

const [inputs = "", answers = ""] = process.argv.slice(2);
setThreads(contestantThreads());
const problem = readAttentiveFP(inputs);
const { atomWidth, bondWidth, hidden, layers, steps, dropout, learningRate, weightDecay, batchSize } = problem.work;
const random = new Random(1);
const model = new AttentiveFP(atomWidth, 1, { random, hidden, edgeDim: bondWidth, layers, steps, dropout });
const parameters = attentiveFPParameters(model);
for (const [name, values] of problem.parameters) parameters.get(name)?.set(values);
const optimizer = adam(model.parameters(), { learningRate, weightDecay });
const collection = new GraphCollection(moleculesOf(problem));
const train = Uint32Array.from(problem.targets, (_, molecule) => molecule);
const task = new GraphRegression(
  model,
  { collection, targets: problem.targets, train, validation: new Uint32Array() },
  { batchSize },
);

/** As `fit` does. */
function step(lossOf: () => Tensor): number {
  return scope(() => {
    optimizer.zeroGradients();
    const loss = lossOf();
    backward(loss);
    optimizer.step();
    return loss.item();
  });
}

const before = scope(() => {
  const batch = collection.batch(train.subarray(0, batchSize));
  const loss = meanSquaredError(model.forward(graphInputs(batch)), problem.targets.subarray(0, batchSize));
  backward(loss);
  return loss.item();
});
saveAnswer(answers, "loss", [before]);
for (const [name, parameter] of parameters) saveAnswer(answers, `d${name}`, parameter.grad?.dataSync() ?? []);
await answerRuns(() => {
  const begin = performance.now();
  for (let k = 0; k < task.stepsPerEpoch; k++) step(() => task.trainingLoss({ random }));
  return [performance.now() - begin];
});
