import { describe, expect, it } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { Linear } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";
import { Random } from "../random.ts";
import { keep, tensor } from "../tensor/create.ts";
import { testedEngines } from "../testing/engines.ts";
import { checkModuleState, loadModuleState, moduleState } from "./module-state.ts";
import { readSafetensors } from "./read-safetensors.ts";
import type { StoredTensor } from "./stored-tensor.ts";
import { writeSafetensors } from "./write-safetensors.ts";

/** Layers of which two are one, and a tensor that is not trained. */
class Network extends Module {
  readonly layers: readonly Linear[];
  readonly running;

  constructor(seed: number, engine: Engine, width = 2) {
    super();
    const random = new Random(seed);
    const shared = new Linear(width, width, { random, engine });
    this.layers = [new Linear(3, width, { random, engine }), shared, shared];
    this.running = keep(tensor([random.normal()], [1], { engine }));
  }
}

const numbersOf = (module: Module) => [...module.namedState()].map(([name, each]) => [name, each.dataSync()]);

for (const { engine } of testedEngines()) {
  describe(`the state of a module on the ${engine.name} engine`, () => {
    it("has every tensor once, trained or not, by the path of fields that leads to it", async () => {
      const network = new Network(1, engine);
      const state = await moduleState(network);
      expect([...state].map(([name, { shape }]) => [name, shape])).toEqual([
        ["layers.0.weight", network.layers[0]!.weight.shape],
        ["layers.0.bias", [2]],
        ["layers.1.weight", [2, 2]],
        ["layers.1.bias", [2]],
        ["running", [1]],
      ]);
      const dtypes = new Set([...state.values()].map(({ dtype }) => dtype));
      expect([...dtypes]).toEqual([engine.precision === "float64" ? "F64" : "F32"]);
    });

    it("is a copy", async () => {
      const network = new Network(1, engine);
      const state = await moduleState(network);
      const before = state.get("running")!.values[0];
      network.running.set([0]);
      expect(state.get("running")!.values[0]).toBe(before);
      expect(before).not.toBe(0);
    });

    it("makes another module the same, through a file", async () => {
      const [from, to] = [new Network(1, engine), new Network(2, engine)];
      expect(numbersOf(to)).not.toEqual(numbersOf(from));
      loadModuleState(to, readSafetensors(writeSafetensors({ tensors: await moduleState(from) })).tensors);
      expect(numbersOf(to)).toEqual(numbersOf(from));
    });

    it("is refused as a whole, with all that differs in one error", async () => {
      const network = new Network(1, engine);
      const before = numbersOf(network);
      const state = new Map<string, StoredTensor>(await moduleState(new Network(2, engine)));
      state.set("layers.0.weight", { dtype: "F32", shape: [7, 1], values: new Float32Array(7) });
      state.set("running", { dtype: "I32", shape: [1], values: new Int32Array(1) });
      state.delete("layers.1.bias");
      state.set("__proto__", { dtype: "F32", shape: [], values: new Float32Array(1) });
      for (const use of [checkModuleState, loadModuleState]) {
        let message = "";
        try {
          use(network, state);
        } catch (error) {
          expect(error).toMatchObject({ name: "FileError", code: "state-differs" });
          message = String(error);
        }
        expect(message).toContain('missing: "layers.1.bias"; unexpected: "__proto__"; different: "layers.0.weight"');
        expect(message).toContain("shape [7, 1] instead of [");
        expect(message).toContain('"running" of type I32');
      }
      expect(numbersOf(network)).toEqual(before);
    });
  });
}

describe("the state of a module", () => {
  const [{ engine: reference }, { engine: wasm }] = [testedEngines()[0]!, testedEngines()[1]!];

  it("is rounded to the precision of the engine that it is loaded into, half floats are taken", async () => {
    const module = new Network(1, wasm);
    const state = new Map<string, StoredTensor>(await moduleState(new Network(1, reference)));
    state.set("running", { dtype: "BF16", shape: [1], values: Float32Array.of(0.5) });
    loadModuleState(module, state);
    expect(module.running.item()).toBe(0.5);
    const [{ values }] = [state.get("layers.0.weight")!];
    expect([...module.layers[0]!.weight.dataSync()]).toEqual([...values].map((each) => Math.fround(Number(each))));
  });

  it("of another size names no more than ten", async () => {
    const many = new Map<string, StoredTensor>(await moduleState(new Network(1, wasm)));
    for (let k = 0; k < 100; k++) many.set(`extra.${k}`, { dtype: "F32", shape: [0], values: new Float32Array() });
    expect(() => loadModuleState(new Network(1, wasm), many)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/"extra\.9" and 90 more/) }),
    );
  });
});
