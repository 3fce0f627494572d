import {
  corePlugin,
  createRegistry,
  createWasmEngine,
  type Engine,
  loadModel,
  Random,
  readConfiguration,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { featureTensor } from "../convert/feature-tensor.ts";
import { featureEncoder } from "../convert/features.ts";
import { neighborhoodOf } from "../convert/graph-neighborhood.ts";
import { namedLayer } from "../models/attention-layer-by-name.ts";
import { GAT } from "../models/gat.ts";
import { GPS } from "../models/gps.ts";
import { graphPlugin } from "../plugin/graph-plugin.ts";
import { labelNodes } from "../tasks/label-nodes.ts";
import type { LabelNodesOptions } from "../tasks/label-nodes-options.ts";
import { multiLabelNodes } from "../tasks/multi-label-nodes.ts";
import { twoCommunities } from "../testing/graphs.ts";
import { refused } from "../testing/refused.ts";
import { steepPlugin, steepRegistry } from "../testing/steep-plugin.ts";
import { loadMultiLabeling, loadNodeLabeling } from "./load-labeling.ts";
import { saveNodeLabeling } from "./save-labeling.ts";

function town(size: number, seed: number): UndirectedGraph {
  const graph = twoCommunities(size, 6, seed);
  const random = new Random(seed);
  graph.forEachNode((node, { community }) => {
    graph.mergeNodeAttributes(node, {
      age: 40 + random.normal(community === "left" ? -8 : 8, 8),
      interests: random.uniform() < 0.7 ? [String(community), "music"] : ["chess"],
      ...(Number(node) % 2 === 0 && { label: community }),
      kinds: Number(node) % 3 === 0 ? undefined : [community, "person"],
    });
  });
  graph.forEachEdge((edge) => graph.setEdgeAttribute(edge, "trust", random.uniform()));
  return graph;
}

const options: LabelNodesOptions = { features: ["age", "interests"], heads: 2, hidden: 8, epochs: 3 };
const [graph, other] = [town(20, 1), town(30, 2)];

describe("a labeling that was saved", () => {
  const models: readonly [name: string, LabelNodesOptions][] = [
    ["a GAT", options],
    [
      "a GAT with weights of edges, a norm and shortcuts",
      { ...options, edgeWeight: "trust", residual: true, normalize: true },
    ],
    ["a graph transformer", { ...options, model: "graph-transformer", layer: "transformer" }],
    [
      "rows of features that are divided by their sum",
      { ...options, features: ["interests"], normalizeFeatures: true },
    ],
  ];
  for (const [name, given] of models) {
    it(`labels with the same bits as before: ${name}`, async () => {
      const trained = await labelNodes.detailed(graph, given);
      const loaded = loadNodeLabeling(await trained.save());
      expect(loaded.classes).toEqual(trained.classes);
      for (const asked of [graph, other, new UndirectedGraph()]) {
        expect(await loaded.label(asked)).toEqual(await trained.label(asked));
      }
    });
  }

  it("tells what it is, without being loaded", async () => {
    const trained = await labelNodes.detailed(graph, options);
    const { purpose, plugins, models: made, training } = readConfiguration(await trained.save());
    expect(purpose).toBe("labels of nodes");
    expect(plugins).toEqual([{ name: "@vicinal/graph", version: graphPlugin.version, install: expect.anything() }]);
    expect(made[0]).toMatchObject({ kind: "models", name: "gat", options: { hidden: 8, heads: 2, outputs: 2 } });
    expect(training).toMatchObject({ epochs: 3, bestEpoch: trained.bestEpoch, metrics: { train: { nodes: 20 } } });
  });

  it("is loaded onto any engine, and refuses what the network was not trained on", async () => {
    const trained = await labelNodes.detailed(graph, options);
    const bytes = await trained.save();
    const expected = await trained.label(other);
    for (const engine of [createReferenceEngine(), createWasmEngine()]) {
      const { labels } = await loadNodeLabeling(bytes, { engine }).label(other);
      expect(labels).toEqual(expected.labels);
    }
    const bare = new UndirectedGraph();
    bare.addNode("x", { interests: [] });
    expect(await refused(() => loadNodeLabeling(bytes).label(bare))).toMatchObject({ code: "missing-value" });
  });

  it("asks for the functions that are no part of it", async () => {
    const age = (_: string, attributes: Readonly<Record<string, unknown>>) => Number(attributes["age"]) / 10;
    const weight = () => 1;
    const trained = await labelNodes.detailed(graph, {
      ...options,
      features: ["interests", { name: "decades", get: age }],
      edgeWeight: weight,
    });
    const bytes = await trained.save();
    expect(await refused(() => loadNodeLabeling(bytes))).toMatchObject({ code: "missing-getter" });
    const getters = { decades: age };
    expect(await refused(() => loadNodeLabeling(bytes, { getters }))).toMatchObject({ code: "missing-input" });
    const loaded = loadNodeLabeling(bytes, { getters, edgeWeight: weight });
    expect(await loaded.label(other)).toEqual(await trained.label(other));
    const plain = await (await labelNodes.detailed(graph, options)).save();
    expect(await refused(() => loadNodeLabeling(plain, { edgeWeight: weight }))).toMatchObject({
      code: "unexpected-input",
    });
  });

  it("is not saved where it knows no nodes but its own", async () => {
    const { features: _, ...structure } = options;
    const trained = await labelNodes.detailed(graph, structure);
    expect(await refused(() => trained.save())).toMatchObject({ name: "DataError", code: "no-features" });
  });

  it("is told from other files", async () => {
    const bytes = await (await labelNodes.detailed(graph, options)).save();
    const registry = createRegistry([corePlugin, graphPlugin]);
    expect(await refused(() => loadModel(bytes, { registry }))).toMatchObject({
      name: "FileError",
      code: "other-purpose",
    });
    expect(await refused(() => loadMultiLabeling(bytes))).toMatchObject({ code: "other-purpose" });
    expect(await refused(() => loadNodeLabeling(bytes.subarray(0, bytes.length - 1)))).toMatchObject({
      code: "truncated",
    });
  });
});

it("sets of labels that were saved are said with the same bits as before", async () => {
  const trained = await multiLabelNodes.detailed(graph, {
    features: ["age", "interests"],
    heads: 2,
    hidden: 8,
    epochs: 3,
    labels: "kinds",
    thresholds: "validation",
    split: (node) => (Number(node) % 4 === 0 ? "validation" : "train"),
  });
  const loaded = loadMultiLabeling(await trained.save());
  expect(loaded.labelNames).toEqual(trained.labelNames);
  for (const asked of [graph, other]) expect(await loaded.label(asked)).toEqual(await trained.label(asked));
});

describe("a labeling by the layer of a plug-in", () => {
  const train = (engine: Engine) =>
    labelNodes.detailed(graph, { ...options, ...namedLayer(steepRegistry, "steep", { slope: 0.9 }), engine });

  it("is trained, saved and loaded with the plug-in", async () => {
    const trained = await train(createWasmEngine());
    const loaded = loadNodeLabeling(await trained.save(), { registry: steepRegistry });
    expect(await loaded.label(other)).toEqual(await trained.label(other));
    expect(trained.choices).toContainEqual({ option: "layer", value: "steep", reason: "given" });
  });

  it("says without it which is missing, and how to get it", async () => {
    const bytes = await (await train(createWasmEngine())).save();
    expect(await refused(() => loadNodeLabeling(bytes))).toMatchObject({
      name: "PluginError",
      code: "missing-plugin",
      message: expect.stringMatching(/"vicinal-steep" 1\.0\.0.*npm install vicinal-steep --save-exact/),
    });
    const older = createRegistry([corePlugin, graphPlugin, { ...steepPlugin, version: "0.9.0" }]);
    expect(await refused(() => loadNodeLabeling(bytes, { registry: older }))).toMatchObject({
      code: "version-out-of-range",
    });
  });
});

describe("a network of one's own that labels nodes", () => {
  const encoder = featureEncoder(graph, ["age", "interests"]);
  const shape = { random: new Random(1), heads: 2, hidden: 8 };

  it("is saved as those of labelNodes are, and loaded with the same bits", async () => {
    const model = new GAT(encoder.columns.length, 2, shape);
    const bytes = await saveNodeLabeling({ model, encoder, classes: ["left", "right", "neither"], learned: 2 });
    const loaded = loadNodeLabeling(bytes, { engine: createWasmEngine() });
    expect(loaded).toMatchObject({ learned: 2, readsEdgeWeight: false, normalizeFeatures: false });
    expect(loaded.classes).toEqual(["left", "right", "neither"]);
    expect(loaded.encoder.fitted).toEqual(encoder.fitted);
    const { neighborhood, nodes } = neighborhoodOf(other);
    const logits = model.forward(featureTensor(encoder.encode(other).matrix), neighborhood).dataSync();
    const { labels } = await loaded.label(other);
    for (const [i, node] of nodes.entries()) {
      expect(labels[node]).toBe(logits[2 * i]! >= logits[2 * i + 1]! ? "left" : "right");
    }
  });

  it("is refused if it is not made of layers, or of an option that there is not", async () => {
    const model = new GPS(encoder.columns.length, 2, shape);
    expect(await refused(() => saveNodeLabeling({ model, encoder, classes: ["a", "b"] }))).toMatchObject({
      name: "DataError",
      code: "cannot-save",
    });
    const misspelt = Object.assign({ model, encoder, classes: ["a", "b"] }, { class: [] });
    expect(await refused(() => saveNodeLabeling(misspelt))).toMatchObject({ code: "unknown-option" });
  });
});
