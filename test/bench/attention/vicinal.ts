/**
 * Attention by Vicinal, as one of the contestants: `node vicinal.js INPUTS ANSWERS SCORE NODES EDGES HEADS CHANNELS`. Where ANSWERS is empty none is
 * written, and there is no copy of it in memory.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  additive,
  attend,
  backward,
  lateAdditive,
  parameter,
  SparseNeighborhood,
  scaledDot,
  scope,
  setThreads,
  sgd,
  type Tensor,
  tensor,
} from "@vicinal/core";
import { answerRuns, contestantThreads, saveAnswer } from "../run/answer-runs.ts";
import { lossWithGradient } from "../run/loss-with-gradient.ts";
import { readScoreName, tensorsOf } from "./attention-work.ts";

const [inputs = "", answers = "", named = "", ...sizes] = process.argv.slice(2);
const score = readScoreName(named);
const [nodes = 0, , heads = 0, channels = 0] = sizes.map(Number);

setThreads(contestantThreads());

/** Without a copy: large files come in a buffer of their own. */
function bytes(name: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = readFileSync(join(inputs, name));
  return byteOffset === 0 && byteLength === buffer.byteLength
    ? buffer
    : buffer.slice(byteOffset, byteOffset + byteLength);
}

function indices(name: string): Uint32Array {
  return new Uint32Array(bytes(name));
}

function floats(name: string): Float32Array {
  return new Float32Array(bytes(`${name}.f32`));
}

const neighborhood = SparseNeighborhood.fromRows({
  offsets: indices("offsets.u32"),
  senderOf: indices("senders.u32"),
  senders: nodes,
});
const upstream = tensor(floats("gradient"), [nodes, heads, channels]);
const leaves = new Map<string, Tensor>();
for (const name of tensorsOf[score].nodes) leaves.set(name, parameter(floats(name), [nodes, heads, channels]));
for (const name of tensorsOf[score].heads) leaves.set(name, parameter(floats(name), [heads, channels]));

function leaf(name: string): Tensor {
  const found = leaves.get(name);
  if (found === undefined) throw new Error(`${score} has no ${name}`);
  return found;
}

// It never steps: it is there to clear the gradients.
const optimizer = sgd([...leaves.values()], { learningRate: 0 });

function forward(): Tensor {
  const value = leaf("value");
  switch (score) {
    case "additive": {
      const parameters = { target: leaf("receiver"), source: leaf("sender") };
      return attend(neighborhood, { query: value, key: value, value }, { score: additive(), parameters });
    }
    case "late-additive": {
      const inputsOfPair = { query: leaf("query"), key: value, value };
      return attend(neighborhood, inputsOfPair, { score: lateAdditive(), parameters: { a: leaf("a") } });
    }
    case "scaled-dot":
      return attend(
        neighborhood,
        { query: leaf("query"), key: leaf("key"), value },
        { score: scaledDot(), parameters: {} },
      );
  }
}

/** One forward and one backward pass: the milliseconds of each, and what came out where `wanted`. */
function pass(wanted: boolean): { times: readonly number[]; out: ArrayLike<number> | undefined } {
  optimizer.zeroGradients();
  return scope(() => {
    const begin = performance.now();
    const out = forward();
    const between = performance.now();
    backward(lossWithGradient(out, upstream));
    const end = performance.now();
    return { times: [between - begin, end - between], out: wanted ? out.dataSync() : undefined };
  });
}

const { out } = pass(answers !== "");
if (out !== undefined) {
  saveAnswer(answers, "out", out);
  for (const [name, each] of leaves) saveAnswer(answers, `d${name}`, each.grad?.dataSync() ?? []);
}
await answerRuns(() => pass(false).times);
