import { readFileSync } from "node:fs";
import { corePlugin, createRegistry, definePlugin, nameIn, Random, SparseTensor } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { GATConv } from "../layers/gat.ts";
import { GATv2Conv } from "../layers/gatv2.ts";
import { TransformerConv } from "../layers/transformer.ts";
import { namedLayer } from "../models/attention-layer-by-name.ts";
import { GAT } from "../models/gat.ts";
import { GPS } from "../models/gps.ts";
import { GraphNetwork } from "../models/graph-network.ts";
import { GraphTransformer } from "../models/graph-transformer.ts";
import { SumReadout } from "../readout/pool.ts";
import { graph, numbers, reference } from "../testing/layer-examples.ts";
import { builtInRegistry } from "./built-in-registry.ts";
import { graphIdentity } from "./graph-identity.ts";
import { graphPlugin } from "./graph-plugin.ts";

const engine = reference;
const made = (seed = 1) => ({ random: new Random(seed), engine });
const registry = builtInRegistry();

describe("the plug-in of this package", () => {
  it("has its name and version", () => {
    const { name, version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(graphIdentity).toMatchObject({ name, version });
    expect(graphPlugin).toMatchObject({ name, version });
  });

  it("needs that of core, and no other", () => {
    expect(() => createRegistry([graphPlugin])).toThrow(expect.objectContaining({ code: "missing-plugin" }));
    expect(registry.plugins.map(({ name }) => name)).toEqual(["@vicinal/core", "@vicinal/graph"]);
  });

  it.each(registry.names("layers"))("makes the layer %s as wide as it is asked for", (name) => {
    const options = { score: "scaled-dot", ...(name === "gine" && { edgeDim: 2 }) };
    const widths = name === "agnn" || name === "fa" ? { inputs: 6 } : { inputs: 6, outputs: 6 };
    const layer = registry.make("layers", name, { ...widths, ...(name === "score" ? options : {}), ...made() });
    expect(layer).toMatchObject({ outputs: 6 });
  });

  it("shares the width of the output among heads that are side by side", () => {
    const layer = registry.layer("gatv2", { inputs: 3, outputs: 8, heads: 4, ...made() });
    expect([layer.heads, layer.channels, layer.outputs]).toEqual([4, 2, 8]);
    const averaged = registry.layer("gatv2", { inputs: 3, outputs: 8, heads: 4, concat: false, ...made() });
    expect([averaged.channels, averaged.outputs]).toEqual([8, 8]);
    expect(() => registry.layer("gat", { inputs: 3, outputs: 8, heads: 3, ...made() })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "heads-do-not-divide" }),
    );
  });

  it.each(registry.names("readouts"))("makes the read-out %s", (name) => {
    expect(registry.make("readouts", name, { inputs: 4, ...made() })).toMatchObject({ inputs: 4 });
  });

  it("makes structural encodings as functions of a graph", () => {
    for (const encode of [
      registry.encoding("laplacian", { count: 2 }),
      registry.encoding("random-walk", { walkLength: 2 }),
      registry.encoding("degree"),
    ]) {
      expect(encode(graph).rows).toBe(6);
    }
  });
});

/** A layer of a plug-in that is told from those built in: a GAT layer whose bias is 1. */
const onesPlugin = definePlugin({
  name: "vicinal-ones",
  version: "1.0.0",
  layers: {
    ones: ({
      inputs,
      outputs,
      slope = 0.2,
      ...options
    }: Parameters<typeof graphPlugin.layers.gat>[0] & { slope?: number }) => {
      const { heads = 1, concat = true } = options;
      const layer = new GATConv(inputs, concat ? outputs / heads : outputs, { ...options, negativeSlope: slope });
      layer.bias?.set(new Float32Array(outputs).fill(1));
      return layer;
    },
    wide: ({ inputs, outputs }: { inputs: number; outputs: number }) => new GATConv(inputs, outputs + 1, made()),
    inattentive: ({ inputs, outputs }: { inputs: number; outputs: number }) =>
      registry.layer("gcn", { inputs, outputs, ...made() }),
  },
  readouts: { half: ({ inputs }: { inputs: number }) => new SumReadout(inputs), other: () => new SumReadout(1) },
});
const plugged = createRegistry([corePlugin, graphPlugin, onesPlugin]);
const shape = { heads: 2, hidden: 4, dropout: 0 };

