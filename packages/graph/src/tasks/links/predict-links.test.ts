import { DirectedGraph, MultiGraph, MultiUndirectedGraph, type UndirectedGraph } from "graphology";
import type { AbstractGraph } from "graphology-types";
import { describe, expect, it, vi } from "vitest";
import { karateClub, motleyGraph } from "../../testing/graphs.ts";
import { linkedCommunities } from "../../testing/linked-communities.ts";
import type { Progress } from "../../train/history.ts";
import { predictLinks } from "./predict-links.ts";
import type { PredictLinksOptions } from "./predict-links-options.ts";

/** Enough to run everything, too little to learn much. */
const quick = { epochs: 4, heads: 2, hidden: 8, dimensions: 8 } as const;

/** Enough to learn small graphs. */
const small = { epochs: 80, heads: 2, hidden: 16, dimensions: 16 } as const;

/** The share of links within one community. */
const shareWithin = (graph: AbstractGraph, links: readonly { readonly source: string; readonly target: string }[]) =>
  links.filter(
    ({ source, target }) => graph.getNodeAttribute(source, "community") === graph.getNodeAttribute(target, "community"),
  ).length / links.length;

describe("predictLinks", () => {
  it("predicts links within communities, though one pair in six is", async () => {
    const graph = linkedCommunities(6, 20, 8, 0);
    const links = await predictLinks(graph, { ...small, top: 60 });
    expect(links).toHaveLength(60);
    expect(shareWithin(graph, links)).toBeGreaterThan(0.9);
  });

  it("gives pairs without an edge, each once, from the likeliest on", async () => {
    const graph = karateClub();
    const links = await predictLinks(graph, quick);
    expect(links).toHaveLength(100);
    for (const { source, target } of links) {
      expect(source).not.toBe(target);
      expect(graph.hasEdge(source, target)).toBe(false);
    }
    const keys = links.map(({ source, target }) => [source, target].sort().join());
    expect(new Set(keys).size).toBe(100);
    const probabilities = links.map(({ probability }) => probability);
    expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
  });

  it("takes a list of candidates, with an edge or without, and gives all of it", async () => {
    const candidates = [
      ["0", "1"],
      ["33", "0"],
      ["0", "33"],
    ] as const;
    const links = await predictLinks(karateClub(), { ...quick, candidates });
    expect(new Set(links.map(({ source, target }) => `${source} ${target}`))).toEqual(new Set(["0 1", "33 0", "0 33"]));
    const probabilityOf = (source: string) => links.find((link) => link.source === source && link.target !== "1");
    expect(probabilityOf("33")?.probability).toBe(probabilityOf("0")?.probability);
    expect(await predictLinks(karateClub(), { ...quick, candidates, top: 1 })).toEqual([links[0]]);
    expect(await predictLinks(karateClub(), { ...quick, candidates: new Map([["0", "1"]]) })).toHaveLength(1);
    expect(await predictLinks(karateClub(), { ...quick, candidates: [] })).toEqual([]);
  });

  it("takes a function that says which pairs may be linked", async () => {
    const links = await predictLinks(karateClub(), {
      ...quick,
      candidates: (a, b) => a === "33" || b === "33",
      top: 5,
    });
    expect(links).toHaveLength(5);
    for (const { source, target } of links) expect([source, target]).toContain("33");
  });

  it("takes only those near each other, if asked", async () => {
    const graph = karateClub();
    const links = await predictLinks(graph, { ...quick, candidates: "near", top: 1000 });
    for (const { source, target } of links) {
      expect(graph.neighbors(source).some((node) => graph.neighbors(target).includes(node))).toBe(true);
    }
    expect(links.length).toBeLessThan((34 * 33) / 2 - 78);
  });

  it("keeps the direction of links where edges have one, unless told to ignore it", async () => {
    const graph = new DirectedGraph();
    for (let i = 0; i < 40; i++) graph.addNode(`${i < 20 ? "fan" : "star"} ${i}`);
    const [fans, stars] = [graph.nodes().slice(0, 20), graph.nodes().slice(20)];
    for (const [i, fan] of fans.entries()) {
      for (let k = 0; k < 8; k++) graph.mergeEdge(fan, stars[(i * 7 + k * 3) % 20]);
    }
    const links = await predictLinks(graph, { ...small, top: 50 });
    for (const { source, target } of links) expect(`${source} ${target}`).toMatch(/^fan .* star /);
    const candidates = [
      [fans[0]!, stars[0]!],
      [stars[0]!, fans[0]!],
    ] as const;
    const [one, other] = await predictLinks(graph, { ...quick, directed: false, candidates });
    expect(one?.probability).toBe(other?.probability);
  });

  it("reads a mixed graph without directed edges as one without direction, and undirected edges of others both ways", async () => {
    const mixed = new MultiGraph();
    karateClub().forEachNode((node) => void mixed.addNode(node));
    karateClub().forEachEdge((_edge, _attributes, source, target) => void mixed.addUndirectedEdge(source, target));
    const candidates = [
      ["0", "33"],
      ["33", "0"],
    ] as const;
    const [one, other] = await predictLinks(mixed, { ...quick, candidates });
    expect(one?.probability).toBe(other?.probability);
    mixed.addDirectedEdge("0", "33");
    const { parts, links } = await predictLinks.detailed(mixed, { ...quick, testFraction: 0.2, top: 2000 });
    expect(Object.values(parts).filter((part) => part === "test")).toHaveLength(Math.round(0.2 * 79));
    // Pairs with an undirected edge are linked both ways; 33 to 0 is free.
    expect(links).toHaveLength(34 * 33 - 2 * 78 - 1);
  });

  it("runs on graphs with everything that a graph can have", async () => {
    const graph = motleyGraph();
    const links = await predictLinks(graph, quick);
    // Every ordered pair of the five nodes without an edge, that of the isolated one included.
    expect(links).toHaveLength(5 * 4 - 5);
    expect(links.some(({ source, target }) => source === "alone" || target === "alone")).toBe(true);
  });

  it("ignores self-loops and repeated edges", async () => {
    const plain = karateClub();
    const multi = new MultiUndirectedGraph();
    plain.forEachNode((node) => void multi.addNode(node));
    plain.forEachEdge((_edge, _attributes, source, target) => {
      multi.addUndirectedEdge(target, source);
      if (source === "0") multi.addUndirectedEdge(source, target);
    });
    multi.addUndirectedEdge("5", "5");
    multi.addUndirectedEdge("6", "6");
    expect(await predictLinks(multi, quick)).toEqual(await predictLinks(plain, quick));
  });

  it("learns from features what too few edges do not say", async () => {
    const graph = linkedCommunities(6, 20, 2, 2);
    graph.updateEachNodeAttributes((_node, { community }) => ({ community: `c${community}` }));
    const aucOf = async (options: PredictLinksOptions) =>
      (await predictLinks.detailed(graph, { ...small, testFraction: 0.3, ...options })).metrics.test?.rocAuc;
    expect(await aucOf({})).toBeLessThan(0.65);
    expect(await aucOf({ features: ["community"] })).toBeGreaterThan(0.75);
  });

  it.each(["plain", "detailed"])("leaves the graph as it was: %s", async (form) => {
    const graph = motleyGraph();
    const before = graph.export();
    const events = vi.fn();
    for (const event of ["edgeAdded", "eachEdgeAttributesUpdated", "eachNodeAttributesUpdated"] as const)
      graph.on(event, events);
    await (form === "plain" ? predictLinks(graph, quick) : predictLinks.detailed(graph, quick));
    expect(graph.export()).toEqual(before);
    expect(events).not.toHaveBeenCalled();
  });

  it("gives the same for the same seed, and other numbers for another", async () => {
    const first = await predictLinks(karateClub(), { ...quick, seed: 7 });
    expect(await predictLinks(karateClub(), { ...quick, seed: 7 })).toEqual(first);
    expect(await predictLinks(karateClub(), { ...quick, seed: 8 })).not.toEqual(first);
  });
});

