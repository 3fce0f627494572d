import { EngineError } from "../../errors.ts";
import * as words from "./control-words.ts";
import { isClosed } from "./file-descriptor.ts";
import type { WasmMemory } from "./memory.ts";
import { startWorker, type WorkerStarter } from "./start-worker.ts";
import { threads } from "./threads.ts";
import { CALL_HEADER, CONTROL_BYTES, controlViews, TABLE_NUMBERS } from "./worker-program.ts";
import * as workerStates from "./worker-states.ts";

export type KernelFunction = (...numbers: number[]) => void;

/** A function of a module, and how workers find it in theirs. */
export interface PooledFunction {
  readonly run: KernelFunction;
  /** Which export of the module it is, counted from 0. */
  readonly index: number;
  /** Where the module's bytes are in memory, and how many; 0 for the module of the kernels. */
  readonly module: { readonly address: number; readonly bytes: number };
}

/** One call of a function. Calls of one batch write to places of their own, and may run in any order, at the same time. */
export interface Call {
  readonly target: PooledFunction;
  readonly args: readonly number[];
  /** Which argument is the address of memory that the function needs for itself, and its bytes: each thread has its own. */
  readonly scratch?: { readonly argument: number; readonly bytes: number } | undefined;
}

/**
 * Bits do not depend on it: it only keeps the start of a batch from costing more than it saves. A number takes 0.2 to 0.3 ns, and a worker
 * begins 6 to 12 microseconds after it is called (2 cores at 2 to 3 GHz, Node 20).
 */
const SMALL_WORK = 100_000;

const PIECES_PER_THREAD = 4;

/** How long the caller waits for any progress, in milliseconds, before it gives a worker up. */
const PATIENCE = 600_000;

/** How long the caller waits, in milliseconds, before it looks whether workers live. */
const GLANCE = 200;

/** Options of a {@link WorkerPool} that tests set. */
export interface PoolOptions {
  /**
   * Batches of less work stay on the caller's thread. In numbers that an elementwise kernel would touch; 0 to divide all that can
   * be. Default {@link SMALL_WORK}.
   */
  readonly smallWork?: number;
  readonly start?: WorkerStarter;
  /** How long the caller waits for any progress, in milliseconds. Default ten minutes. */
  readonly patience?: number;
}

/** The caller and its workers on one memory. */
export interface WorkerPool {
  /** Whether nothing is divided. */
  readonly isAlone: boolean;
  /** Whether work may be divided however small the pieces are. */
  readonly isFine: boolean;
  /** Into how many pieces work is worth dividing. More than threads, so that whoever is done first takes from the others. */
  piecesFor(work: number): number;
  /** Workers that have started and still run. */
  readyWorkers(): number;
  /**
   * Runs the calls, and returns when all are done.
   *
   * @param work - What they cost together, in numbers that an elementwise kernel would touch.
   * @throws EngineError `worker-failed` when a call threw in a worker or the worker's thread was ended, `worker-lost` when a worker
   * makes no progress.
   */
  run(calls: readonly Call[], work: number): void;
}

/**
 * Makes a pool. Workers start with the first batch that is worth it, and help from when they are ready on. Where memory is not shared, the
 * caller is alone.
 */
