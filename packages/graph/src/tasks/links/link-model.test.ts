import { Random, SparseTensor, tensor } from "@vicinal/core";
import { referenceEngine } from "@vicinal/core/reference";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../../convert/edge-list.ts";
import { edgesOf } from "../../testing/linked-communities.ts";
import { LinkModel, type LinkModelOptions } from "./link-model.ts";

const engine = referenceEngine();
const neighborhood = neighborhoodOfEdges(
  4,
  edgesOf([
    [0, 1],
    [1, 2],
  ]),
);

function modelOf(options: Partial<LinkModelOptions>): LinkModel {
  return new LinkModel({
    random: new Random(0),
    engine,
    nodes: 4,
    features: 0,
    directed: false,
    dimensions: 3,
    decoder: "dot",
    nodeVectors: true,
    layer: "gat",
    layers: 2,
    heads: 2,
    hidden: 4,
    dropout: 0,
    residual: false,
    normalize: false,
    ...options,
  });
}

describe("LinkModel", () => {
  it("embeds every node, from its vector alone, its features alone, or both", () => {
    const dense = tensor([1, 0, 0, 1, 1, 1, 2, 0], [4, 2], { engine });
    const ones = { indptr: Uint32Array.of(0, 1, 2, 2, 2), indices: Uint32Array.of(0, 1), values: undefined };
    const sparse = SparseTensor.from({ kind: "csr", rows: 4, columns: 2, ...ones }, { engine });
    expect(modelOf({}).encode(undefined, neighborhood).shape).toEqual([4, 3]);
    for (const features of [dense, sparse]) {
      expect(modelOf({ features: 2, nodeVectors: false }).encode(features, neighborhood).shape).toEqual([4, 3]);
      const both = modelOf({ features: 2 });
      const embeddings = both.encode(features, neighborhood).toMatrix();
      expect(embeddings).not.toEqual(both.encode(undefined, neighborhood).toMatrix());
    }
  });

  it("tells alike nodes apart by their vectors, and not without", () => {
    const same = tensor([1, 1, 1, 1], [4, 1], { engine });
    const rowsOf = (nodeVectors: boolean) =>
      modelOf({ features: 1, nodeVectors }).encode(same, neighborhood).toMatrix();
    expect(rowsOf(true).getRow(0)).not.toEqual(rowsOf(true).getRow(2));
    expect(rowsOf(false).getRow(0)).toEqual(rowsOf(false).getRow(2));
  });

  it("has the gradients of finite differences", () => {
    const model = modelOf({ directed: true, features: 2 });
    const features = tensor([1, 0, 0, 1, 1, 1, 2, 0], [4, 2], { engine });
    const loss = () =>
      unevenSum(
        model.decoder.ofPairs(model.encode(features, neighborhood), Uint32Array.of(0, 1, 3), Uint32Array.of(1, 3, 0)),
      );
    const checks = checkGradients(loss, Object.fromEntries(model.namedParameters()), 1e-5);
    for (const [name, { relativeError }] of Object.entries(checks)) expect(relativeError, name).toBeLessThan(1e-6);
  });

  it("refuses to know nodes by nothing", () => {
    expect(() => modelOf({ nodeVectors: false })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "no-features" }),
    );
    expect(() => modelOf({ nodeVectors: false, features: 2 }).encode(undefined, neighborhood)).toThrow(
      expect.objectContaining({ name: "OptionError", code: "missing-input" }),
    );
  });
});
