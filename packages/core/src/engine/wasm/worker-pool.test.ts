import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeModule, FunctionBuilder } from "../../compiler/assembler.ts";
import { kernelsModule } from "./kernels.generated.ts";
import { createLinearMemory, isShared, WasmMemory } from "./memory.ts";
import { withSharedMemory } from "./memory-import.ts";
import { compileKernels } from "./module.ts";
import { setThreads } from "./threads.ts";
import { WasmEngine } from "./wasm-engine.ts";
import { type Call, type PooledFunction, type PoolOptions, workerPool } from "./worker-pool.ts";
import { nodeProgram } from "./worker-program.ts";

beforeEach(() => setThreads(2));

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A pool, its memory, and a function of a module that workers have to compile: it writes its second argument where its first says. */
function poolWith(options: PoolOptions = {}) {
  const linear = createLinearMemory();
  const { module } = compileKernels(kernelsModule, { shared: isShared(linear) });
  const memory = new WasmMemory(linear, 5120);
  const pool = workerPool(memory, module, { smallWork: 0, ...options });
  const f = new FunctionBuilder("write", ["i32", "i32", "i32"]);
  f.get(f.parameter(0)).get(f.parameter(1)).at("i32.store");
  // The third argument is a count of loops, to take time.
  const k = f.local("i32");
  f.countTo(k, f.parameter(2), 1, () => f);
  return { linear, memory, pool, write: load(memory, f) };
}

function load(memory: WasmMemory, f: FunctionBuilder): PooledFunction {
  const bytes = memory.isShared ? withSharedMemory(encodeModule([f])) : encodeModule([f]);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: memory.linear } });
  const run = instance.exports[f.name];
  if (typeof run !== "function") throw new TypeError(f.name);
  return {
    run: (...numbers) => run(...numbers),
    index: 0,
    module: memory.keep(bytes),
  };
}

/** The same function, of which workers run another than the caller. */
function inWorkers(target: PooledFunction, { module, index }: PooledFunction): PooledFunction {
  return { run: target.run, module, index };
}

const LOOPS = 100_000;

/** Calls that write 1, 2, 3 and so on, one number after another from an address. */
function writes(target: PooledFunction, at: number, count: number): Call[] {
  return Array.from({ length: count }, (_, k) => ({ target, args: [at + 4 * k, k + 1, LOOPS] }));
}

function upTo(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, k) => k + 1);
}

/** Runs until the workers are there and have done some of the work: what `run` says. */
function until(done: () => boolean, run: () => void): void {
  for (let tries = 0; !done(); tries++) {
    if (tries === 200_000) expect.fail("the workers never came");
    run();
  }
}

/** The error of a run that fails sooner or later: who makes which call is a matter of time. */
function failureOf(run: () => void): unknown {
  let failure: unknown;
  until(
    () => failure !== undefined,
    () => {
      try {
        run();
      } catch (error) {
        failure = error;
      }
    },
  );
  return failure;
}

