import { Random } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it, vi } from "vitest";
import { bothLists, edgesAt, type LinkIndex } from "../../convert/link-index.ts";
import { rocAuc } from "../../metrics/roc-auc.ts";
import { communityEdges, edgesOf, matchingEdges, pairsOf } from "../../testing/linked-communities.ts";
import type { LinkData } from "./link-parts.ts";
import { trainLinkPredictor } from "./link-predictor.ts";
import type { LinkPredictorOptions } from "./link-predictor-options.ts";
import { messagesOf } from "./link-training.ts";
import { NonLinks } from "./non-links.ts";
import { splitLinks } from "./split-links.ts";

/** Enough to run everything, too little to learn much. */
const quick = { epochs: 4, heads: 2, hidden: 8, dimensions: 8 } as const;

/** Enough to learn small graphs. */
const small = { epochs: 80, heads: 2, hidden: 16, dimensions: 16 } as const;

const held = { testFraction: 0.2, validationFraction: 0.1 };

function communities(seed = 0): LinkData {
  const edges = communityEdges(6, 20, 8, seed);
  return { nodes: 120, edges, split: splitLinks(edges, held) };
}

/** Nodes linked by chance alone. */
function random(): LinkData {
  const edges = matchingEdges(120, 8, 5);
  return { nodes: 120, edges, split: splitLinks(edges, { testFraction: 0.3, validationFraction: 0.1 }) };
}

describe("trainLinkPredictor", () => {
  it("tells held-out links of communities from pairs without a link", async () => {
    const { metrics, history, bestEpoch } = await trainLinkPredictor(communities(), small);
    for (const part of [metrics.validation, metrics.test]) {
      expect(part?.rocAuc).toBeGreaterThan(0.8);
      expect(part?.averagePrecision).toBeGreaterThan(0.8);
      // Of 100 nodes about 17 are of the same community: by chance alone a rank is far lower.
      expect(part?.meanReciprocalRank).toBeGreaterThan(0.1);
    }
    expect(history[bestEpoch - 1]?.validationMetric).toBe(Math.max(...history.map((h) => h.validationMetric ?? 0)));
  });

  it.each<[string, LinkPredictorOptions]>([
    ["a network as decoder", { decoder: "network", epochs: 150 }],
    ["GATv2", { layer: "gatv2" }],
    ["every link a message", { disjointTrainRatio: 0 }],
  ])("learns with %s", async (_what, options) => {
    const { metrics } = await trainLinkPredictor(communities(), { ...small, ...options });
    expect(metrics.test?.rocAuc).toBeGreaterThan(0.75);
  });

  it("learns from features alone, for which unlinked nodes are enough", async () => {
    const data = communities();
    const values = new Float32Array(120 * 6);
    for (let i = 0; i < 120; i++) values[6 * i + Math.floor(i / 20)] = 1;
    const features = { kind: "dense", rows: 120, columns: 6, values } as const;
    const { metrics } = await trainLinkPredictor({ ...data, features }, { ...small, nodeVectors: false });
    expect(metrics.test?.rocAuc).toBeGreaterThan(0.85);
  });

  it("learns which way links run", async () => {
    // Those of the first half link to those of the second, never the other way.
    const draw = new Random(3);
    const pairs = Array.from({ length: 600 }, () => [draw.integer(40), 40 + draw.integer(40)] as const);
    const edges = edgesOf(pairs);
    const split = splitLinks(edges, held);
    const { probabilities, parts } = await trainLinkPredictor({ nodes: 80, edges, directed: true, split }, small);
    const [there, back] = [parts.test, { sources: parts.test.targets, targets: parts.test.sources }].map((list) =>
      probabilities(list).reduce((sum, p) => sum + p / list.sources.length, 0),
    );
    expect(there).toBeGreaterThan(0.8);
    expect(back).toBeLessThan(0.2);
  });
});