describe("models", () => {
  it("are the same whether their layer is named, found in a registry, or made by a function", () => {
    const x = numbers([6, 3], 1);
    for (const [layer, Class] of [
      ["gat", GATConv],
      ["gatv2", GATv2Conv],
      ["transformer", TransformerConv],
    ] as const) {
      const plain = new GAT(3, 2, { ...made(), ...shape, layer });
      const found = new GAT(3, 2, { ...made(), ...shape, ...namedLayer(plugged, layer) });
      const byFunction = new GAT(3, 2, {
        ...made(),
        ...shape,
        layer: ({ inputs, outputs, residual, ...options }) =>
          layer === "transformer"
            ? new TransformerConv(inputs, options.concat ? outputs / options.heads : outputs, {
                ...options,
                rootWeight: residual,
              })
            : new (layer === "gat" ? GATConv : GATv2Conv)(inputs, options.concat ? outputs / options.heads : outputs, {
                ...options,
                residual,
              }),
      });
      for (const model of [plain, found, byFunction]) {
        expect(model.layers.every((each) => each instanceof Class)).toBe(true);
        expect(model.forward(x, graph).dataSync()).toEqual(plain.forward(x, graph).dataSync());
      }
    }
  });

  it("are made of layers and read-outs of plug-ins", () => {
    const options = { ...made(), ...shape, ...namedLayer(plugged, "ones", { slope: 0.5 }) };
    const models = [
      new GAT(3, 2, options),
      new GraphTransformer(3, 2, options),
      new GPS(3, 2, options),
      new GraphNetwork(3, 2, { ...options, readout: nameIn(plugged, "readouts", "half") }),
      plugged.make("models", "gat", { inputs: 3, outputs: 2, ...made(), ...shape, layer: "ones" }),
    ];
    for (const model of models) {
      const biases = [...model.namedParameters()].filter(([name]) =>
        /(layers|conv|attention)(\.\d+)?\.bias$/.test(name),
      );
      expect(biases.length).toBeGreaterThan(0);
      expect(biases.every(([, bias]) => bias.dataSync().every((value) => value === 1))).toBe(true);
    }
  });

  it("refuse a layer of another width, one without attention, and an unknown one", () => {
    const of = (layer: string) => () =>
      // As a program without types may give it.
      new GAT(3, 2, Object.assign({ ...made(), ...shape, registry: plugged }, Object({ layer })));
    const other = nameIn(plugged, "readouts", "other");
    expect(of("wide")).toThrow(
      expect.objectContaining({
        name: "PluginError",
        code: "wrong-result",
        message: expect.stringContaining('layers["wide"] of the plug-in "vicinal-ones"'),
      }),
    );
    expect(of("inattentive")).toThrow(
      expect.objectContaining({ code: "wrong-result", message: expect.stringContaining("without attention") }),
    );
    expect(of("unknown")).toThrow(
      expect.objectContaining({ code: "out-of-range", message: expect.stringContaining('"ones"') }),
    );
    expect(() => new GAT(3, 2, { ...made(), ...shape, layer: nameIn(plugged, "layers", "ones") })).toThrow(
      expect.objectContaining({ code: "out-of-range", message: expect.stringContaining("registry") }),
    );
    expect(() => new GAT(3, 2, { ...made(), ...shape, layerOptions: { slope: 1 } })).toThrow(
      expect.objectContaining({ code: "does-not-apply" }),
    );
    expect(() => new GraphNetwork(3, 2, { ...made(), ...shape, readout: other, registry: plugged })).toThrow(
      expect.objectContaining({ name: "PluginError", code: "wrong-result" }),
    );
  });

  it("take sparse features with layers of plug-ins, as those do", () => {
    const sparse = SparseTensor.from(
      {
        kind: "csr",
        rows: 6,
        columns: 3,
        indptr: Uint32Array.of(0, 1, 2, 2, 3, 4, 5),
        indices: Uint32Array.of(0, 1, 2, 0, 1),
        values: undefined,
      },
      { engine },
    );
    const model = new GAT(3, 2, { ...made(), ...shape, ...namedLayer(plugged, "ones") });
    expect(model.forward(sparse, graph).shape).toEqual([6, 2]);
  });
});