export function workerPool(
  memory: WasmMemory,
  module: WebAssembly.Module,
  { smallWork = SMALL_WORK, start = startWorker, patience = PATIENCE }: PoolOptions = {},
): WorkerPool {
  const workers: object[] = [];
  let mayStart = memory.isShared;
  let views: ReturnType<typeof controlViews> | undefined;
  /** Memory that workers' functions need for themselves, `bytes` for each worker. */
  let ownMemory = { address: 0, bytes: 0, workers: 0 };

  const pool: WorkerPool = {
    get isAlone() {
      return threads() === 1 || !memory.isShared;
    },

    isFine: smallWork === 0,

    piecesFor(work) {
      if (work < smallWork || pool.isAlone) return 1;
      return Math.min(threads() * PIECES_PER_THREAD, Math.ceil((2 * work) / Math.max(1, smallWork)));
    },

    readyWorkers() {
      if (views === undefined) return 0;
      const { control } = views;
      return workers.filter((_, k) => Atomics.load(control, words.states + k) === workerStates.ready).length;
    },

    run(calls, work) {
      const most = threads() - 1;
      if (calls.length > 1 && pool.piecesFor(work) > 1) {
        startMissing(most);
        if (views !== undefined && pool.readyWorkers() > 0) {
          const stride = calls.reduce((longest, { args }) => Math.max(longest, args.length), 0) + CALL_HEADER;
          const batch = Math.floor(TABLE_NUMBERS / stride);
          for (let first = 0; first < calls.length; first += batch) {
            runBatch(calls.slice(first, first + batch), stride, most, views);
          }
          return;
        }
      }
      for (const { target, args } of calls) target.run(...args);
    },
  };

  const startMissing = (most: number): void => {
    while (mayStart && workers.length < most) {
      try {
        startOne();
      } catch {
        // A host that allows none: the caller goes on alone.
        mayStart = false;
      }
    }
  };

  const startOne = (): void => {
    if (views === undefined) {
      views = controlViews(memory.linear, memory.reserve(CONTROL_BYTES));
      views.control.fill(0);
      stopWithPool.register(pool, views.control);
    }
    Atomics.store(views.control, words.pages, memory.pages);
    workers.push(start({ memory: memory.linear, module, index: workers.length, ...views }));
  };

  const runBatch = (
    calls: readonly Call[],
    stride: number,
    most: number,
    { control, message, table }: ReturnType<typeof controlViews>,
  ): void => {
    placeScratch(calls, most);
    for (const [k, { target, args, scratch }] of calls.entries()) {
      const at = k * stride;
      table[at] = target.module.address;
      table[at + 1] = target.module.bytes;
      table[at + 2] = target.index;
      table[at + 3] = args.length;
      table[at + 4] = scratch?.argument ?? -1;
      table[at + 5] = ownMemory.address;
      table[at + 6] = ownMemory.bytes;
      for (let a = 0; a < args.length; a++) table[at + CALL_HEADER + a] = args[a]!;
    }
    Atomics.store(control, words.pages, memory.pages);
    Atomics.store(control, words.total, calls.length);
    Atomics.store(control, words.stride, stride);
    if (Atomics.exchange(control, words.limit, most) !== most) Atomics.notify(control, words.limit);
    Atomics.store(control, words.unfinished, calls.length);
    Atomics.store(control, words.remaining, calls.length);
    Atomics.notify(control, words.remaining, Math.min(most, calls.length - 1));
    let threw = true;
    try {
      takePart(calls, control);
      threw = false;
    } finally {
      finish(control);
      // One error is enough: the caller's own goes before that of a worker.
      if (threw) Atomics.store(control, words.failed, 0);
    }
    throwFailure(control, message);
  };

  /** Memory for each worker that may need it. */
  const placeScratch = (calls: readonly Call[], workers: number): void => {
    const needed = calls.reduce((most, { scratch }) => Math.max(most, scratch?.bytes ?? 0), 0);
    const had = ownMemory;
    if (needed <= had.bytes && (needed === 0 || workers <= had.workers)) return;
    const bytes = Math.ceil(Math.max(needed, had.bytes) / 64) * 64;
    if (had.bytes > 0) memory.release(had.address, had.bytes * had.workers);
    ownMemory = { address: 0, bytes: 0, workers: 0 };
    ownMemory = { address: memory.reserve(bytes * workers), bytes, workers };
  };

  const takePart = (calls: readonly Call[], control: Int32Array): void => {
    for (;;) {
      const left = Atomics.load(control, words.remaining);
      if (left === 0) return;
      if (Atomics.compareExchange(control, words.remaining, left, left - 1) !== left) continue;
      const { target, args } = calls[calls.length - left]!;
      try {
        target.run(...args);
      } finally {
        Atomics.sub(control, words.unfinished, 1);
      }
    }
  };

  /**
   * Waits for what workers have claimed, and looks now and then whether they live: a thread that is ended from outside, or by lack of memory, cannot say
   * so. What nobody has claimed, because the caller failed, is given up.
   */
  const finish = (control: Int32Array): void => {
    Atomics.sub(control, words.unfinished, Atomics.exchange(control, words.remaining, 0));
    const slice = Math.min(GLANCE, patience);
    let left = Atomics.load(control, words.unfinished);
    let since = performance.now();
    while (left > 0) {
      if (mayBlock()) Atomics.wait(control, words.unfinished, left, slice);
      const before = left;
      left = Atomics.load(control, words.unfinished);
      const now = performance.now();
      if (left < before) since = now;
      else if (now - since >= slice) left -= bury(control);
      if (left === before && now - since >= patience) {
        abandon(control);
        throw new EngineError(
          "worker-lost",
          `wasm: a worker has made no progress for ${patience / 1000} seconds; expected an answer. Start the program anew, with ` +
            "setThreads(1) if it happens again.",
        );
      }
    }
  };

  /** Finishes the calls of workers whose threads have ended without a word, as failed, and counts them. */
  const bury = (control: Int32Array): number => {
    let calls = 0;
    for (const k of workers.keys()) {
      const state = words.states + k;
      if (Atomics.load(control, state) !== workerStates.busy) continue;
      if (!isClosed(Atomics.load(control, words.descriptors + k))) continue;
      Atomics.store(control, state, workerStates.gone);
      Atomics.sub(control, words.unfinished, 1);
      // Without a message, where no other worker has failed with one.
      if (Atomics.exchange(control, words.failed, 1) === 0) Atomics.store(control, words.messageLength, 0);
      calls++;
    }
    return calls;
  };

  /** From now on the caller is alone. */
  const abandon = (control: Int32Array): void => {
    mayStart = false;
    workers.length = 0;
    stopWorkers(control);
  };

  const throwFailure = (control: Int32Array, message: Uint16Array): void => {
    if (Atomics.exchange(control, words.failed, 0) === 0) return;
    const text = String.fromCharCode(...message.slice(0, Atomics.load(control, words.messageLength)));
    const reason = text === "" ? "the thread was ended" : text;
    throw new EngineError(
      "worker-failed",
      `wasm: a worker failed with "${reason}"; expected none to fail. What was being computed is lost; the engine can be used on.`,
    );
  };

  return pool;
}

/** Ends the workers of a pool that nobody uses any more. */
const stopWithPool = new FinalizationRegistry<Int32Array>(stopWorkers);

function stopWorkers(control: Int32Array): void {
  Atomics.store(control, words.limit, -1);
  Atomics.store(control, words.remaining, -1);
  Atomics.notify(control, words.limit);
  Atomics.notify(control, words.remaining);
}

let blocks: boolean | undefined;

/** Whether this thread may wait: the main thread of a page may not, and has to ask again and again. */
function mayBlock(): boolean {
  if (blocks === undefined) {
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
      blocks = true;
    } catch {
      blocks = false;
    }
  }
  return blocks;
}
