import { type DenseMatrix, type Engine, Linear, Module, Random, type Tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { Matrix } from "ml-matrix";
import { batchGraphs } from "../batch/batch-graphs.ts";
import type { EdgeListParts } from "../batch/graph-parts.ts";
import type { GraphInputs } from "../models/graph-model.ts";
import type { GraphEncoder } from "../models/graph-to-sequence/graph-encoder.ts";
import { GraphToSequence, type GraphToSequenceOptions } from "../models/graph-to-sequence/graph-to-sequence.ts";
import { graphInputs } from "../tasks/graphs/graph-inputs.ts";

export const reference = createReferenceEngine();
/** What every example has. */
export const [inputs, edgeDim, targetTokens, begin, end] = [2, 2, 5, 0, 1];

/** What nodes are linked to is not looked at: a node's state follows from its features alone. */
export class NodeByNode extends Module implements GraphEncoder {
  readonly outputs: number = 3;
  readonly linear: Linear;

  constructor(engine: Engine) {
    super();
    this.linear = new Linear(inputs, this.outputs, { random: new Random(8), engine });
  }

  forward({ x }: GraphInputs): Tensor {
    return this.linear.forward(x);
  }
}

export type Choice = Pick<GraphToSequenceOptions, "encoder" | "decoder" | "readout">;
export const stack = { inputs, edgeDim, layers: 2, heads: 2, hidden: 4 } as const;
export const choices: Readonly<Record<string, (engine: Engine) => Choice>> = {
  "gat and Bahdanau": () => ({ encoder: { kind: "gat", ...stack }, decoder: { kind: "bahdanau", hidden: 5 } }),
  "gatv2 and Luong, from a sum": () => ({
    encoder: { kind: "gatv2", ...stack },
    decoder: { kind: "luong", hidden: 5, layers: 2 },
    readout: "sum",
  }),
  transformer: () => ({
    encoder: { kind: "transformer", ...stack },
    decoder: { kind: "transformer", layers: 2, heads: 2, hidden: 6 },
  }),
  "a module and Bahdanau, from a read-out of another width": (engine) => ({
    encoder: new NodeByNode(engine),
    decoder: { kind: "bahdanau", hidden: 4 },
    readout: "set2set",
  }),
};

/** A model whose answers are far from even. */
export function modelOf(
  choice: (engine: Engine) => Choice,
  engine = reference,
  options: Partial<GraphToSequenceOptions> = {},
): GraphToSequence {
  const made = { targetTokens, begin, end, width: 4, random: new Random(3), engine };
  const model = new GraphToSequence({ ...made, ...choice(engine), ...options });
  const { weight } = model.writer.output;
  weight.set(weight.dataSync().map((value) => 4 * value));
  return model;
}

export function drawn(random: Random, rows: number, columns: number): DenseMatrix {
  const values = Float32Array.from({ length: rows * columns }, () => random.uniform(-2, 2));
  return { kind: "dense", rows, columns, values };
}

export function graphOf(nodes: number, pairs: readonly (readonly [source: number, target: number])[], seed: number) {
  const random = new Random(seed);
  return {
    nodes,
    edges: {
      sources: Uint32Array.from(pairs, ([source]) => source),
      targets: Uint32Array.from(pairs, ([, target]) => target),
    },
    features: drawn(random, nodes, inputs),
    edgeFeatures: drawn(random, pairs.length, edgeDim),
  } satisfies EdgeListParts;
}

/** A cycle with a chord, a node by itself, and a path. */
export const parts = [
  graphOf(
    4,
    [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 0],
      [0, 2],
      [2, 0],
    ],
    1,
  ),
  graphOf(1, [], 2),
  graphOf(
    3,
    [
      [0, 1],
      [1, 0],
      [1, 2],
      [2, 1],
    ],
    3,
  ),
];
export const targets = [[2, 3, 2], [], [4, 4, 3, 0]];

/** What a model reads; `NodeByNode` reads no edges. */
export const read = (graphs: readonly EdgeListParts[], engine = reference): GraphInputs =>
  graphInputs(batchGraphs(graphs), engine);

/** Node `order[k]` of a graph as node `k`. */
export function reordered({ nodes, edges, features, edgeFeatures }: (typeof parts)[number], order: readonly number[]) {
  const place = (nodesOf: Uint32Array): Uint32Array => nodesOf.map((node) => order.indexOf(node));
  const values = order.flatMap((node) => [...features.values.subarray(node * inputs, (node + 1) * inputs)]);
  return {
    nodes,
    edges: { sources: place(edges.sources), targets: place(edges.targets) },
    features: { ...features, values: Float32Array.from(values) },
    edgeFeatures,
  };
}

export const largestDifference = (a: Matrix, b: Matrix): number => Matrix.sub(a, b).abs().max();
