import { type Engine, parameter, type Tensor } from "@vicinal/core";
import type { GraphInputs } from "../models/graph-model.ts";
import { type Edge, edgeDim, neighborhoodOf, numbers, reference, rowsOf, width } from "./layer-examples.ts";

/** What {@link exampleGraphs} are made with. */
export interface ExampleOptions {
  readonly engine?: Engine;
  readonly hasEdgeFeatures?: boolean;
  /** Which number each node has: the node `order[i]` becomes node `i`. Default: as listed. */
  readonly order?: readonly number[];
  /** In which order the edges are listed. Default: as listed. */
  readonly edgeOrder?: readonly number[];
}

/** Count of nodes of each graph. */
export const sizes = [4, 1, 3, 4] as const;

/** A chain; one node; three nodes without edges; a triangle with an edge given twice, a loop, and a node that no edge arrives at. */
export const edges: readonly Edge[] = [
  [0, 1],
  [1, 0],
  [2, 1],
  [1, 2],
  [3, 2],
  [2, 3],
  [8, 9],
  [9, 8],
  [9, 10],
  [8, 10],
  [9, 8],
  [10, 10],
  [11, 9],
];

export const nodeCount = 12;
export const graphOf: Uint32Array = Uint32Array.from(sizes.flatMap((size, g) => new Array<number>(size).fill(g)));

/** Numbers that do not depend on how the nodes and edges are ordered. */
const features = numbers([nodeCount, width], 31);
const ofEdges = numbers([edges.length, edgeDim], 32);

/** Four graphs in one batch, with features `[nodes, width]` and, where asked for, `[edges, edgeDim]`, leaves with a gradient. */
export function exampleGraphs({
  engine = reference,
  hasEdgeFeatures = false,
  order = Array.from({ length: nodeCount }, (_, i) => i),
  edgeOrder = edges.map((_, e) => e),
}: ExampleOptions = {}): GraphInputs & { readonly x: Tensor } {
  const numberOf = new Map(order.map((node, i) => [node, i]));
  const listed = edgeOrder.map((e) => edges[e]!.map((node) => numberOf.get(node)!));
  return {
    x: onEngine(rowsOf(features, order), engine),
    edgeFeatures: hasEdgeFeatures ? onEngine(rowsOf(ofEdges, edgeOrder), engine) : undefined,
    neighborhood: neighborhoodOf(
      listed.map(([sender, receiver]) => [sender!, receiver!]),
      nodeCount,
    ),
    graphs: sizes.length,
    graphOf: Uint32Array.from(order, (node) => graphOf[node]!),
  };
}

/** One graph of {@link exampleGraphs} by itself. */
export function oneGraph(graph: number, { hasEdgeFeatures = false }: ExampleOptions = {}): GraphInputs {
  const nodes = Array.from(graphOf.keys()).filter((node) => graphOf[node] === graph);
  const mine = Array.from(edges.keys()).filter((e) => graphOf[edges[e]![0]] === graph);
  const first = nodes[0]!;
  return {
    x: rowsOf(features, nodes),
    edgeFeatures: hasEdgeFeatures ? rowsOf(ofEdges, mine) : undefined,
    neighborhood: neighborhoodOf(
      mine.map((e): Edge => [edges[e]![0] - first, edges[e]![1] - first]),
      nodes.length,
    ),
    graphs: 1,
    graphOf: new Uint32Array(nodes.length),
  };
}

function onEngine(x: Tensor, engine: Engine): Tensor {
  return parameter(x.dataSync(), x.shape, { engine });
}
