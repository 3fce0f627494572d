import { csrFromLists, denseMatrix, Random, SparseTensor, Tensor } from "@vicinal/core";
import { referenceEngine } from "@vicinal/core/reference";
import { expect, it } from "vitest";
import { GATConv } from "../layers/gat.ts";
import { neighborhoodOfEdges } from "./edge-list.ts";
import { featureTensor } from "./feature-tensor.ts";

it("gives dense features as a tensor and sparse ones as a sparse tensor, which layers read alike", () => {
  const engine = referenceEngine();
  const sparse = featureTensor(csrFromLists([[0, 2], [], [1]], 3), { engine });
  const dense = featureTensor(denseMatrix(3, 3, Float32Array.of(1, 0, 1, 0, 0, 0, 0, 1, 0)), { engine });
  expect(sparse).toBeInstanceOf(SparseTensor);
  expect(dense).toBeInstanceOf(Tensor);
  expect(dense.engine).toBe(engine);
  const layer = new GATConv(3, 2, { random: new Random(1), engine });
  const neighborhood = neighborhoodOfEdges(3, { sources: Uint32Array.of(0, 1), targets: Uint32Array.of(1, 2) });
  expect(layer.forward(sparse, neighborhood).dataSync()).toEqual(layer.forward(dense, neighborhood).dataSync());
});
