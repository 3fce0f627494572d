/**
 * What it takes to compile one score, with the first use of its kernels: `node compile-once.js SCORE HEADS CHANNELS [BEFORE]`, where BEFORE is a score that is
 * compiled before, so that the compiler itself has run. Prints milliseconds and the bytes of the modules.
 */

import { setThreads, tensor } from "@vicinal/core";
import { randomNeighborhood } from "../attention/attention-work.ts";
import { type AttentionCase, attentionCase } from "./attention-case.ts";
import { builtInScores } from "./scores.ts";

const [named = "", heads = "8", channels = "8", before] = process.argv.slice(2);
const shape = { heads: Number(heads), channels: Number(channels) };
const sizes: number[] = [];

// The compiler's modules are not handed out: they are counted where they are made.
WebAssembly.Module = new Proxy(WebAssembly.Module, {
  construct(target, [bytes]: [BufferSource]) {
    sizes.push(bytes.byteLength);
    return new target(bytes);
  },
});

/** Few edges: what takes time is the compiler. */
const neighborhood = randomNeighborhood({ nodes: 20, edges: 100, seed: 1 });

function caseOf(name: string): AttentionCase {
  const score = builtInScores.find((each) => each.name === name);
  if (score === undefined) throw new Error(`got the score "${name}"; expected one that is built in.`);
  return attentionCase(score, neighborhood, shape);
}

setThreads(1);
// The engine starts.
tensor([1], [1]);
if (before !== undefined) caseOf(before).both();
const { both } = caseOf(named);
sizes.length = 0;
const begin = performance.now();
both();
const milliseconds = performance.now() - begin;
process.stdout.write(`${milliseconds} ${sizes.reduce((a, b) => a + b, 0)}\n`);
