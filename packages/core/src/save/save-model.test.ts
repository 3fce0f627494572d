import { describe, expect, it } from "vitest";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Linear, type ParameterOptions } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";
import { architectureOf } from "../plugin/architecture.ts";
import { corePlugin } from "../plugin/core-plugin.ts";
import { createRegistry } from "../plugin/create-registry.ts";
import { definePlugin } from "../plugin/define-plugin.ts";
import type { Registry } from "../plugin/registry.ts";
import { Random } from "../random.ts";
import { readSafetensors } from "./read-safetensors.ts";
import { loadModel, saveModel } from "./save-model.ts";
import { readConfiguration, readModels, writeModels } from "./saved-models.ts";
import { writeSafetensors } from "./write-safetensors.ts";

interface StackOptions extends ParameterOptions {
  readonly inputs: number;
  readonly hidden: number;
  readonly layers?: number;
  readonly layer?: string;
  readonly note?: unknown;
}

/** Layers that a registry makes. */
class Stack extends Module {
  readonly layers: readonly Module[];

  constructor({ inputs, hidden, layers = 1, layer = "projection", random, engine }: StackOptions, registry: Registry) {
    super();
    this.layers = Array.from({ length: layers }, (_, k) =>
      registry.make("layers", layer, { inputs: k === 0 ? inputs : hidden, outputs: hidden, random, engine }),
    );
  }
}

/** A layer whose `forward` is that of a Linear. */
class Projection extends Linear {}

const layerPlugin = definePlugin({
  name: "vicinal-projection",
  version: "1.1.0",
  layers: {
    projection: ({ inputs, outputs, ...options }: { inputs: number; outputs: number } & ParameterOptions) =>
      new Projection(inputs, outputs, options),
  },
});
const modelPlugin = definePlugin({
  name: "vicinal-stack",
  version: "2.0.0",
  install: "copy it from a friend",
  needs: { "vicinal-projection": "^1.0.0" },
  models: {
    stack: (options: StackOptions, registry: Registry) => new Stack(options, registry),
  },
});
const registry = createRegistry([corePlugin, layerPlugin, modelPlugin]);
const options = { inputs: 3, hidden: 4, layers: 2 };
const make = (seed = 1) =>
  registry.model("stack", { ...options, random: new Random(seed), engine: createWasmEngine() });
const numbersOf = (model: Module) => [...model.namedState()].map(([name, each]) => [name, Array.from(each.dataSync())]);

/** The file with another configuration. */
function reconfigured(bytes: Uint8Array, change: (text: string) => string): Uint8Array {
  const { metadata } = readSafetensors(bytes);
  const tensors = new Map(
    [...readSafetensors(bytes).tensors].map(([name, { shape, values }]) => [
      name,
      { dtype: "F32", shape, values: Float32Array.from(values, Number) } as const,
    ]),
  );
  return writeSafetensors({ tensors, metadata: { ...metadata, vicinal: change(metadata["vicinal"] ?? "") } });
}

function refused(bytes: Uint8Array, given: Registry = registry): unknown {
  try {
    loadModel(bytes, { registry: given, engine: createReferenceEngine() });
  } catch (error) {
    return error;
  }
  throw new Error("expected an error");
}

describe("a model that was saved", () => {
  it("is made again, with its details, on any engine", async () => {
    const model = make();
    const bytes = await saveModel(model, { details: { classes: ["a", "b"], mean: 0.5 }, training: { epochs: 3 } });
    for (const engine of [createWasmEngine(), createReferenceEngine()]) {
      const loaded = loadModel(bytes, { registry, engine });
      expect(loaded.model).toBeInstanceOf(Stack);
      expect(numbersOf(loaded.model)).toEqual(numbersOf(model));
      expect({ ...loaded.details }).toEqual({ classes: ["a", "b"], mean: 0.5 });
      expect({ ...loaded.training }).toEqual({ epochs: 3 });
      expect(architectureOf(loaded.model)).toMatchObject({ kind: "models", name: "stack", options });
    }
  });

  it("can be saved again with the same bytes", async () => {
    const bytes = await saveModel(make());
    const { model } = loadModel(bytes, { registry, engine: createWasmEngine() });
    expect(await saveModel(model)).toEqual(bytes);
  });

  it("names the plug-ins that it and its parts were made of", async () => {
    expect(readConfiguration(await saveModel(make())).plugins).toEqual([
      expect.objectContaining({ name: "vicinal-projection", version: "1.1.0" }),
      expect.objectContaining({ name: "vicinal-stack", version: "2.0.0" }),
    ]);
    const layer = registry.layer("projection", { inputs: 2, outputs: 2, random: new Random(1) });
    const { plugins, models } = readConfiguration(await saveModel(layer));
    expect([plugins.length, models[0]]).toMatchObject([1, { kind: "layers", name: "projection" }]);
  });

  it("may be one of several", async () => {
    const models = [make(1), make(2)];
    const bytes = await writeModels({
      purpose: "an ensemble",
      models,
      made: { weight: registry.encoding("sinusoidal", { base: 10 }) },
    });
    const loaded = readModels(bytes, { purpose: "an ensemble", registry, engine: createWasmEngine() });
    expect(loaded.models.map(numbersOf)).toEqual(models.map(numbersOf));
    expect(loaded.made.get("weight")).toBeTypeOf("function");
    expect(refused(bytes)).toMatchObject({ code: "other-purpose" });
  });
});