describe("predictLinks.detailed", () => {
  it("measures what was held out, and says which edges were", async () => {
    const graph = linkedCommunities(6, 20, 8, 0);
    const { parts, metrics, history, bestEpoch, choices, model } = await predictLinks.detailed(graph, {
      ...small,
      testFraction: 0.2,
    });
    const counts = { train: 0, validation: 0, test: 0 };
    for (const part of Object.values(parts)) counts[part]++;
    expect(Object.keys(parts).sort()).toEqual(graph.filterEdges((edge) => !graph.isSelfLoop(edge)).sort());
    expect([counts.validation, counts.test]).toEqual([Math.round(0.1 * graph.size), Math.round(0.2 * graph.size)]);
    expect([metrics.validation?.links, metrics.test?.links]).toEqual([counts.validation, counts.test]);
    expect(metrics.test?.rocAuc).toBeGreaterThan(0.8);
    expect(history[bestEpoch - 1]?.epoch).toBe(bestEpoch);
    expect(choices.length).toBeGreaterThan(5);
    expect(model.parameterCount).toBeGreaterThan(0);
  });

  it("holds out the edges that a split names", async () => {
    const graph = karateClub();
    const split = (_edge: string, _attributes: unknown, source: string) => (source === "0" ? "test" : undefined);
    const { parts, metrics } = await predictLinks.detailed(graph, { ...quick, split });
    for (const [edge, part] of Object.entries(parts)) expect(part).toBe(graph.source(edge) === "0" ? "test" : "train");
    expect(metrics.test?.links).toBe(graph.degree("0"));
    expect(metrics.validation).toBeUndefined();
    graph.updateEachEdgeAttributes((_edge, attributes, source) => ({
      ...attributes,
      part: source === "0" ? "test" : null,
    }));
    expect((await predictLinks.detailed(graph, { ...quick, split: "part" })).parts).toEqual(parts);
  });

  it("holds out the latest edges, if told when they came to be", async () => {
    const graph = karateClub();
    let second = 0;
    graph.updateEachEdgeAttributes((_edge, attributes) => ({ ...attributes, since: second++ }));
    const options = { ...quick, time: "since", testFraction: 0.25, validationFraction: 0.25 };
    const { parts } = await predictLinks.detailed(graph, options);
    const times = (part: string) =>
      Object.keys(parts)
        .filter((edge) => parts[edge] === part)
        .map((edge) => Number(graph.getEdgeAttribute(edge, "since")));
    expect(times("test")).toEqual(Array.from({ length: 20 }, (_, k) => 58 + k));
    expect(Math.max(...times("train"))).toBeLessThan(Math.min(...times("validation")));
  });

  it("gives the probability of each edge, those of self-loops apart", async () => {
    const graph = motleyGraph();
    const { edgeProbabilities } = await predictLinks.detailed(graph, quick);
    expect(Object.keys(edgeProbabilities).sort()).toEqual(graph.filterEdges((edge) => !graph.isSelfLoop(edge)).sort());
    expect(edgeProbabilities["a to b"]).toBe(edgeProbabilities["a to b again"]);
    expect(edgeProbabilities["b to a"]).not.toBe(edgeProbabilities["a to b"]);
  });
});

