import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";
import { parse } from "csv-parse/sync";
import { DirectedGraph, MultiGraph } from "graphology";
import { parse as parseGexf } from "graphology-gexf";
import { describe, expect, it } from "vitest";
import { readKarateClub } from "../input/karate-club.ts";
import type { LabeledGraph } from "../input/labeled-graph.ts";
import { createScene } from "../picture/scene.ts";
import { hostileGraph, hostileNames } from "../testing/hostile-graph.ts";
import { madeUpLabeling } from "../testing/made-up-labeling.ts";
import { predictionsCsv } from "./predictions-csv.ts";
import { predictionsGexf } from "./predictions-gexf.ts";

describe("predictionsCsv", () => {
  it("reads back as one line a node, with what was known and what was predicted", () => {
    const input = readKarateClub();
    const labeling = madeUpLabeling(input);
    const rows = parse<Record<string, string>>(predictionsCsv(input, labeling), { columns: true });
    expect(rows).toHaveLength(34);
    expect(rows[0]).toMatchObject({ node: "0", known_label: "Mr. Hi", test_label: "", predicted_label: "Mr. Hi" });
    expect(rows[1]).toMatchObject({ node: "1", known_label: "", test_label: "Mr. Hi" });
    for (const { node, predicted_label, confidence, ...row } of rows) {
      expect(predicted_label).toBe(labeling.predictions[node!]);
      expect(row[`probability:${predicted_label}`]).toBe(confidence);
      expect(Number(row["probability:Mr. Hi"]) + Number(row["probability:Officer"])).toBeCloseTo(1, 5);
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
  const gexfOf = (input: LabeledGraph) => {
    const labeling = madeUpLabeling(input);
    return { labeling, text: predictionsGexf(input, labeling, createScene(input, labeling, 0)) };
  };

  it("reads back as the same graph with predictions, colours, places and attention", () => {
    const { labeling, text } = gexfOf(readKarateClub());
    const graph = parseGexf(MultiGraph, text);
    expect(graph.order).toBe(34);
    expect(graph.size).toBe(78);
    const leader = graph.getNodeAttributes("33");
    expect(leader).toMatchObject({ label: "Officer", predictedLabel: "Officer", knownLabel: "Officer" });
    expect(leader["labelConfidence"]).toBeCloseTo(labeling.confidences["33"]!, 5);
    expect(leader["color"]).toMatch(/^rgb/);
    expect(leader["x"]).toEqual(expect.any(Number));
    const edge = graph.edges()[0]!;
    const [source, target] = graph.extremities(edge);
    const along = (from: string, to: string) =>
      labeling.attention.find((attended) => attended.source === from && attended.target === to)!.weight;
    expect(graph.getEdgeAttribute(edge, "attentionOfSource")).toBeCloseTo(along(target, source), 5);
    expect(graph.getEdgeAttribute(edge, "attentionOfTarget")).toBeCloseTo(along(source, target), 5);
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