describe("what cannot be saved", () => {
  it("is what nothing is known of", async () => {
    await expect(saveModel(new Stack({ ...options, random: new Random(1) }, registry))).rejects.toMatchObject({
      name: "DataError",
      code: "cannot-save",
      message: expect.stringContaining("a Stack"),
    });
  });

  it.each([
    ["a function", () => 1, "a function"],
    ["an object of a class", new Random(1), "a Random"],
    ["a number that is none", { deep: [1, Number.NaN] }, "NaN"],
  ])("is %s as an option or a detail", async (_, note, words) => {
    const model = registry.model("stack", { ...options, note, random: new Random(1) });
    const wrong = { code: "cannot-save", message: expect.stringContaining(words) };
    await expect(saveModel(model)).rejects.toMatchObject(wrong);
    await expect(saveModel(make(), { details: { note } })).rejects.toMatchObject(wrong);
  });
});

describe("a file is refused", () => {
  it("without the plug-in that it needs, which is named with the way to get it", async () => {
    const bytes = await saveModel(make());
    expect(refused(bytes, createRegistry([corePlugin, layerPlugin]))).toMatchObject({
      name: "PluginError",
      code: "missing-plugin",
      message: expect.stringMatching(/"vicinal-stack" 2\.0\.0.*copy it from a friend/),
    });
    const older = createRegistry([corePlugin, { ...layerPlugin, version: "1.0.5" }, modelPlugin]);
    expect(refused(bytes, older)).toMatchObject({
      code: "version-out-of-range",
      message: expect.stringContaining("1.0.5"),
    });
  });

  it.each<[string, (text: string) => string, string]>([
    ["of a later format", (text) => text.replace('"format":1', '"format":2'), "unknown-version"],
    ["that is no JSON", (text) => text.slice(1), "invalid-json"],
    [
      "with a field that nobody reads",
      (text) => text.replace('"made":{}', '"made":{},"run":"x"'),
      "invalid-configuration",
    ],
    ["with a name twice", (text) => text.replace('"made":{}', '"made":{},"made":{}'), "duplicate-name"],
    [
      "too deep",
      (text) => text.replace('"details":{}', `"details":{"a":${"[".repeat(99)}${"]".repeat(99)}}`),
      "too-deep",
    ],
    [
      "of a kind that there is not",
      (text) => text.replace('"kind":"models"', '"kind":"scripts"'),
      "invalid-configuration",
    ],
    ["of a name that no plug-in has", (text) => text.replace('"name":"stack"', '"name":"__proto__"'), "unknown-name"],
    ["of options that cannot be", (text) => text.replace('"layers":2', '"layers":-1'), "state-differs"],
    ["of options of another kind", (text) => text.replace('"layers":2', '"layers":2,"layer":{}'), "unknown-name"],
    ["of another size", (text) => text.replace('"hidden":4', '"hidden":5'), "state-differs"],
    ["of a size that no file has room for", (text) => text.replace('"hidden":4', '"hidden":1e9'), "too-large"],
    ["of sizes whose product none has room for", (text) => text.replace('"hidden":4', '"hidden":65000'), "too-large"],
    [
      "of more models than it has tensors for",
      (text) => text.replace(/"models":\[(.*?)\],"made"/, '"models":[$1,$1],"made"'),
      "state-differs",
    ],
    ["of no model", (text) => text.replace(/"models":\[.*?\],"made"/, '"models":[],"made"'), "state-differs"],
  ])("%s", async (_, change, code) => {
    const bytes = await saveModel(make());
    expect(
      loadModel(
        reconfigured(bytes, (text) => text),
        { registry },
      ).model,
    ).toBeInstanceOf(Stack);
    expect(refused(reconfigured(bytes, change))).toMatchObject({ code });
  });

  it("without a configuration", async () => {
    const { tensors } = readSafetensors(await saveModel(make()));
    const [[, { shape }] = ["", { shape: [] }]] = tensors;
    const plain = writeSafetensors({
      tensors: new Map([["a", { dtype: "F32", shape, values: new Float32Array(12) }]]),
    });
    expect(refused(plain)).toMatchObject({ name: "FileError", code: "not-a-model" });
  });
});

describe("a configuration", () => {
  const wide = () => registry.layer("projection", { inputs: 200, outputs: 200, random: new Random(1) });

  it("that makes little many times is refused as one that makes much once", async () => {
    const reading = { purpose: "a test", registry };
    const one = await writeModels({ purpose: "a test", models: [], made: { a: wide() } });
    expect([...readModels(one, reading).made.keys()]).toEqual(["a"]);
    const two = await writeModels({ purpose: "a test", models: [], made: { a: wide(), b: wide() } });
    expect(() => readModels(two, reading)).toThrow(expect.objectContaining({ name: "FileError", code: "too-large" }));
  });

  it("that takes more memory than the file and 16 MiB is not written, and not read", async () => {
    const details = { texts: Array.from({ length: 150_000 }, (_, k) => ({ k })) };
    await expect(writeModels({ purpose: "a test", models: [], details })).rejects.toMatchObject({
      name: "DataError",
      code: "cannot-save",
      cause: { code: "too-large" },
    });
    const fewer = { texts: details.texts.slice(0, 20_000) };
    const bytes = await writeModels({ purpose: "a test", models: [], details: fewer });
    expect(readConfiguration(bytes).details["texts"]).toHaveLength(20_000);
  });
});
