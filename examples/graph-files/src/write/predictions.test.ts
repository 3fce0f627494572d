import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";
import { parse } from "csv-parse/browser/esm/sync";
import { DirectedGraph, MultiGraph, UndirectedGraph } from "graphology";
import { parse as parseGexf } from "graphology-gexf";
import { describe, expect, it } from "vitest";
import type { LabeledGraph } from "../labeled-graph.ts";
import { hostileGraph, hostileNames } from "../testing/hostile-graph.ts";
import { madeUpLabeling } from "../testing/made-up-labeling.ts";
import { predictionsCsv } from "./predictions-csv.ts";
import { type NodeLook, predictionsGexf } from "./predictions-gexf.ts";

/** A ring of 34 people in two teams, of whom only two captains are known; they have names. */
function ring(): LabeledGraph {
  const graph = new UndirectedGraph();
  for (let node = 0; node < 34; node++) graph.addNode(node, { team: node < 17 ? "red" : "blue" });
  for (let node = 0; node < 34; node++) graph.addEdge(node, (node + 1) % 34);
  const captains = new Map([
    ["0", "Ann"],
    ["33", "Ben"],
  ]);
  return {
    title: "A ring",
    graph,
    label: "team",
    split: (node) => (captains.has(node) ? "train" : "test"),
    nodeName: (node) => captains.get(node) ?? node,
  };
}

describe("predictionsCsv", () => {
  it("reads back as one line a node, with what was known and what was predicted", () => {
    const input = ring();
    const labeling = madeUpLabeling(input);
    const rows = parse<Record<string, string>>(predictionsCsv(input, labeling), { columns: true });
    expect(rows).toHaveLength(34);
    expect(rows[0]).toMatchObject({ node: "0", known_label: "red", test_label: "", predicted_label: "red" });
    expect(rows[1]).toMatchObject({ node: "1", known_label: "", test_label: "red" });
    for (const { node, predicted_label, confidence, ...row } of rows) {
      expect(predicted_label).toBe(labeling.predictions[node!]);
      expect(row[`probability:${predicted_label}`]).toBe(confidence);
      expect(Number(row["probability:red"]) + Number(row["probability:blue"])).toBeCloseTo(1, 5);
    }
  });

  it("keeps quotes, commas, line ends and markup in names", () => {
    const input = hostileGraph();
    const rows = parse<Record<string, string>>(predictionsCsv(input, madeUpLabeling(input)), { columns: true });
    // The last name holds half a surrogate pair, which no UTF-8 file can.
    expect(rows.slice(0, -1).map(({ node }) => node)).toEqual(hostileNames.slice(0, -1));
  });
});

describe("predictionsGexf", () => {
  const places = { color: () => "#3d8be0", place: (node: string) => ({ x: Number(node), y: -2 }) };
  const gexfOf = (input: LabeledGraph, look: NodeLook = { color: places.color }) => {
    const labeling = madeUpLabeling(input);
    return { labeling, text: predictionsGexf(input, labeling, look) };
  };

  it("reads back as the same graph with predictions, colours, places and attention", () => {
    const { labeling, text } = gexfOf(ring(), places);
    const graph = parseGexf(MultiGraph, text);
    expect(graph.order).toBe(34);
    expect(graph.size).toBe(34);
    const leader = graph.getNodeAttributes("33");
    expect(leader).toMatchObject({ label: "Ben", predictedLabel: "blue", knownLabel: "blue" });
    expect(leader["labelConfidence"]).toBeCloseTo(labeling.confidences["33"]!, 5);
    expect(leader).toMatchObject({ color: "rgb(61,139,224)", x: 33, y: -2 });
    const edge = graph.edges()[0]!;
    const [source, target] = graph.extremities(edge);
    const along = (from: string, to: string) =>
      labeling.attention.find((attended) => attended.source === from && attended.target === to)!.weight;
    expect(graph.getEdgeAttribute(edge, "attentionOfSource")).toBeCloseTo(along(target, source), 5);
    expect(graph.getEdgeAttribute(edge, "attentionOfTarget")).toBeCloseTo(along(source, target), 5);
  });

  it("leaves places out where the look has none for some node", () => {
    const some = gexfOf(ring(), { ...places, place: (node) => (node === "5" ? undefined : { x: 1, y: 1 }) });
    for (const { text } of [some, gexfOf(ring())]) {
      expect(parseGexf(MultiGraph, text).getNodeAttributes("0")).not.toHaveProperty("x");
    }
  });

  it("keeps directions, and attributes that are plain values", () => {
    const graph = new DirectedGraph();
    graph.addNode("a", { team: "red", age: 3, tags: ["x"] });
    graph.addNode("b", { team: "blue" });
    graph.addEdge("a", "b", { weight: 7 });
    const { text } = gexfOf({ title: "Two", graph, label: "team", nodeName: (node) => node });
    const read = parseGexf(MultiGraph, text);
    expect(read.directedSize).toBe(1);
    expect(read.getNodeAttributes("a")).toMatchObject({ age: 3, team: "red" });
    expect(read.getNodeAttributes("a")).not.toHaveProperty("tags");
    expect(read.getEdgeAttribute(read.edges()[0]!, "weight")).toBe(7);
  });

  it("is well-formed whatever names hold", () => {
    const { text } = gexfOf(hostileGraph());
    const document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, "application/xml");
    const ids = Array.from(document.getElementsByTagName("node"), (node) => node.getAttribute("id"));
    expect(ids.slice(0, 4)).toEqual(hostileNames.slice(0, 4));
    expect(new Set(ids).size).toBe(hostileNames.length);
  });
});
