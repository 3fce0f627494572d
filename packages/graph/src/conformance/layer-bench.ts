import { type Engine, parameter, Random, SparseNeighborhood, type Tensor } from "@vicinal/core";
import type { AttentionLayer, GraphLayer } from "../layers/graph-layer.ts";
import type { InputWidths } from "../layers/layer-input.ts";

/** What a layer reads beside the nodes, by its name in the context. */
export interface LayerReads {
  /** Whether there is a row for each node, or for each edge. */
  readonly rows: "nodes" | "edges";
  /** Numbers of a row; undefined for a list of one number each, such as weights of edges. */
  readonly width?: number;
  /** Whether the numbers must be above 0. Default false. */
  readonly isPositive?: boolean;
}

/** What a layer is made with. */
export interface MadeLayer {
  /** Width of the features of nodes, of senders and receivers where the two differ. */
  readonly inputs: InputWidths;
  /** Where first values are drawn from. */
  readonly random: Random;
  /** Where the layer is. */
  readonly engine: Engine;
}

export type Edge = readonly [sender: number, receiver: number];

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
export const nodeCount = 6;

export function neighborhoodOf(
  list: readonly Edge[],
  senderCount: number,
  receiverCount = senderCount,
): SparseNeighborhood {
  return SparseNeighborhood.fromEdgeList({
    senders: Uint32Array.from(list, ([sender]) => sender),
    receivers: Uint32Array.from(list, ([, receiver]) => receiver),
    senderCount,
    receiverCount,
  });
}

/** From 3 senders to 5 receivers and back. */
export const widening = neighborhoodOf(
  [
    [0, 0],
    [1, 0],
    [2, 2],
    [1, 3],
    [0, 3],
    [2, 4],
    [1, 1],
    [0, 4],
  ],
  3,
  5,
);
export const narrowing = neighborhoodOf(
  [
    [0, 0],
    [1, 0],
    [4, 2],
    [3, 1],
    [0, 2],
    [2, 2],
    [1, 1],
  ],
  5,
  3,
);

/** Leaves with a gradient, whose numbers follow from the seed and not from the engine. */
export function numbers(shape: readonly number[], seed: number, engine: Engine, isPositive = false): Tensor {
  const random = new Random(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float64Array.from({ length: size }, () => random.uniform(-1.5, 1.5));
  return parameter(isPositive ? values.map((value) => 0.1 + Math.abs(value)) : values, shape, { engine });
}

/** The rows of a tensor in another order. */
export function rowsOf(x: Tensor, order: readonly number[]): Tensor {
  const rest = x.shape.slice(1);
  const width = rest.reduce((a, b) => a * b, 1);
  const values = x.dataSync();
  const picked = order.flatMap((row) => Array.from(values.subarray(row * width, (row + 1) * width)));
  return parameter(picked, [order.length, ...rest], { engine: x.engine });
}

/** The tensors that a layer reads beside the nodes. */
export function contextOf(
  reads: Readonly<Record<string, LayerReads>>,
  nodes: number,
  edgeCount: number,
  engine: Engine,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(reads).map(([name, { rows, width, isPositive }], k) => {
      const count = rows === "nodes" ? nodes : edgeCount;
      return [name, numbers(width === undefined ? [count] : [count, width], 21 + k, engine, isPositive)];
    }),
  );
}

/** A context whose nodes and edges are numbered otherwise. */
export function reordered(
  reads: Readonly<Record<string, LayerReads>>,
  context: Readonly<Record<string, Tensor>>,
  nodeOrder: readonly number[],
  edgeOrder: readonly number[],
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(context).map(([name, each]) => [
      name,
      rowsOf(each, reads[name]?.rows === "nodes" ? nodeOrder : edgeOrder),
    ]),
  );
}

export function isAttentive(layer: GraphLayer): layer is AttentionLayer {
  return "detailed" in layer;
}
