import {
  attend,
  backward,
  corePlugin,
  createRegistry,
  createWasmEngine,
  definePlugin,
  explainPlan,
  parameter,
  SparseNeighborhood,
  scaledDot,
  sum,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { engineConformance } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import { KernelProfile, ProfilingEngine, profilerPlugin } from "./index.ts";

describe("a profiling engine around the wasm engine", () => {
  it.each(engineConformance(() => new ProfilingEngine(createWasmEngine()), { samples: 3 }))("$name", ({ run }) =>
    run(),
  );
});

/** A clock that goes on by a millisecond each time it is looked at. */
function clock(): () => number {
  let time = 0;
  return () => time++;
}

const neighborhood = SparseNeighborhood.fromEdgeList({
  senders: Uint32Array.of(0, 1),
  receivers: Uint32Array.of(0, 0),
  senderCount: 2,
  receiverCount: 1,
});

describe("what a profiling engine writes down", () => {
  it("is each kernel's calls, time and bytes", () => {
    const engine = new ProfilingEngine(createReferenceEngine(), clock());
    const [a, out] = [engine.upload([1, 2, 3]), engine.allocate(3)];
    for (let k = 0; k < 2; k++) engine.run("affine", { x: a, out, scale: 2, shift: 1 });
    engine.run("fill", { out, value: 1 });
    expect(engine.profile.records).toEqual([
      { kernel: "affine", calls: 2, milliseconds: 2, bytes: 2 * 2 * 3 * 8 },
      { kernel: "fill", calls: 1, milliseconds: 1, bytes: 3 * 8 },
    ]);
    engine.profile.reset();
    expect(engine.profile.records).toEqual([]);
  });

  it("has fused attention in it, with the same bits as without", () => {
    const [plain, profiled] = [createWasmEngine(), new ProfilingEngine(createWasmEngine())].map((engine) => {
      const x = (values: readonly number[]) => parameter(values, [values.length / 2, 1, 2], { engine });
      const [query, key, value] = [x([1, 2]), x([3, 4, 5, 6]), x([1, 0, 0, 1])];
      const output = attend(neighborhood, { query, key, value }, { score: scaledDot(), parameters: {} });
      backward(sum(output));
      return {
        engine,
        bits: [output, query.grad, key.grad, value.grad].map((each) => Array.from(each?.dataSync() ?? [])),
      };
    });
    expect(profiled!.bits).toEqual(plain!.bits);
    expect(explainPlan(scaledDot(), { heads: 1, channels: 2, engine: profiled!.engine }).path).toBe("fused");
    if (!(profiled!.engine instanceof ProfilingEngine)) throw new Error("expected the profiling engine");
    const kernels = profiled!.engine.profile.records.map(({ kernel }) => kernel);
    for (const name of ["attention forward", "attention backward"]) expect(kernels).toContain(name);
  });

  it("is printed as a table, with the time that kernels share", () => {
    const profile = new KernelProfile(clock());
    profile.record("matmul", 3e6, () => 0);
    profile.record("matmul", 3e6, () => 0);
    expect(() =>
      profile.record("add", 1e6, () => {
        throw new Error("out of memory");
      }),
    ).toThrow("out of memory");
    const lines = profile.toString().split("\n");
    expect(lines.find((line) => line.includes("matmul"))).toMatch(/matmul +│ +2 │ 2\.00 │ +67 % │ 6\.00 │ +3\.0 │/);
    expect(lines.find((line) => line.includes("add"))).toMatch(/add +│ +1 │/);
  });

  it("comes with an engine by its name, around any other one", () => {
    const slow = definePlugin({
      name: "vicinal-slow",
      version: "1.0.0",
      engines: { reference: () => createReferenceEngine() },
    });
    const registry = createRegistry([corePlugin, slow, profilerPlugin]);
    expect(registry.engine("profiling").precision).toBe("float32");
    expect(registry.engine("profiling", { engine: "reference" })).toMatchObject({
      name: "reference, profiled",
      precision: "float64",
    });
  });
});
