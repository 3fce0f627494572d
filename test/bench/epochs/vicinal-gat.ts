/** An epoch of the GAT paper's network by Vicinal, as one of the contestants: `node vicinal-gat.js INPUTS ANSWERS`. */

import {
  adam,
  backward,
  crossEntropy,
  Random,
  SparseNeighborhood,
  scope,
  setThreads,
  type Tensor,
  type Training,
} from "@vicinal/core";
import { featureTensor, GAT, GATConv } from "@vicinal/graph";
import { answerRuns, contestantThreads, saveAnswer } from "../run/answer-runs.ts";
import { readGatProblem } from "./gat-work.ts";

const [inputs = "", answers = ""] = process.argv.slice(2);
setThreads(contestantThreads());
const { work, floats, indices } = readGatProblem(inputs);
const { nodes, features, classes, heads, channels, dropout, learningRate, weightDecay } = work;

const random = new Random(1);
const model = new GAT(features, classes, { random, heads, hidden: heads * channels, dropout });
const [first, second] = model.layers;
if (!(first instanceof GATConv && second instanceof GATConv)) throw new Error("expected two layers of GATConv");
for (const [layer, k] of [[first, 1] as const, [second, 2] as const]) {
  layer.linear.weight.set(floats[`weight${k}`]);
  layer.attSource.set(floats[`source${k}`]);
  layer.attTarget.set(floats[`target${k}`]);
  layer.bias?.set(floats[`bias${k}`]);
}
const optimizer = adam(model.parameters(), { learningRate, weightDecay });

const x = featureTensor({
  kind: "csr",
  rows: nodes,
  columns: features,
  indptr: indices.featureOffsets,
  indices: indices.featureColumns,
  values: floats.featureValues,
});
const neighborhood = SparseNeighborhood.fromRows({
  offsets: indices.offsets,
  senderOf: indices.senders,
  senders: nodes,
});
const targets = new Int32Array(nodes).fill(-1);
for (const node of indices.training) targets[node] = indices.labels[node]!;

function lossOf(training?: Training): Tensor {
  return crossEntropy(model.forward(x, neighborhood, { training }), targets);
}

function epoch(training?: Training): number {
  return scope(() => {
    optimizer.zeroGradients();
    const loss = lossOf(training);
    backward(loss);
    optimizer.step();
    return loss.item();
  });
}

const before = epoch();
saveAnswer(answers, "dweight1", first.linear.weight.grad?.dataSync() ?? []);
saveAnswer(answers, "losses", [before, scope(() => lossOf().item())]);
await answerRuns(() => {
  const begin = performance.now();
  epoch({ random });
  return [performance.now() - begin];
});
