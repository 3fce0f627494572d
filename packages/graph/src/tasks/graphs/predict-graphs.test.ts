import { Random } from "@vicinal/core";
import { MultiGraph, UndirectedGraph } from "graphology";
import { describe, expect, it, vi } from "vitest";
import { AttentiveGraphModel, LinearGraphModel } from "../../testing/labeled-graphs.ts";
import type { GraphModelShape } from "./graph-predictor-options.ts";
import { predictGraphs } from "./predict-graphs.ts";
import type { AssignGraphsOptions, PredictGraphsOptions } from "./predict-graphs-options.ts";

const linear = ({ inputs, outputs, random, engine }: GraphModelShape) =>
  new LinearGraphModel(inputs, outputs, { random, engine, bias: true });
const attentive = ({ inputs, outputs, random, engine }: GraphModelShape) =>
  new AttentiveGraphModel(inputs, outputs, { random, engine });

/** Chains of carbon and oxygen, with attributes that say how many of each they have. */
function chains(count: number, seed = 1): UndirectedGraph[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, k) => {
    const graph = new UndirectedGraph();
    const elements = Array.from({ length: 2 + random.integer(5) }, () => (random.uniform() < 0.4 ? "O" : "C"));
    for (const [i, element] of elements.entries()) {
      graph.addNode(`atom ${i}`, { element });
      if (i > 0) graph.addEdge(`atom ${i - 1}`, `atom ${i}`, { order: 1 });
    }
    const oxygens = elements.filter((element) => element === "O").length;
    const carbons = elements.length - oxygens;
    graph.mergeAttributes({
      weight: 12 * carbons + 16 * oxygens,
      oxygens,
      polar: oxygens > carbons,
      rich: oxygens > 1,
      year: 2000 + ((k * 7) % count),
    });
    return graph;
  });
}

const features = ["element"];
const quick = { features, model: linear, epochs: 2, batchSize: 16 } as const;
const thorough = { features, model: linear, epochs: 80, batchSize: 8, learningRate: 0.05, weightDecay: 0 } as const;

/** Takes an attribute away from some graphs, and gives what it was. */
function hide(graphs: readonly UndirectedGraph[], name: string, from: number): unknown[] {
  return graphs.slice(from).map((graph) => {
    const value: unknown = graph.getAttribute(name);
    graph.removeAttribute(name);
    return value;
  });
}

describe("predictGraphs", () => {
  it("predicts numbers of graphs without a target, in their unit", async () => {
    const graphs = chains(60);
    const hidden = hide(graphs, "weight", 50);
    const predicted = await predictGraphs(graphs, { ...thorough, target: "weight" });
    expect(predicted).toHaveLength(60);
    for (const [k, value] of hidden.entries()) {
      if (typeof value !== "number" || typeof predicted[50 + k] !== "number") throw new Error("Numbers were expected.");
      expect(Math.abs(Number(predicted[50 + k]) - value)).toBeLessThan(8);
    }
  });

  it("predicts classes by their names, those of text and of booleans", async () => {
    const graphs = chains(60);
    for (const graph of graphs) graph.setAttribute("kind", graph.getAttribute("rich") === true ? "rich" : "poor");
    const hidden = hide(graphs, "kind", 50);
    const predicted = await predictGraphs(graphs, { ...thorough, target: "kind" });
    const right = hidden.filter((value, k) => value === predicted[50 + k]);
    expect(right.length).toBeGreaterThanOrEqual(9);
    const ofBooleans = await predictGraphs.detailed(graphs, { ...quick, target: "rich" });
    expect(ofBooleans).toMatchObject({ task: "classification", classes: ["false", "true"] });
  });

  it("predicts several targets by their names: numbers, or the probability of each yes", async () => {
    const graphs = chains(30);
    for (const graph of graphs.slice(20)) graph.removeAttribute("oxygens");
    const numbers = await predictGraphs.detailed(graphs, { ...quick, target: ["weight", "oxygens"] });
    expect(numbers).toMatchObject({ task: "regression", targets: ["weight", "oxygens"], classes: [] });
    expect(numbers.predictions[25]?.value).toEqual({ weight: expect.any(Number), oxygens: expect.any(Number) });
    const { task, predictions } = await predictGraphs.detailed(graphs, { ...quick, target: ["polar", "rich"] });
    expect(task).toBe("multi-task");
    const { value } = predictions[0]!;
    if (typeof value !== "object") throw new Error("Probabilities were expected.");
    expect(Object.keys(value)).toEqual(["polar", "rich"]);
    for (const probability of Object.values(value)) expect(probability > 0 && probability < 1).toBe(true);
  });

  it("learns what the option `task` says: numbers as classes, or 0 and 1 as an answer", async () => {
    const graphs = chains(30);
    for (const graph of graphs) graph.setAttribute("bit", graph.getAttribute("rich") === true ? 1 : 0);
    const asClasses = await predictGraphs(graphs, { ...quick, target: "bit", task: "classification" });
    expect(asClasses.every((value) => value === "0" || value === "1")).toBe(true);
    const asAnswers = await predictGraphs(graphs, { ...quick, target: "bit", task: "multi-task" });
    expect(asAnswers[0]).toEqual({ bit: expect.any(Number) });
  });

  it("takes a getter, which knows the number of the graph", async () => {
    const graphs = chains(30);
    const { predictions, targets, parts } = await predictGraphs.detailed(graphs, {
      ...quick,
      target: ({ weight }, graph) => (graph < 20 ? Number(weight) : null),
    });
    expect(targets).toEqual(["target"]);
    expect(typeof predictions[29]?.value).toBe("number");
    expect(parts.map((part) => part === undefined)).toEqual(graphs.map((_, graph) => graph >= 20));
  });

  it("changes no graph", async () => {
    const graphs = chains(20);
    const before = graphs.map((graph) => graph.export());
    await predictGraphs(graphs, { ...quick, target: "weight" });
    expect(graphs.map((graph) => graph.export())).toEqual(before);
  });
});