describe("test edges", () => {
  it("change nothing but the figures measured on them, and are no candidates", async () => {
    const graphWith = (test: readonly (readonly [string, string])[]): UndirectedGraph => {
      const graph = linkedCommunities(4, 10, 6, 1);
      for (const [source, target] of test) graph.mergeEdge(source, target, { part: "test" });
      return graph;
    };
    const run = (graph: AbstractGraph) =>
      predictLinks.detailed(graph, {
        ...quick,
        split: (_edge, { part }) => (part === "test" ? "test" : "train"),
        top: 10_000,
      });
    const some = [
      ["0", "39"],
      ["1", "38"],
    ] as const;
    const [one, other] = [await run(graphWith(some)), await run(graphWith([["5", "25"]]))];
    const key = ({ source, target }: { source: string; target: string }) => `${source} ${target}`;
    const probabilities = new Map(other.links.map((link) => [key(link), link.probability]));
    for (const link of one.links) {
      expect(some.map(([a, b]) => `${a} ${b}`)).not.toContain(key(link));
      if (key(link) !== "5 25") expect(probabilities.get(key(link))).toBe(link.probability);
    }
    expect(one.history.map(({ loss }) => loss)).toEqual(other.history.map(({ loss }) => loss));
  });
});

describe("progress and abort", () => {
  it("calls onProgress after each epoch", async () => {
    const seen: Progress[] = [];
    await predictLinks(karateClub(), { ...quick, onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ epoch, epochs, stage }) => [epoch, epochs, stage])).toEqual(
      [1, 2, 3, 4].map((epoch) => [epoch, 4, "training"]),
    );
  });

  it("rejects with the reason of the signal", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const onProgress = ({ epoch }: Progress) => {
      if (epoch === 3) controller.abort(reason);
    };
    const { signal } = controller;
    await expect(predictLinks(karateClub(), { ...quick, signal, onProgress })).rejects.toBe(reason);
  });

  it("rejects when aborted while it looks for the likeliest", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const candidates = () => {
      controller.abort(reason);
      return true;
    };
    const { signal } = controller;
    await expect(predictLinks(karateClub(), { ...quick, signal, candidates })).rejects.toBe(reason);
  });
});
