import * as words from "./control-words.ts";
import { MOST_THREADS } from "./threads.ts";
import * as workerStates from "./worker-states.ts";

const CONTROL_WORDS = words.descriptors + MOST_THREADS;
const MESSAGE_AT = 4 * CONTROL_WORDS;
const MESSAGE_CHARACTERS = 240;
const TABLE_AT = MESSAGE_AT + 2 * MESSAGE_CHARACTERS;
export const TABLE_NUMBERS = 32_768;
export const CONTROL_BYTES = TABLE_AT + 8 * TABLE_NUMBERS;

/** Numbers of a call before its arguments: module address, its bytes, function, count of arguments; and which is scratch, where, bytes a worker. */
export const CALL_HEADER = 7;

/** The views of the control block at an address of shared memory. */
export function controlViews({ buffer }: WebAssembly.Memory, at: number) {
  return {
    control: new Int32Array(buffer, at, CONTROL_WORDS),
    message: new Uint16Array(buffer, at + MESSAGE_AT, MESSAGE_CHARACTERS),
    table: new Float64Array(buffer, at + TABLE_AT, TABLE_NUMBERS),
  };
}

/** What a worker is told when it starts: the views, over memory that it shares, among it. */
export interface WorkerData extends ReturnType<typeof controlViews> {
  readonly memory: WebAssembly.Memory;
  /** The kernels; modules at other addresses are compiled from the bytes there when first called. */
  readonly module: WebAssembly.Module;
  readonly index: number;
}

/**
 * The program of a worker, as text: so it needs no file of its own, and bundlers nothing. Plain JavaScript of a function body with `data`
 * ({@link WorkerData}), `onExit`, which takes a function to run if the thread ends by itself, and `descriptor`. Where memory has grown it grows it by nothing,
 * which makes the thread look at the size.
 */
const program = `
const { memory, module, index, control, message, table } = data;
const mine = ${words.states} + index;
const finish = () => {
  Atomics.compareExchange(control, mine, ${workerStates.busy}, ${workerStates.ready});
  if (Atomics.sub(control, ${words.unfinished}, 1) === 1) Atomics.notify(control, ${words.unfinished});
};
const fail = (text) => {
  if (Atomics.compareExchange(control, ${words.failed}, 0, 1) !== 0) return;
  const length = Math.min(text.length, message.length);
  for (let k = 0; k < length; k++) message[k] = text.charCodeAt(k);
  Atomics.store(control, ${words.messageLength}, length);
};
onExit(() => {
  if (Atomics.exchange(control, mine, ${workerStates.gone}) !== ${workerStates.busy}) return;
  fail("the thread ended");
  finish();
});
const functionsOf = (compiled) => Object.values(new WebAssembly.Instance(compiled, { env: { memory } }).exports);
const modules = new Map([[0, functionsOf(module)]]);
let pages = Atomics.load(control, ${words.pages});
const run = (from) => {
  const now = Atomics.load(control, ${words.pages});
  if (now !== pages) {
    memory.grow(0);
    pages = now;
  }
  const address = table[from];
  let functions = modules.get(address);
  if (functions === undefined) {
    functions = functionsOf(new WebAssembly.Module(new Uint8Array(memory.buffer, address, table[from + 1]).slice()));
    modules.set(address, functions);
  }
  const args = new Array(table[from + 3]);
  for (let k = 0; k < args.length; k++) args[k] = table[from + ${CALL_HEADER} + k];
  if (table[from + 4] >= 0) args[table[from + 4]] = table[from + 5] + index * table[from + 6];
  functions[table[from + 2]](...args);
};
Atomics.store(control, ${words.descriptors} + index, descriptor);
Atomics.store(control, mine, ${workerStates.ready});
for (;;) {
  const limit = Atomics.load(control, ${words.limit});
  if (limit < 0) break;
  if (index >= limit) {
    Atomics.wait(control, ${words.limit}, limit);
    continue;
  }
  const left = Atomics.load(control, ${words.remaining});
  if (left <= 0) {
    Atomics.wait(control, ${words.remaining}, left);
    continue;
  }
  if (Atomics.compareExchange(control, ${words.remaining}, left, left - 1) !== left) continue;
  Atomics.store(control, mine, ${workerStates.busy});
  try {
    run((Atomics.load(control, ${words.total}) - left) * Atomics.load(control, ${words.stride}));
  } catch (error) {
    fail(String(error));
  }
  finish();
}
Atomics.store(control, mine, ${workerStates.gone});
`;

/** The program for a worker thread of Node, which gets `workerData`. */
export const nodeProgram = `"use strict";
const data = require("node:worker_threads").workerData;
const onExit = (act) => process.on("exit", act);
let descriptor = 0;
try {
  descriptor = require("node:fs").openSync(require("node:os").devNull, "r");
} catch {}
${program}`;

/** The program for a worker of a page, which gets a message. */
export const pageProgram = `"use strict";
onmessage = ({ data }) => {
const onExit = () => {};
const descriptor = 0;
${program}
close();
};`;
