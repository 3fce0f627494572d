import { type Engine, parameter, Random, SparseNeighborhood, type Tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { narrowing, widening } from "../conformance/layer-bench.ts";
import type { AttentionConv } from "../layers/attention-conv.ts";
import { GATConv } from "../layers/gat.ts";
import { GATv2Conv, type GATv2ConvOptions } from "../layers/gatv2.ts";
import type { InputWidths } from "../layers/layer-input.ts";

export type Edge = readonly [sender: number, receiver: number];
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

export function neighborhoodOf(
  edges: readonly Edge[],
  senderCount: number,
  receiverCount = senderCount,
): SparseNeighborhood {
  return SparseNeighborhood.fromEdgeList({
    senders: Uint32Array.from(edges, ([sender]) => sender),
    receivers: Uint32Array.from(edges, ([, receiver]) => receiver),
    senderCount,
    receiverCount,
  });
}

export function numbers(shape: readonly number[], seed: number, engine: Engine = reference): Tensor {
  const random = new Random(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return parameter(
    Float64Array.from({ length: size }, () => random.uniform(-1.5, 1.5)),
    shape,
    { engine },
  );
}

/** A loop at 2, an edge given twice, a node 4 at which no edge arrives, and a node 5 without any. */
export const edges: readonly Edge[] = [
  [1, 0],
  [2, 0],
  [3, 0],
  [0, 1],
  [2, 2],
  [0, 1],
  [4, 3],
  [1, 2],
];
export const graph = neighborhoodOf(edges, 6);
export { narrowing, widening };

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

export function rowsOf(x: Tensor, rows: readonly number[]): Tensor {
  const [, columns = 0] = x.shape;
  const values = x.dataSync();
  const picked = rows.flatMap((row) => Array.from(values.slice(row * columns, (row + 1) * columns)));
  return parameter(picked, [rows.length, columns], { engine: x.engine });
}
