import { DataError, OptionError } from "@vicinal/core";
import { UndirectedGraph } from "graphology";
import { complete } from "graphology-generators/classic/index.js";
import type { AbstractGraph } from "graphology-types";
import { describe, expect, it, vi } from "vitest";
import { karateClub } from "../../testing/graphs.ts";
import { embedNodes } from "../embed/embed-nodes.ts";
import { predictLinks } from "./predict-links.ts";

type ErrorClass = typeof DataError | typeof OptionError;
type Case = readonly [what: string, ErrorClass, code: string, options: object, (() => AbstractGraph)?];

const graphOf = (nodes: number, edges: readonly (readonly [number, number])[]) => () => {
  const graph = new UndirectedGraph();
  for (let i = 0; i < nodes; i++) graph.addNode(i);
  for (const [source, target] of edges) graph.addEdge(source, target);
  return graph;
};

/** The karate club with an attribute of its own on one edge. */
const withOne = (attribute: string, value: unknown, ofOthers: unknown) => () => {
  const graph = karateClub();
  graph.updateEachEdgeAttributes(() => ({ [attribute]: ofOthers }));
  graph.setEdgeAttribute(graph.edges()[3], attribute, value);
  return graph;
};

/** What both tasks refuse. */
const shared: readonly Case[] = [
  ["an empty graph", DataError, "no-edges", {}, graphOf(0, [])],
  ["a graph without edges", DataError, "no-edges", {}, graphOf(3, [])],
  ["a graph of self-loops alone", DataError, "no-edges", {}, graphOf(2, [[1, 1]])],
  ["a graph of all edges", DataError, "complete-graph", {}, () => complete(UndirectedGraph, 5)],
  [
    "too few edges to hold out",
    DataError,
    "too-few-edges",
    { testFraction: 0.1 },
    graphOf(4, [
      [0, 1],
      [1, 2],
    ]),
  ],
  ["nothing left to train on", DataError, "no-edges", { split: () => "test" }],
  ["fractions that leave nothing", OptionError, "out-of-range", { testFraction: 0.6, validationFraction: 0.4 }],
  ["a negative fraction", OptionError, "out-of-range", { validationFraction: -1 }],

  ["a split that no edge has", OptionError, "unknown-attribute", { split: "part" }],
  ["a part that is none", DataError, "wrong-type", { split: "part" }, withOne("part", "exam", "train")],
  ["a split beside a fraction", OptionError, "unused-option", { split: () => "train", testFraction: 0.1 }],
  ["a split beside a time", OptionError, "unused-option", { split: () => "train", time: "since" }],
  ["a time that no edge has", OptionError, "unknown-attribute", { time: "since" }],
  ["an edge without time", DataError, "missing-value", { time: "since" }, withOne("since", undefined, 3)],
  ["a time that is text", DataError, "wrong-type", { time: "since" }, withOne("since", "monday", 3)],
  ["a time that is NaN", DataError, "wrong-type", { time: "since" }, withOne("since", Number.NaN, 3)],

  ["a feature that no node has", OptionError, "unknown-attribute", { features: ["age"] }],
  ["no features, though asked for", OptionError, "no-features", { features: [] }],
  ["nothing to know nodes by", OptionError, "no-features", { nodeVectors: false }],
  ["an unknown option", OptionError, "unknown-option", { head: 8 }],
  ["heads that do not divide", OptionError, "heads-do-not-divide", { heads: 3, hidden: 64 }],
  ["no dimensions", OptionError, "out-of-range", { dimensions: 0 }],
  ["no epochs", OptionError, "out-of-range", { epochs: 0 }],
  ["a negative seed", OptionError, "out-of-range", { seed: -1 }],
];

/** What `predictLinks` refuses. */
const ofLinks: readonly Case[] = [
  [
    "a candidate with an unknown node",
    DataError,
    "unknown-node",
    {
      candidates: [
        ["0", "1"],
        ["0", "Ada"],
      ],
    },
  ],
  ["a candidate of one node twice", DataError, "self-loop", { candidates: [["3", "3"]] }],
  ["a candidate that is no pair", DataError, "wrong-type", { candidates: ["01"] }],
  ["a candidate of three", DataError, "wrong-type", { candidates: [["0", "1", "2"]] }],
  ["candidates that are none", OptionError, "out-of-range", { candidates: "far" }],
  ["candidates that are a number", OptionError, "out-of-range", { candidates: 3 }],
  ["no links at all", OptionError, "out-of-range", { top: 0 }],
  ["half a link", OptionError, "out-of-range", { top: 0.5 }],
];

async function problemOf(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => undefined,
    (error: unknown) => error,
  );
}

type Task = (graph: AbstractGraph, options: object) => Promise<unknown>;
const tasks: readonly [string, readonly Case[], readonly Task[]][] = [
  ["predictLinks", [...shared, ...ofLinks], [predictLinks, predictLinks.detailed, predictLinks.assign]],
  ["embedNodes", shared, [embedNodes, embedNodes.detailed, embedNodes.assign]],
];

for (const [task, cases, forms] of tasks) {
  describe(`${task} refuses, before any work,`, () => {
    for (const [what, errorClass, code, options, make = karateClub] of cases) {
      it(what, async () => {
        const graph = make();
        const before = graph.export();
        const onProgress = vi.fn();
        for (const run of forms) {
          const error = await problemOf(run(graph, { ...options, onProgress }));
          expect(error).toBeInstanceOf(errorClass);
          expect(error).toMatchObject({ code });
        }
        expect(onProgress).not.toHaveBeenCalled();
        expect(graph.export()).toEqual(before);
      });
    }

    it.each([[undefined], [null], [{}], ["a graph"]])("what is no graph: %j", async (value) => {
      for (const run of forms) {
        // @ts-expect-error No graph.
        expect(await problemOf(run(value, {}))).toMatchObject({ name: "DataError", code: "not-a-graph" });
      }
    });
  });
}