describe("a pool of workers", () => {
  it("does all calls, each once, alone before the workers are ready and with them after", () => {
    const { linear, memory, pool, write } = poolWith();
    const at = memory.reserve(4 * 50);
    const results = () => new Int32Array(linear.buffer, at, 50).slice();
    until(
      () => pool.readyWorkers() === 1,
      () => {
        new Int32Array(linear.buffer, at, 50).fill(0);
        pool.run(writes(write, at, 50), 1);
        expect(results()).toEqual(upTo(50));
      },
    );
    new Int32Array(linear.buffer, at, 50).fill(0);
    pool.run(writes(write, at, 50), 1);
    expect(results()).toEqual(upTo(50));
  });

  it("lets workers take part, with memory of their own where a function needs some", () => {
    const { linear, memory, pool, write } = poolWith();
    const at = memory.reserve(4);
    const MARK = 123_456_789;
    // The address that is written to is the memory of the function's own. The caller writes nothing, so that the mark is a worker's.
    const target: PooledFunction = { ...write, run: () => {} };
    const scratch = { argument: 0, bytes: 64 };
    const calls = Array.from({ length: 8 }, (): Call => ({ target, args: [at, MARK, LOOPS], scratch }));
    until(
      () => new Int32Array(linear.buffer, at).includes(MARK),
      () => pool.run(calls, 1),
    );
    expect(new Int32Array(linear.buffer, at, 1)[0]).toBe(0);
  });

  it("does more calls than the table holds", () => {
    const { linear, memory, pool, write } = poolWith();
    const count = 10_000;
    const at = memory.reserve(4 * count);
    until(
      () => pool.readyWorkers() === 1,
      () => pool.run(writes(write, at, 2), 1),
    );
    pool.run(
      writes(write, at, count).map((call) => ({ ...call, args: [...call.args.slice(0, 2), 1] })),
      1,
    );
    expect(new Int32Array(linear.buffer, at, count).slice()).toEqual(upTo(count));
  });

  it("lets workers see memory that has grown since they started", () => {
    const { linear, memory, pool, write } = poolWith();
    const at = memory.reserve(8);
    const failing = { ...write, run: () => {} };
    until(
      () => pool.readyWorkers() === 1,
      () => pool.run(writes(write, at, 2), 1),
    );
    for (let growth = 0; growth < 20; growth++) {
      const grown = memory.reserve(40_000_000) + 39_999_000;
      // Only workers write, so that it is they who reach the new memory; and the module is one that they have not seen, at its end.
      const fresh = load(memory, new FunctionBuilder("nothing", ["i32", "i32", "i32"]));
      until(
        () => new Int32Array(linear.buffer, grown, 1)[0] === 1,
        () => pool.run(writes(failing, grown, 4), 1),
      );
      pool.run(writes(fresh, grown, 4), 1);
    }
  });

  it("does small work on the caller's thread, and starts no worker for it", () => {
    const start = vi.fn(() => ({}));
    const { linear, memory, pool, write } = poolWith({ smallWork: 100, start });
    const at = memory.reserve(8);
    pool.run(writes(write, at, 2), 99);
    expect(start).not.toHaveBeenCalled();
    expect(new Int32Array(linear.buffer, at, 2).slice()).toEqual(upTo(2));
    pool.run(writes(write, at, 2), 100);
    expect(start).toHaveBeenCalledTimes(1);
  });

  it("starts no worker with one thread, and one for each thread but the caller's", () => {
    const start = vi.fn(() => ({}));
    const { memory, pool, write } = poolWith({ start });
    const at = memory.reserve(8);
    for (const [count, workers] of [
      [1, 0],
      [4, 3],
      [2, 3],
    ] as const) {
      setThreads(count);
      pool.run(writes(write, at, 2), 1);
      expect(start).toHaveBeenCalledTimes(workers);
    }
  });

  it("goes on alone where no worker may be started, and does not ask again", () => {
    const start = vi.fn(() => {
      throw new Error("the content security policy allows none");
    });
    const { linear, memory, pool, write } = poolWith({ start });
    const at = memory.reserve(8);
    pool.run(writes(write, at, 2), 1);
    pool.run(writes(write, at, 2), 1);
    expect(start).toHaveBeenCalledTimes(1);
    expect(new Int32Array(linear.buffer, at, 2).slice()).toEqual(upTo(2));
  });

  it("goes on alone where memory cannot be shared", () => {
    vi.stubGlobal("SharedArrayBuffer", undefined);
    const engine = new WasmEngine({ pool: { smallWork: 0 } });
    const out = engine.allocate(1000);
    engine.run("fill", { out, value: 2 });
    expect(engine.readyWorkers()).toBe(0);
    expect(engine.readSync(out)).toEqual(new Float32Array(1000).fill(2));
  });

  it("works with as many threads as are asked for at the time", () => {
    const { linear, memory, pool, write } = poolWith();
    const at = memory.reserve(4 * 50);
    for (const count of [3, 2, 1, 3]) {
      setThreads(count);
      new Int32Array(linear.buffer, at, 50).fill(0);
      pool.run(writes(write, at, 50), 1);
      expect(new Int32Array(linear.buffer, at, 50).slice()).toEqual(upTo(50));
    }
  });
});