describe("held-out links", () => {
  it("of a graph without structure cannot be told: those that were messages can", async () => {
    const data = random();
    const options = { ...small, disjointTrainRatio: 0 };
    const { metrics, history, probabilities, parts } = await trainLinkPredictor(data, options);
    expect(metrics.test?.rocAuc).toBeLessThan(0.6);
    expect(metrics.validation?.rocAuc).toBeLessThan(0.58);
    expect(Math.max(...history.map(({ validationMetric }) => validationMetric ?? 1))).toBeLessThan(0.7);
    const known = parts.train.links;
    const scores = probabilities(bothLists(known, new NonLinks(parts.all).draw(known.sources.length, new Random(0))));
    expect(
      rocAuc(
        Array.from(scores, (_, k) => (k < known.sources.length ? 1 : 0)),
        scores,
      ),
    ).toBeGreaterThan(0.85);
  });

  it("for testing change nothing but the figures measured on them", async () => {
    const data = communities();
    const { train, validation, test } = data.split;
    const kept = bothLists(edgesAt(data.edges, train), edgesAt(data.edges, validation));
    const numbers = (first: number, count: number) => Uint32Array.from({ length: count }, (_, k) => first + k);
    const withTest = (edges: typeof kept): LinkData => ({
      nodes: data.nodes,
      edges: bothLists(kept, edges),
      split: {
        train: numbers(0, train.length),
        validation: numbers(train.length, validation.length),
        test: numbers(train.length + validation.length, edges.sources.length),
      },
    });
    const truth = await trainLinkPredictor(withTest(edgesAt(data.edges, test)), small);
    const other = await trainLinkPredictor(withTest(matchingEdges(120, 1, 9)), small);
    expect(other.embeddings).toEqual(truth.embeddings);
    expect(other.history.map(({ milliseconds: _, ...record }) => record)).toEqual(
      truth.history.map(({ milliseconds: _, ...record }) => record),
    );
    expect(other.metrics.validation).toEqual(truth.metrics.validation);
    expect(other.choices).toEqual(truth.choices);
    expect(other.metrics.test).not.toEqual(truth.metrics.test);
  });

  it("for validation are messages once training is over", async () => {
    const { embeddings, model, parts } = await trainLinkPredictor(communities(), quick);
    const embed = (index: LinkIndex) => model.encode(undefined, messagesOf(index)).dataSync();
    expect(embed(parts.known)).toEqual(embeddings);
    expect(embed(parts.train)).not.toEqual(embeddings);
    expect(embed(parts.all)).not.toEqual(embeddings);
  });

  it("that other edges give away in an earlier part are of that part", async () => {
    const edges = edgesOf([
      [0, 1],
      [1, 0],
      [1, 2],
      [2, 1],
      [2, 3],
      [3, 3],
    ]);
    const split = { train: Uint32Array.of(0), validation: Uint32Array.of(1, 2), test: Uint32Array.of(3, 4, 5) };
    const { parts } = await trainLinkPredictor({ nodes: 5, edges, split }, quick);
    expect(pairsOf(parts.train.links)).toEqual([[0, 1]]);
    expect(pairsOf(parts.validation)).toEqual([[1, 2]]);
    expect(pairsOf(parts.test)).toEqual([[2, 3]]);
    expect(parts.known.count).toBe(2);
    expect(parts.all.count).toBe(3);
  });
});

