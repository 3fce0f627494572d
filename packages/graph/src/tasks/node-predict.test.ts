import { csrFromLists, denseMatrix, Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { predictedClasses } from "../metrics/predicted-classes.ts";
import { plantedEdges } from "../testing/graphs.ts";
import { type NodeClassifier, trainNodeClassifier } from "./node-classifier.ts";
import type { NodeClassifierOptions } from "./node-classifier-options.ts";

/** Two communities; of each node's features one leans towards its community. */
function communities(size: number, seed: number, { weighted = false } = {}) {
  const random = new Random(seed);
  const nodes = 2 * size;
  const labels = new Int32Array(nodes).fill(1, size);
  const values = Float32Array.from({ length: 3 * nodes }, (_, k) =>
    random.normal(k % 3 === 1 ? (Math.floor(k / 3) < size ? -1 : 1) : 0),
  );
  const neighborhood = neighborhoodOfEdges(nodes, plantedEdges(size, 10, seed));
  const { edges } = neighborhood;
  const edgeFeatures = weighted ? denseMatrix(edges, 1, new Float32Array(edges).fill(1)) : undefined;
  const part = (digit: number) => Uint32Array.from(labels.keys()).filter((node) => node % 2 === digit);
  return {
    neighborhood,
    features: denseMatrix(nodes, 3, values),
    edgeFeatures,
    labels,
    classes: 2,
    train: part(0),
    validation: part(1),
  };
}

const network: NodeClassifierOptions = { heads: 2, hidden: 8, epochs: 60 };
const first = communities(60, 1);

describe("predict", () => {
  it.each([
    ["gat", {}],
    ["graph-transformer", { layers: 2 }],
    ["gat", { sampling: { fanOut: [4, 4], batchSize: 30 } }],
  ] as const)("carries what was learned over to another graph: %s %o", async (model, options) => {
    const { predict } = await trainNodeClassifier(first, { ...network, model, ...options });
    const other = communities(90, 2);
    const probabilities = await predict({ neighborhood: other.neighborhood, features: other.features });
    expect(probabilities).toHaveLength(2 * 180);
    const all = Uint32Array.from(other.labels.keys());
    expect(accuracy(other.labels, predictedClasses(probabilities, 2), all)).toBeGreaterThan(0.85);
  });

  it("gives for the data of training what training gave", async () => {
    for (const normalizeFeatures of [true, false]) {
      const { predict, probabilities } = await trainNodeClassifier(first, { ...network, epochs: 3, normalizeFeatures });
      expect(await predict(first)).toEqual(probabilities);
    }
  });

  it("takes sparse features for dense ones, of any count of nodes, none included", async () => {
    const { predict } = await trainNodeClassifier(first, { ...network, epochs: 3 });
    const none = neighborhoodOfEdges(0, { sources: new Uint32Array(0), targets: new Uint32Array(0) });
    expect(await predict({ neighborhood: none, features: denseMatrix(0, 3, new Float32Array(0)) })).toHaveLength(0);
    const two = neighborhoodOfEdges(2, { sources: Uint32Array.of(0), targets: Uint32Array.of(1) });
    const dense = await predict({ neighborhood: two, features: denseMatrix(2, 3, Float32Array.of(0, 1, 0, 0, 0, 1)) });
    expect(await predict({ neighborhood: two, features: csrFromLists([[1], [2]], 3) })).toEqual(dense);
  });

  it("reads features of edges", async () => {
    const { predict } = await trainNodeClassifier(communities(60, 1, { weighted: true }), { ...network, epochs: 3 });
    const other = communities(20, 2, { weighted: true });
    expect(await predict(other)).toHaveLength(80);
    const { edgeFeatures: _, ...without } = other;
    await expect(predict(without)).rejects.toMatchObject({ name: "DataError", code: "columns-differ" });
  });

  const other = communities(20, 2);
  it.each<[string, string, Parameters<NodeClassifier["predict"]>[0]]>([
    ["features of other columns", "columns-differ", { ...other, features: denseMatrix(40, 2, new Float32Array(80)) }],
    ["no features", "columns-differ", { ...other, features: undefined }],
    [
      "features of edges where none were learned",
      "columns-differ",
      { ...other, edgeFeatures: denseMatrix(other.neighborhood.edges, 1, new Float32Array(other.neighborhood.edges)) },
    ],
    ["features of too few nodes", "wrong-length", { ...other, features: denseMatrix(3, 3, new Float32Array(9)) }],
    [
      "features that are no numbers",
      "not-finite",
      { ...other, features: denseMatrix(40, 3, new Float32Array(120).fill(Number.NaN)) },
    ],
  ])("refuses %s", async (_what, code, inputs) => {
    const { predict } = await trainNodeClassifier(first, { ...network, epochs: 2 });
    await expect(predict(inputs)).rejects.toMatchObject({ name: "DataError", code });
  });

  it("refuses other data where nodes were learned by themselves", async () => {
    const { predict } = await trainNodeClassifier({ ...first, features: undefined }, { ...network, epochs: 2 });
    await expect(predict(other)).rejects.toMatchObject({ name: "DataError", code: "no-features" });
  });
});