describe("a worker that fails", () => {
  it("is an error in the caller, and the pool can be used on", () => {
    const { linear, memory, pool, write } = poolWith();
    const at = memory.reserve(4 * 50);
    const trap = new FunctionBuilder("trap", ["i32", "i32", "i32"]);
    // Beyond the end of memory.
    trap.i32(-16).i32(0).at("i32.store");
    const faulty = inWorkers(write, load(memory, trap));
    const failure = failureOf(() => pool.run(writes(faulty, at, 50), 1));
    expect(failure).toMatchObject({ name: "EngineError", code: "worker-failed" });
    expect(String(failure)).toContain("out of bounds");
    pool.run(writes(write, at, 50), 1);
    expect(new Int32Array(linear.buffer, at, 50).slice()).toEqual(upTo(50));
  });

  it("is waited for when the caller fails itself, whose error is thrown", () => {
    const { linear, memory, pool, write } = poolWith();
    const at = memory.reserve(4 * 50);
    until(
      () => pool.readyWorkers() === 1,
      () => pool.run(writes(write, at, 50), 1),
    );
    const faulty: PooledFunction = {
      ...write,
      run: () => {
        throw new RangeError("the caller's");
      },
    };
    expect(failureOf(() => pool.run(writes(faulty, at, 50), 1))).toEqual(new RangeError("the caller's"));
    pool.run(writes(write, at, 50), 1);
    expect(new Int32Array(linear.buffer, at, 50).slice()).toEqual(upTo(50));
  });

  it("is an error in the caller also when its thread ends in the middle of a call", () => {
    // The program ends its thread instead of calling the function.
    const start = vi.fn((workerData: object) => {
      const program = nodeProgram.replace(/functions\[.*\]\(\.\.\.args\)/, "process.exit()");
      const worker = new Worker(program, { eval: true, workerData });
      worker.unref();
      return worker;
    });
    const { linear, memory, pool, write } = poolWith({ start });
    const at = memory.reserve(4 * 50);
    const failure = failureOf(() => pool.run(writes(write, at, 50), 1));
    expect(failure).toMatchObject({ code: "worker-failed" });
    expect(String(failure)).toContain("the thread ended");
    pool.run(writes(write, at, 50), 1);
    expect(new Int32Array(linear.buffer, at, 50).slice()).toEqual(upTo(50));
    expect(pool.readyWorkers()).toBe(0);
  });

  it("is an error in the caller soon after its thread is ended without a word", () => {
    // More memory than a thread may have ends it, and nothing of its program runs any more.
    const start = vi.fn((workerData: object) => {
      const program = nodeProgram.replace(
        /functions\[.*\]\(\.\.\.args\)/,
        "const hoard = []; for (;;) hoard.push(new Array(10_000).fill({}))",
      );
      const resourceLimits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 4 };
      const worker = new Worker(program, { eval: true, workerData, resourceLimits });
      worker.on("error", () => {});
      worker.unref();
      return worker;
    });
    const { linear, memory, pool, write } = poolWith({ start });
    const at = memory.reserve(4 * 50);
    const failure = failureOf(() => pool.run(writes(write, at, 50), 1));
    expect(failure).toMatchObject({ name: "EngineError", code: "worker-failed" });
    expect(String(failure)).toContain("the thread was ended");
    pool.run(writes(write, at, 50), 1);
    expect(new Int32Array(linear.buffer, at, 50).slice()).toEqual(upTo(50));
    expect(pool.readyWorkers()).toBe(0);
  });

  it("is given up when it makes no progress at all", () => {
    const start = vi.fn((workerData: object) => {
      const program = nodeProgram.replace(/functions\[.*\]\(\.\.\.args\)/, "for (;;) Atomics.wait(control, 0, 0, 100)");
      const worker = new Worker(program, { eval: true, workerData });
      worker.unref();
      return worker;
    });
    const { linear, memory, pool, write } = poolWith({ start, patience: 50 });
    const at = memory.reserve(4 * 50);
    const failure = failureOf(() => pool.run(writes(write, at, 50), 1));
    expect(failure).toMatchObject({ name: "EngineError", code: "worker-lost" });
    pool.run(writes(write, at, 50), 1);
    expect(new Int32Array(linear.buffer, at, 50).slice()).toEqual(upTo(50));
  });
});
