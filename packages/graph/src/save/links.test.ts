import { createWasmEngine, loadModel, Random, readConfiguration, saveModel } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { DirectedGraph, UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { namedLayer } from "../models/attention-layer-by-name.ts";
import { builtInRegistry } from "../plugin/built-in-registry.ts";
import { embedNodes } from "../tasks/embed/embed-nodes.ts";
import { LinkModel } from "../tasks/links/link-model.ts";
import { predictLinks } from "../tasks/links/predict-links.ts";
import type { PredictLinksOptions } from "../tasks/links/predict-links-options.ts";
import { linkedCommunities } from "../testing/linked-communities.ts";
import { refused } from "../testing/refused.ts";
import { steepRegistry } from "../testing/steep-plugin.ts";
import { loadLinkPrediction } from "./load-links.ts";

const options = { heads: 2, hidden: 8, dimensions: 4, epochs: 3 } satisfies PredictLinksOptions;

function people(): UndirectedGraph {
  const graph = linkedCommunities(3, 8, 4, 5);
  graph.forEachNode((node, { community }) =>
    graph.mergeNodeAttributes(node, { age: 20 + Number(node), tags: [`t${community}`, "all"] }),
  );
  return graph;
}

describe("links that were learned and saved", () => {
  const graph = people();
  const directed = new DirectedGraph();
  graph.forEachNode((node, attributes) => directed.addNode(node, attributes));
  graph.forEachEdge((_edge, _attributes, source, target) => directed.addEdge(source, target));
  const some: readonly [name: string, graph: UndirectedGraph | DirectedGraph, options: PredictLinksOptions][] = [
    ["of a graph without attributes", graph, options],
    ["with features", graph, { ...options, features: ["age", "tags"], residual: true, normalize: true }],
    ["with features alone", graph, { ...options, features: ["tags"], nodeVectors: false, normalizeFeatures: true }],
    ["with a direction", directed, { ...options, decoder: "network", layer: "gatv2" }],
  ];
  it.each(some)("are predicted with the same bits as before: %s", async (_, asked, given) => {
    const trained = await predictLinks.detailed(asked, given);
    const loaded = loadLinkPrediction(await trained.save());
    const links = await loaded.predict(asked);
    expect(links).toEqual(trained.links);
    expect(links).toEqual(await trained.predict(asked));
    expect(await loaded.embed(asked)).toEqual(await trained.embed(asked));
    expect(loaded).toMatchObject({ nodes: asked.nodes(), directed: asked === directed });
    const few = { candidates: "near", top: 3 } as const;
    expect(await loaded.predict(asked, few)).toEqual(await trained.predict(asked, few));
  });

  it("answer for a graph that has changed since, whatever the order of its nodes is", async () => {
    const trained = await predictLinks.detailed(graph, { ...options, features: ["age", "tags"] });
    const loaded = loadLinkPrediction(await trained.save());
    const turned = new UndirectedGraph();
    for (const node of graph.nodes().reverse()) turned.addNode(node, graph.getNodeAttributes(node));
    graph.forEachEdge((_edge, _attributes, source, target) => turned.addEdge(target, source));
    expect(await loaded.embed(turned)).toEqual(await loaded.embed(graph));
    const [first] = await loaded.predict(turned);
    turned.addEdge(first!.source, first!.target);
    expect(await loaded.embed(turned)).not.toEqual(await loaded.embed(graph));
    expect(await loaded.predict(turned)).not.toContainEqual(
      expect.objectContaining({ ...first, probability: expect.anything() }),
    );
  });

  it("embed nodes as before", async () => {
    const trained = await embedNodes.detailed(graph, { ...options, features: ["age"] });
    const loaded = loadLinkPrediction(await trained.save(), { engine: createWasmEngine() });
    expect(await loaded.embed(graph)).toEqual(trained.embeddings);
  });

  it("tell what they are, without being loaded", async () => {
    const bytes = await (await predictLinks.detailed(graph, options)).save();
    const { purpose, plugins, models, training } = readConfiguration(bytes);
    expect(purpose).toBe("links of a graph");
    expect(plugins.map(({ name }) => name)).toEqual(["@vicinal/graph"]);
    expect(models[0]).toMatchObject({ kind: "models", name: "links", options: { hidden: 8, heads: 2, nodes: 24 } });
    expect(training).toMatchObject({ epochs: 3 });
  });

  it("know no other nodes", async () => {
    const loaded = loadLinkPrediction(await (await predictLinks.detailed(graph, options)).save());
    const more = graph.copy();
    more.addNode("new");
    expect(await refused(() => loaded.predict(more))).toMatchObject({ name: "DataError", code: "unknown-node" });
    const fewer = graph.copy();
    fewer.dropNode("3");
    expect(await refused(() => loaded.embed(fewer))).toMatchObject({ name: "DataError", code: "missing-node" });
    expect(await refused(() => loaded.predict(graph, { top: 0 }))).toMatchObject({ code: "out-of-range" });
  });

  it("ask for the functions that are no part of them", async () => {
    const age = (_: string, attributes: Readonly<Record<string, unknown>>) => Number(attributes["age"]) / 10;
    const trained = await predictLinks.detailed(graph, { ...options, features: [{ name: "decades", get: age }] });
    const bytes = await trained.save();
    expect(await refused(() => loadLinkPrediction(bytes))).toMatchObject({ code: "missing-getter" });
    const loaded = loadLinkPrediction(bytes, { getters: { decades: age } });
    expect(await loaded.predict(graph)).toEqual(trained.links);
    const plain = await (await predictLinks.detailed(graph, options)).save();
    expect(await refused(() => loadLinkPrediction(plain, { getters: { decades: age } }))).toMatchObject({
      code: "unused-getter",
    });
  });
});

describe("links by the layer of a plug-in", () => {
  const steep = { ...options, ...namedLayer(steepRegistry, "steep", { slope: 0.9 }) };
  const graph = people();

  it("are learned, saved and loaded with the plug-in, which the error names where it is missing", async () => {
    const trained = await predictLinks.detailed(graph, steep);
    expect(trained.choices).toContainEqual({ option: "layer", value: "steep", reason: "given" });
    const bytes = await trained.save();
    expect(await loadLinkPrediction(bytes, { registry: steepRegistry }).predict(graph)).toEqual(trained.links);
    expect(await refused(() => loadLinkPrediction(bytes))).toMatchObject({
      name: "PluginError",
      code: "missing-plugin",
      message: expect.stringMatching(/"vicinal-steep" 1\.0\.0.*npm install vicinal-steep --save-exact/),
    });
  });

  it("embed nodes too", async () => {
    const trained = await embedNodes.detailed(graph, steep);
    expect(await loadLinkPrediction(await trained.save(), { registry: steepRegistry }).embed(graph)).toEqual(
      trained.embeddings,
    );
  });

  it("are refused by a name that nobody knows, with those that there are", async () => {
    expect(
      await refused(() => predictLinks(graph, Object.assign({ ...steep }, JSON.parse('{"layer":"stepe"}')))),
    ).toMatchObject({
      name: "OptionError",
      code: "out-of-range",
      message: expect.stringMatching(/"stepe".*"gat", "gatv2", "transformer".*"steep"/),
    });
    expect(await refused(() => predictLinks(graph, JSON.parse('{"layer":"gta"}')))).toMatchObject({
      message: expect.stringMatching(/"gta".*"gat", "gatv2" or "transformer"/),
    });
  });
});

it("a network of links alone is saved and loaded as any model", async () => {
  const engine = createReferenceEngine();
  const model = new LinkModel({
    random: new Random(3),
    engine,
    nodes: 5,
    features: 2,
    directed: true,
    dimensions: 3,
    decoder: "network",
    nodeVectors: true,
    layer: "transformer",
    layers: 2,
    heads: 2,
    hidden: 4,
    dropout: 0,
    residual: true,
    normalize: true,
  });
  const { model: loaded } = loadModel(await saveModel(model), { registry: builtInRegistry(), engine });
  expect(loaded).toBeInstanceOf(LinkModel);
  expect(loaded.parameters().map((each) => Array.from(each.dataSync()))).toEqual(
    model.parameters().map((each) => Array.from(each.dataSync())),
  );
});