describe("a link predictor", () => {
  it("gives the same bits for the same seed, and others for another", async () => {
    const run = async (seed: number) => (await trainLinkPredictor(communities(), { ...quick, seed })).embeddings;
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });

  it("does not depend on the order of the edges", async () => {
    const { nodes, edges } = communities();
    const reversed = edgesOf(
      pairsOf(edges)
        .reverse()
        .map(([a, b]) => [b, a] as const),
    );
    const run = async (list: typeof edges) =>
      (await trainLinkPredictor({ nodes, edges: list, split: splitLinks(list, held) }, quick)).embeddings;
    expect(await run(reversed)).toEqual(await run(edges));
  });

  it("runs on the engine that is asked for", async () => {
    const engine = createReferenceEngine();
    const run = vi.spyOn(engine, "run");
    const data = communities();
    const onReference = await trainLinkPredictor(data, { ...quick, engine });
    const onWasm = await trainLinkPredictor(data, quick);
    expect(run).toHaveBeenCalled();
    for (const [k, value] of onWasm.embeddings.entries()) expect(onReference.embeddings[k]).toBeCloseTo(value, 3);
  });

  it("says what it chose and what it was given", async () => {
    const { choices } = await trainLinkPredictor(communities(), quick);
    const byOption = new Map(choices.map((choice) => [choice.option, choice]));
    expect(byOption.get("heads")).toEqual({ option: "heads", value: 2, reason: "given" });
    expect(byOption.get("dropout")?.reason).not.toBe("given");
  });

  it("gives probabilities for any pair", async () => {
    const { probabilities } = await trainLinkPredictor(communities(), quick);
    const [there, back] = probabilities(
      edgesOf([
        [3, 7],
        [7, 3],
      ]),
    );
    expect(there).toBeGreaterThan(0);
    expect(there).toBeLessThan(1);
    expect(back).toBe(there);
  });

  it.each<[string, readonly (readonly [number, number])[]]>([
    ["index-out-of-range", [[0, 120]]],
    [
      "self-loop",
      [
        [0, 1],
        [4, 4],
      ],
    ],
  ])("refuses pairs that are none: %s", async (code, pairs) => {
    const predictor = await trainLinkPredictor(communities(), quick);
    const refused = expect.objectContaining({ name: "DataError", code });
    expect(() => predictor.probabilities(edgesOf(pairs))).toThrow(refused);
    expect(() => predictor.rank({ candidates: edgesOf(pairs), top: 1 })).toThrow(refused);
  });
});

describe("trainLinkPredictor refuses", () => {
  const data = communities();
  const dense = (rows: number, value: number) =>
    ({ kind: "dense", rows, columns: 1, values: new Float32Array(rows).fill(value) }) as const;
  const complete = edgesOf([
    [0, 1],
    [1, 2],
    [0, 2],
  ]);
  const none = new Uint32Array(0);

  it.each<[string, string, LinkData]>([
    ["DataError", "wrong-length", { ...data, features: dense(3, 1) }],
    ["DataError", "not-finite", { ...data, features: dense(120, Number.NaN) }],
    ["DataError", "index-out-of-range", { ...data, nodes: 100 }],
    ["DataError", "index-out-of-range", { ...data, split: { ...data.split, test: Uint32Array.of(100_000) } }],
    ["DataError", "no-edges", { ...data, split: { ...data.split, train: none } }],
    ["DataError", "complete-graph", { nodes: 3, edges: complete, split: splitLinks(complete) }],
  ])("data with %s %s", async (name, code, bad) => {
    await expect(trainLinkPredictor(bad, quick)).rejects.toMatchObject({ name, code });
  });

  it.each<[string, LinkPredictorOptions | object]>([
    ["unknown-option", { embeddings: 3 }],
    ["out-of-range", { dimensions: 0 }],
    ["out-of-range", { negatives: 1.5 }],
    ["out-of-range", { disjointTrainRatio: 1 }],
    ["out-of-range", { disjointTrainRatio: -0.1 }],
    ["out-of-range", { decoder: "bilinear" }],
    ["out-of-range", { layer: "gat3" }],
    ["out-of-range", { epochs: 0 }],
    ["out-of-range", { learningRate: -1 }],
    ["out-of-range", { seed: -1 }],
    ["heads-do-not-divide", { heads: 3, hidden: 64 }],
    ["no-features", { nodeVectors: false }],
  ])("an option with %s: %j", async (code, options) => {
    const onProgress = vi.fn();
    await expect(trainLinkPredictor(data, { ...options, onProgress })).rejects.toMatchObject({
      name: "OptionError",
      code,
    });
    expect(onProgress).not.toHaveBeenCalled();
  });
});
