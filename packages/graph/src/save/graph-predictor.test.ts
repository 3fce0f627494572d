import { corePlugin, createRegistry, createWasmEngine, nameIn, Random } from "@vicinal/core";
import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { graphCollection } from "../batch/batch-graphs.ts";
import { laplacianEncoding } from "../encode/laplacian-encoding.ts";
import { AttentiveFP } from "../models/attentive-fp.ts";
import { builtInRegistry } from "../plugin/built-in-registry.ts";
import { graphPlugin } from "../plugin/graph-plugin.ts";
import { predictGraphs } from "../tasks/graphs/predict-graphs.ts";
import type { PredictGraphsOptions } from "../tasks/graphs/predict-graphs-options.ts";
import { trainGraphPredictor } from "../tasks/graphs/train-graph-predictor.ts";
import { refused } from "../testing/refused.ts";
import { loadGraphPredictions, loadGraphPredictor } from "./load-graph-predictor.ts";
import { saveGraphPredictor } from "./save-graph-predictor.ts";

/** Rings of two elements, with what is known of them. */
function rings(count: number, seed: number): UndirectedGraph[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const graph = new UndirectedGraph();
    const size = 3 + random.integer(4);
    let carbons = 0;
    for (let i = 0; i < size; i++) {
      const element = random.integer(2) === 0 ? "C" : "O";
      if (element === "C") carbons++;
      graph.addNode(i, { element, charge: random.normal() });
    }
    for (let i = 0; i < size; i++) graph.addEdge(i, (i + 1) % size, { order: 1 + random.integer(2) });
    graph.setAttribute("target", carbons);
    graph.setAttribute("kind", carbons > 2 ? "fuel" : "other");
    graph.setAttribute("burns", carbons > 1);
    graph.setAttribute("floats", carbons < 4);
    return graph;
  });
}

const [graphs, others] = [rings(24, 1), rings(7, 2)];
const options: PredictGraphsOptions = { features: ["element", "charge"], edgeFeatures: "order", hidden: 8, epochs: 2 };
const tasks: readonly [name: string, PredictGraphsOptions][] = [
  ["a number, by an ensemble of AttentiveFP", { ...options, ensemble: 2 }],
  ["classes, by GIN", { ...options, target: "kind", model: "gin" }],
  ["several questions, by GATv2", { ...options, target: ["burns", "floats"], model: "gatv2", heads: 2 }],
  ["one question", { ...options, target: ["burns"], task: "multi-task", edgeFeatures: "order" }],
  ["a list of one number", { ...options, target: ["target"] }],
  ["graphs without features", { hidden: 8, epochs: 2 }],
  ["with an encoding of a registry", { ...options, encode: builtInRegistry().encoding("laplacian", { count: 2 }) }],
  [
    "by a layer of a registry",
    {
      ...options,
      model: nameIn(builtInRegistry(), "layers", "score"),
      heads: 2,
      registry: builtInRegistry(),
      layerOptions: { score: "dot" },
      edgeFeatures: () => 1,
    },
  ],
];

describe("predictions that were saved", () => {
  it.each(tasks.slice(0, 7))("are made again with the same bits: %s", async (_, given) => {
    const trained = await predictGraphs.detailed(graphs, given);
    const loaded = loadGraphPredictions(await trained.save());
    expect([loaded.task, loaded.targets, loaded.classes]).toEqual([trained.task, trained.targets, trained.classes]);
    for (const asked of [graphs, others]) expect(await loaded.predict(asked)).toEqual(await trained.predict(asked));
    expect(loaded.training).toMatchObject({ epochs: 2 });
  });

  it("are made by layers of a registry", async () => {
    const { edgeFeatures: _, ...given } = tasks[7]![1];
    const trained = await predictGraphs.detailed(graphs, given);
    const loaded = loadGraphPredictions(await trained.save());
    expect(await loaded.predict(others)).toEqual(await trained.predict(others));
  });

  it("ask for the functions that are no part of a file, and for no others", async () => {
    const functions = {
      edgeFeatures: () => 1,
      encode: (neighborhood: Parameters<typeof laplacianEncoding>[0]) => laplacianEncoding(neighborhood, { count: 2 }),
    };
    const charge = (_: string, attributes: Readonly<Record<string, unknown>>) => attributes["charge"];
    const trained = await predictGraphs.detailed(graphs, {
      ...options,
      ...functions,
      features: ["element", { name: "q", get: charge }],
    });
    const bytes = await trained.save();
    const getters = { q: charge };
    const { edgeFeatures, encode } = functions;
    expect(await refused(() => loadGraphPredictions(bytes, { encode, getters }))).toMatchObject({
      code: "missing-input",
    });
    expect(await refused(() => loadGraphPredictions(bytes, { edgeFeatures, getters }))).toMatchObject({
      code: "missing-input",
    });
    expect(await refused(() => loadGraphPredictions(bytes, functions))).toMatchObject({ code: "missing-getter" });
    const loaded = loadGraphPredictions(bytes, { ...functions, getters });
    expect(await loaded.predict(others)).toEqual(await trained.predict(others));
    const plain = await (await predictGraphs.detailed(graphs, options)).save();
    expect(await refused(() => loadGraphPredictions(plain, functions))).toMatchObject({ code: "unexpected-input" });
  });

  it("are not saved where nothing is known of the network that a function made", async () => {
    const { edgeFeatures: _, ...given } = options;
    // It may compute something else.
    class Own extends AttentiveFP {}
    const made = await predictGraphs.detailed(graphs, {
      features: given.features!,
      epochs: 1,
      model: ({ inputs, outputs, random, engine }) => new Own(inputs, outputs, { random, engine, hidden: 4 }),
    });
    expect(await refused(() => made.save())).toMatchObject({ name: "DataError", code: "cannot-save" });
  });
});

it("a predictor that was saved predicts typed arrays with the same bits", async () => {
  const { collection } = graphCollection(graphs, { features: ["element"] });
  const targets = graphs.map((graph) => Number(graph.getAttribute("target")));
  const { predictor } = await trainGraphPredictor({ collection, targets }, { hidden: 8, epochs: 2, ensemble: 2 });
  const bytes = await saveGraphPredictor(predictor, { training: { note: "a test" } });
  for (const registry of [undefined, createRegistry([corePlugin, graphPlugin])]) {
    const loaded = loadGraphPredictor(bytes, { registry, engine: createWasmEngine() });
    expect(loaded.standardization).toEqual(predictor.standardization);
    expect(await loaded.predict(collection)).toEqual(await predictor.predict(collection));
  }
  expect(await refused(() => loadGraphPredictions(bytes))).toMatchObject({ code: "other-purpose" });
});
