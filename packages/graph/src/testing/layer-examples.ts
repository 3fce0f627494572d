import { type Engine, Random, type Tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { edges, neighborhoodOf, numbers as numbersOn } from "../conformance/layer-bench.ts";
import type { AttentionConv } from "../layers/attention-conv.ts";
import { GATConv } from "../layers/gat.ts";
import { GATv2Conv, type GATv2ConvOptions } from "../layers/gatv2.ts";
import type { InputWidths } from "../layers/layer-input.ts";

export { type Edge, narrowing, rowsOf, widening } from "../conformance/layer-bench.ts";
export { edges, neighborhoodOf };

export type LayerOptions = Partial<GATv2ConvOptions>;

export const reference = createReferenceEngine();
export const channels = 2;
export const width = 3;
export const edgeDim = 2;

export const layers = {
  GATConv: (inputs: InputWidths, options: LayerOptions = {}, seed = 1): AttentionConv =>
    new GATConv(inputs, channels, { random: new Random(seed), engine: reference, ...options }),
  GATv2Conv: (inputs: InputWidths, options: LayerOptions = {}, seed = 1): AttentionConv =>
    new GATv2Conv(inputs, channels, { random: new Random(seed), engine: reference, ...options }),
};

export function numbers(shape: readonly number[], seed: number, engine: Engine = reference): Tensor {
  return numbersOn(shape, seed, engine);
}

export const graph = neighborhoodOf(edges, 6);

export const fills = ["mean", "add", "min", "max", "mul", 0.5, [1, -1]] as const;

/** Features of the six nodes of {@link graph}; the third has none. */
export const sparseFeatures = {
  kind: "csr",
  rows: 6,
  columns: 4,
  indptr: Uint32Array.of(0, 2, 3, 3, 5, 6, 7),
  indices: Uint32Array.of(0, 2, 1, 3, 0, 2, 1),
  values: Float32Array.of(0.5, -1, 2, 1.5, -0.75, 1, -0.25),
} as const;
