import { corePlugin, createRegistry, createWasmEngine, type Normalizer, type Score, setThreads } from "@vicinal/core";
import {
  type ConformanceCase,
  engineConformance,
  type NormalizerConformanceOptions,
  normalizerConformance,
  scoreConformance,
} from "@vicinal/core/testing";
import { WasmEngine } from "../../../packages/core/src/engine/wasm/wasm-engine.ts";

// The conformance suites of core as a page runs them.

/** What one suite found. */
export interface SuiteReport {
  readonly suite: string;
  readonly cases: number;
  /** What each case that failed says, behind its name. */
  readonly failures: readonly string[];
}

/** Options of scores and normalizers that have no default for one. */
const scoreOptions: Readonly<Record<string, object>> = { "with-edge": { score: "additive", as: "key" } };
const normalizerOptions: Readonly<Record<string, object>> = { hard: { estimator: "straight-through" } };

/** What the weights of a normalizer do not promise. */
const laws: Readonly<Record<string, NormalizerConformanceOptions>> = {
  sigmoid: { sum: "any", isShiftInvariant: false },
  relu: { sum: "one if positive", isShiftInvariant: false },
  hard: { isDifferentiable: false },
};

/** Runs every suite; with workers only where memory can be shared with them. */
export async function runConformance(isShared: boolean): Promise<SuiteReport[]> {
  const registry = createRegistry([corePlugin]);
  const suites = new Map<string, readonly ConformanceCase[]>([
    ["the wasm engine", engineConformance(createWasmEngine)],
  ]);
  for (const name of registry.names("scores")) {
    const make = (): Score => registry.make("scores", name, scoreOptions[name] ?? {});
    suites.set(`the score ${name}`, scoreConformance(make));
  }
  for (const name of registry.names("normalizers")) {
    const make = (): Normalizer => registry.make("normalizers", name, normalizerOptions[name] ?? {});
    suites.set(`the normalizer ${name}`, normalizerConformance(make, laws[name]));
  }
  if (isShared) suites.set("the wasm engine with three threads", await threadedConformance());
  const reports: SuiteReport[] = [];
  for (const [suite, cases] of suites) reports.push(await report(suite, cases));
  return reports;
}

/** With an engine whose workers are ready, and that divides all work. */
async function threadedConformance(): Promise<readonly ConformanceCase[]> {
  setThreads(3);
  const make = () => new WasmEngine({ pool: { smallWork: 0 } });
  const first = make();
  const numbers = first.upload(new Float32Array(1000));
  while (first.readyWorkers() < 2) {
    first.run("fill", { out: numbers, value: 1 });
    await nextTurn();
  }
  first.free(numbers);
  // The kernels run on the first engine that is made; what is promised of buffers takes engines of its own.
  const engines = [first];
  return engineConformance(() => engines.pop() ?? make(), { samples: 10 });
}

async function report(suite: string, cases: readonly ConformanceCase[]): Promise<SuiteReport> {
  const failures: string[] = [];
  for (const { name, run } of cases) {
    try {
      run();
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    // Memory of engines that are done with is given back between turns only, and a page may hold some hundred.
    await nextTurn();
  }
  return { suite, cases: cases.length, failures };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

Object.assign(globalThis, { runConformance });
