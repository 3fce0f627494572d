import { createInterface } from "node:readline";
import { defaultDevice, init } from "@jax-js/jax";

/** Makes jax-js compute in WebAssembly: in Node it has nothing else, and one thread. */
export async function startJax(): Promise<void> {
  await init("wasm");
  defaultDevice("wasm");
}

/** As `answerRuns` of `../run/answer-runs.ts`, for work that one must wait for: jax-js says only by a promise that it has computed. */
export async function answerAwaitedRuns(run: () => Promise<readonly number[]>): Promise<void> {
  process.stdout.write("ready\n");
  for await (const _ of createInterface({ input: process.stdin })) process.stdout.write(`${(await run()).join(" ")}\n`);
}
