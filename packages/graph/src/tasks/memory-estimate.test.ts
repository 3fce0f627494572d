import { createWasmEngine, csrFromLists, denseMatrix, type FeatureMatrix } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { plantedEdges } from "../testing/graphs.ts";
import { estimatedStepBytes } from "./memory-estimate.ts";
import { trainNodeClassifier } from "./node-classifier.ts";
import type { NodeClassifierOptions } from "./node-classifier-options.ts";
import { chooseRecipe } from "./recipe.ts";

const nodes = 2000;

function data(degree: number, features: FeatureMatrix, edgeDim = 0) {
  const neighborhood = neighborhoodOfEdges(nodes, plantedEdges(nodes / 2, degree, 1));
  const labels = Int32Array.from({ length: nodes }, (_, node) => node % 5);
  const ofEdges = denseMatrix(neighborhood.edges, edgeDim, new Float32Array(neighborhood.edges * edgeDim).fill(1));
  return {
    neighborhood,
    features,
    labels,
    classes: 5,
    edgeFeatures: edgeDim === 0 ? undefined : ofEdges,
    train: Uint32Array.from(labels.keys()).filter((node) => node % 2 === 0),
    validation: Uint32Array.from(labels.keys()).filter((node) => node % 2 === 1),
  };
}

const dense = (columns: number): FeatureMatrix =>
  denseMatrix(
    nodes,
    columns,
    Float32Array.from({ length: nodes * columns }, (_, k) => Math.sin(k)),
  );
const sparse = csrFromLists(
  Array.from({ length: nodes }, (_, node) => Array.from({ length: 15 }, (_, k) => 100 * k + ((node * 31 + k) % 100))),
  1500,
);

const gat: NodeClassifierOptions = { model: "gat", outputHeads: 1, residual: false };
const blocks: NodeClassifierOptions = { model: "graph-transformer" };

describe("estimatedStepBytes", () => {
  it.each<[string, ReturnType<typeof data>, NodeClassifierOptions]>([
    ["two layers", data(10, dense(32)), gat],
    ["four layers", data(10, dense(32)), { ...gat, layers: 4 }],
    ["many edges", data(60, dense(32)), gat],
    ["wide features", data(10, dense(300)), gat],
    ["sparse features", data(10, sparse), gat],
    [
      "projections, norms and several output heads",
      data(10, dense(32)),
      { residual: true, normalize: true, outputHeads: 8 },
    ],
    ["another layer", data(10, dense(32)), { ...gat, layer: "transformer", hidden: 128 }],
    ["features of edges", data(10, dense(32), 1), gat],
    ["two blocks", data(10, dense(32)), { ...blocks, layers: 2 }],
    ["five narrow blocks of GATv2", data(10, dense(32)), { ...blocks, layers: 5, hidden: 32, layer: "gatv2" }],
    ["blocks with features of edges", data(6, dense(32), 1), { ...blocks, layers: 2, hidden: 32 }],
  ])("is near the peak that a step has: %s", async (_what, given, options) => {
    const engine = createWasmEngine();
    await trainNodeClassifier(given, { ...options, engine, epochs: 1 });
    const summary = { nodes, classes: 5, train: 1000, validation: 1000, features: "dense" } as const;
    const { options: settled } = chooseRecipe(summary, options);
    const share = estimatedStepBytes(given, 5, settled) / engine.memory().peakBytes;
    expect(share).toBeGreaterThan(0.9);
    expect(share).toBeLessThan(1.4);
  });
});