describe("predictGraphs.detailed", () => {
  it("gives probabilities that sum to 1, and the uncertainty of an ensemble", async () => {
    const graphs = chains(30);
    const { predictions, members } = await predictGraphs.detailed(graphs, { ...quick, target: "polar", ensemble: 2 });
    expect(members).toHaveLength(2);
    for (const { value, probabilities, uncertainty } of predictions) {
      expect(probabilities!["true"]! + probabilities!["false"]!).toBeCloseTo(1, 9);
      expect(probabilities![String(value)]).toBeGreaterThanOrEqual(0.5);
      expect(uncertainty).toBeGreaterThan(0);
    }
    const one = await predictGraphs.detailed(graphs, { ...quick, target: ["weight", "oxygens"], ensemble: 2 });
    expect(one.predictions[0]?.uncertainty).toEqual({ weight: expect.any(Number), oxygens: expect.any(Number) });
    expect(
      (await predictGraphs.detailed(graphs, { ...quick, target: "weight" })).predictions[0]?.uncertainty,
    ).toBeUndefined();
  });

  it("gives attention by the keys of nodes", async () => {
    const graphs = chains(20);
    const { predictions } = await predictGraphs.detailed(graphs, { ...quick, model: attentive, target: "weight" });
    for (const [k, { attention }] of predictions.entries()) {
      expect(Object.keys(attention ?? {})).toEqual(graphs[k]!.nodes());
      expect(Object.values(attention ?? {}).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    }
  });

  it("predicts other graphs as it predicted those it was given", async () => {
    const graphs = chains(20);
    const { predict, predictions } = await predictGraphs.detailed(graphs, { ...quick, target: "weight" });
    const [again] = await predict([graphs[3]!]);
    expect(again?.value).toBeCloseTo(Number(predictions[3]?.value), 4);
  });

  it("reads edges too, in graphs of any type", async () => {
    const graphs = chains(20).map((graph) => {
      const copy = new MultiGraph();
      copy.mergeAttributes(graph.getAttributes());
      graph.forEachNode((node, attributes) => copy.addNode(node, attributes));
      graph.forEachEdge((_edge, attributes, source, target) => {
        copy.addDirectedEdge(source, target, attributes);
        copy.addUndirectedEdge(source, target, attributes);
      });
      return copy;
    });
    const { predictor } = await predictGraphs.detailed(graphs, {
      features,
      edgeFeatures: "order",
      model: "attentive-fp",
      hidden: 8,
      epochs: 1,
      target: "weight",
    });
    expect(predictor.widths).toEqual({ inputs: 2, edgeDim: 1 });
  });
});

describe("the parts", () => {
  it("are those of an attribute; a graph without target plays none", async () => {
    const graphs = chains(20);
    hide(graphs, "weight", 18);
    const given = (k: number) =>
      k % 4 === 0 ? "test" : k % 4 === 1 ? "validation" : k % 4 === 2 ? "train" : undefined;
    for (const [k, graph] of graphs.entries()) graph.setAttribute("part", given(k));
    const { parts, metrics } = await predictGraphs.detailed(graphs, { ...quick, target: "weight", split: "part" });
    expect(parts).toEqual(graphs.map((_, k) => (k >= 18 ? undefined : (given(k) ?? "train"))));
    expect([metrics.train?.graphs, metrics.validation?.graphs, metrics.test?.graphs]).toEqual([8, 5, 5]);
  });

  it("go by time: the latest graphs with a target are tested on", async () => {
    const graphs = chains(20);
    hide(graphs, "weight", 18);
    const { parts } = await predictGraphs.detailed(graphs, {
      ...quick,
      target: "weight",
      time: "year",
      testFraction: 0.25,
      validationFraction: 0.25,
    });
    const yearsOf = (part: string) =>
      graphs.filter((_, k) => parts[k] === part).map((graph) => Number(graph.getAttribute("year")));
    expect(yearsOf("test")).toHaveLength(5);
    expect(Math.max(...yearsOf("train"))).toBeLessThan(Math.min(...yearsOf("validation")));
    expect(Math.max(...yearsOf("validation"))).toBeLessThan(Math.min(...yearsOf("test")));
  });

  it("keep the shares of classes where they are drawn", async () => {
    const graphs = chains(60);
    for (const [k, graph] of graphs.entries()) graph.setAttribute("kind", k % 5 === 0 ? "seldom" : "often");
    const { parts } = await predictGraphs.detailed(graphs, {
      ...quick,
      target: "kind",
      testFraction: 0.5,
      validationFraction: 0,
    });
    expect(graphs.filter((graph, k) => parts[k] === "test" && graph.getAttribute("kind") === "seldom")).toHaveLength(6);
  });
});

describe("predictGraphs.assign", () => {
  it("writes predictions, confidence and uncertainty to every graph", async () => {
    const graphs = chains(20);
    hide(graphs, "polar", 15);
    const options = { ...quick, target: "polar", ensemble: 2 };
    await predictGraphs.assign(graphs, options);
    const { predictions } = await predictGraphs.detailed(graphs, options);
    for (const [k, graph] of graphs.entries()) {
      const { value, probabilities, uncertainty } = predictions[k]!;
      expect(graph.getAttributes()).toMatchObject({
        prediction: value,
        predictionConfidence: probabilities![String(value)],
        predictionUncertainty: uncertainty,
      });
    }
  });

  it("writes to the attributes asked for, and no more than there is to say", async () => {
    const graphs = chains(20);
    await predictGraphs.assign(graphs, { ...quick, target: "weight", graphPredictionAttribute: "estimate" });
    const before = Object.keys(chains(1)[0]!.getAttributes());
    expect(Object.keys(graphs[0]!.getAttributes())).toEqual([...before, "estimate"]);
  });

  it("writes to no graph if writing to one of them fails", async () => {
    const graphs = chains(20);
    graphs[2]!.setAttribute("prediction", "of old");
    const before = graphs.map((graph) => graph.getAttributes()).map((attributes) => ({ ...attributes }));
    graphs[10]!.on("attributesUpdated", () => {
      throw new Error("listener");
    });
    await expect(predictGraphs.assign(graphs, { ...quick, target: "weight" })).rejects.toThrow("listener");
    graphs[10]!.removeAllListeners();
    expect(graphs.map((graph) => graph.getAttributes())).toEqual(before);
  });

  it.each<[string, AssignGraphsOptions]>([
    ["prediction and confidence", { graphPredictionAttribute: "x", graphConfidenceAttribute: "x" }],
    ["a measured target", { graphPredictionAttribute: "weight" }],
    ["one of several targets", { target: ["weight", "oxygens"], graphUncertaintyAttribute: "oxygens" }],
  ])("refuses to write over %s", async (_what, options) => {
    const assigning = predictGraphs.assign(chains(20), { ...quick, target: "weight", ...options });
    await expect(assigning).rejects.toThrow(expect.objectContaining({ code: "duplicate-attribute" }));
  });
});

describe("predictGraphs refuses, before it trains,", () => {
  const fails = async (
    code: string,
    change: (graphs: UndirectedGraph[]) => void,
    options: PredictGraphsOptions = {},
  ) => {
    const graphs = chains(20);
    change(graphs);
    const onProgress = vi.fn();
    const training = predictGraphs(graphs, { ...quick, target: "weight", onProgress, ...options });
    await expect(training).rejects.toThrow(expect.objectContaining({ code }));
    expect(onProgress).not.toHaveBeenCalled();
  };
  const set = (name: string, value: unknown) => (graphs: UndirectedGraph[]) => graphs[4]!.setAttribute(name, value);
  const nothing = () => {};

  it.each<[string, string, (graphs: UndirectedGraph[]) => void, PredictGraphsOptions]>([
    ["a misspelt target", "unknown-attribute", nothing, { target: "wieght" }],
    ["a misspelt one of several", "unknown-attribute", nothing, { target: ["weight", "oxygen"] }],
    ["a target named twice", "duplicate-attribute", nothing, { target: ["weight", "weight"] }],
    ["no target", "out-of-range", nothing, { target: [] }],
    ["graphs of which nothing is known", "no-targets", nothing, { target: () => undefined }],
    ["NaN", "wrong-type", set("weight", Number.NaN), {}],
    ["text where numbers are asked for", "wrong-type", set("weight", "heavy"), { task: "regression" }],
    ["text among several targets", "wrong-type", set("weight", "heavy"), { target: ["weight", "oxygens"] }],
    ["a number that is no answer", "wrong-type", set("rich", 2), { target: ["rich"], task: "multi-task" }],
    ["an object", "wrong-type", set("weight", { value: 1 }), {}],
    ["a part that is none", "wrong-type", set("part", "testing"), { split: "part" }],
    ["a misspelt split", "unknown-attribute", nothing, { split: "prat" }],
    ["a share beside a split", "unused-option", nothing, { split: () => "train", testFraction: 0.2 }],
    ["a time beside a split", "unused-option", nothing, { split: () => "train", time: "year" }],
    [
      "a graph without time",
      "missing-value",
      (graphs) => graphs[4]!.removeAttribute("year"),
      { time: "year", testFraction: 0.2 },
    ],
    ["a time that is text", "wrong-type", set("year", "2001"), { time: "year", testFraction: 0.2 }],
    ["one class", "one-class", nothing, { target: () => "same" }],
    ["a misspelt feature", "unknown-attribute", nothing, { features: ["elemnt"] }],
    ["no test graphs", "too-few-items", nothing, { testFraction: 0.01 }],
  ])("%s", async (_what, code, change, options) => fails(code, change, options));

  it("what is no graph, naming it", async () => {
    // @ts-expect-error: it is none.
    await expect(predictGraphs([...chains(3), {}], quick)).rejects.toThrow(/graph 3/);
  });

  it("an empty list", async () => {
    await expect(predictGraphs([], quick)).rejects.toThrow(
      expect.objectContaining({ name: expect.stringMatching(/Error/) }),
    );
  });

  it("an option that is none, wherever it is given", async () => {
    // @ts-expect-error: the option is not one.
    await expect(predictGraphs(chains(3), { targets: "weight" })).rejects.toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
    // @ts-expect-error: the option is not one.
    await expect(predictGraphs.assign(chains(3), { attribute: "x" })).rejects.toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
  });
});

describe("graphs that are strange", () => {
  it("such as one without nodes, or without edges, get a prediction", async () => {
    const graphs = [...chains(20), new UndirectedGraph(), new UndirectedGraph()];
    graphs[21]!.addNode("alone", { element: "C" });
    for (const model of ["attentive-fp", "gatv2", "gin"] as const) {
      const predicted = await predictGraphs(graphs, { features, model, hidden: 8, epochs: 1, target: "weight" });
      expect(predicted.slice(20).every((value) => Number.isFinite(value))).toBe(true);
    }
  });
});
