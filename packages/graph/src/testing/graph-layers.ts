import { type Engine, Random, type Tensor, tanh } from "@vicinal/core";
import type { LayerConformanceOptions } from "../conformance/layer-conformance.ts";
import { AGNNConv } from "../layers/agnn.ts";
import { FAConv, type FAConvContext } from "../layers/fa.ts";
import { GATConv } from "../layers/gat.ts";
import { GATEConv } from "../layers/gate.ts";
import { GATv2Conv } from "../layers/gatv2.ts";
import { GCNConv } from "../layers/gcn.ts";
import { GINConv } from "../layers/gin.ts";
import { GINEConv } from "../layers/gine.ts";
import type { AttentionLayer, GraphLayer } from "../layers/graph-layer.ts";
import type { InputWidths } from "../layers/layer-input.ts";
import { Perceptron } from "../layers/perceptron.ts";
import { ResGatedGraphConv } from "../layers/res-gated.ts";
import { SAGEConv } from "../layers/sage.ts";
import { SuperGATConv } from "../layers/supergat.ts";
import { TransformerConv } from "../layers/transformer.ts";
import { channels, edgeDim, numbers, reference, width } from "./layer-examples.ts";

/** A layer with some of its options, and what the tests of every layer need to know of it. */
export interface LayerExample {
  /** The layer and its options. */
  readonly name: string;
  /** New, for features of these widths; `width` where there is one side. */
  readonly make: (options: {
    readonly inputs?: InputWidths;
    readonly engine?: Engine;
    readonly seed?: number;
    readonly random?: Random;
  }) => GraphLayer | AttentionLayer;
  /** Whether senders and receivers may be different nodes, and whether both have the same width then. */
  readonly sides: "one" | "two" | "two of one width";
  /** Whether every node attends to itself once, whatever loops there are in the graph. */
  readonly addsLoops: boolean;
  /** Whether it projects features before it looks at neighbors, so that they may be sparse. */
  readonly takesSparse: boolean;
  /** Whether it drops something while training. */
  readonly drops: boolean;
  /** What it reads beside the nodes. */
  readonly reads: Readonly<{ edgeFeatures?: number; edgeWeights?: true; initial?: true }>;
}

type Made = Parameters<LayerExample["make"]>[0];

const defaults = { sides: "one", addsLoops: false, takesSparse: true, drops: false, reads: {} } as const;

function parts({ engine = reference, seed = 1, random = new Random(seed) }: Made) {
  return { random, engine };
}

function engineOf({ engine = reference }: Made) {
  return { engine };
}

function oneWidth({ inputs = width }: Made): number {
  return typeof inputs === "number" ? inputs : inputs[0];
}

function example(
  name: string,
  make: (made: Made) => GraphLayer | AttentionLayer,
  what: Partial<Omit<LayerExample, "name" | "make">> = {},
): LayerExample {
  return { ...defaults, ...what, name, make };
}

/** Every homogeneous layer, and every option that makes it compute another way. */
export const graphLayers: readonly LayerExample[] = [
  example("GATConv", (m) => new GATConv(m.inputs ?? width, channels, { ...parts(m), heads: 2 }), {
    sides: "two",
    addsLoops: true,
  }),
  example("GATv2Conv", (m) => new GATv2Conv(m.inputs ?? width, channels, { ...parts(m), heads: 2, dropout: 0.4 }), {
    sides: "two",
    addsLoops: true,
    drops: true,
  }),

  example("GATEConv", (m) => new GATEConv(oneWidth(m), parts(m)), { takesSparse: false }),
  example(
    "GATEConv with edge features, dropout",
    (m) => new GATEConv(oneWidth(m), { ...parts(m), edgeDim, dropout: 0.4 }),
    { takesSparse: false, drops: true, reads: { edgeFeatures: edgeDim } },
  ),

  example("TransformerConv", (m) => new TransformerConv(m.inputs ?? width, channels, parts(m)), { sides: "two" }),
  example(
    "TransformerConv with beta, heads averaged, dropout",
    (m) =>
      new TransformerConv(m.inputs ?? width, channels, {
        ...parts(m),
        heads: 3,
        concat: false,
        beta: true,
        dropout: 0.4,
      }),
    { sides: "two", drops: true },
  ),
  example(
    "TransformerConv with edge features, dropout, without root and bias",
    (m) =>
      new TransformerConv(m.inputs ?? width, channels, {
        ...parts(m),
        heads: 2,
        edgeDim,
        dropout: 0.4,
        rootWeight: false,
        bias: false,
      }),
    { sides: "two", drops: true, reads: { edgeFeatures: edgeDim } },
  ),

  example("AGNNConv", (m) => new AGNNConv(oneWidth(m), engineOf(m)), { addsLoops: true, takesSparse: false }),
  example(
    "AGNNConv without self-loops, beta fixed",
    (m) => new AGNNConv(oneWidth(m), { ...engineOf(m), addSelfLoops: false, requiresGrad: false }),
    { takesSparse: false },
  ),

  example("FAConv", (m) => new FAConv(oneWidth(m), { ...parts(m), dropout: 0.4 }), {
    addsLoops: true,
    takesSparse: false,
    drops: true,
    reads: { initial: true },
  }),
  example("FAConv without self-loops", (m) => new FAConv(oneWidth(m), { ...parts(m), eps: 0, addSelfLoops: false }), {
    takesSparse: false,
  }),
  example("FAConv with edge weights", (m) => new FAConv(oneWidth(m), { ...parts(m), eps: -1, normalize: false }), {
    takesSparse: false,
    reads: { initial: true, edgeWeights: true },
  }),

  example("SuperGATConv MX", (m) => new SuperGATConv(oneWidth(m), channels, { ...parts(m), heads: 2, dropout: 0.4 }), {
    addsLoops: true,
    drops: true,
  }),
  example(
    "SuperGATConv SD, heads averaged, without self-loops",
    (m) =>
      new SuperGATConv(oneWidth(m), channels, {
        ...parts(m),
        heads: 2,
        concat: false,
        attentionType: "SD",
        addSelfLoops: false,
        bias: false,
      }),
  ),

  example("ResGatedGraphConv", (m) => new ResGatedGraphConv(m.inputs ?? width, channels, parts(m)), { sides: "two" }),
  example(
    "ResGatedGraphConv with edge features, by tanh, without root and bias",
    (m) =>
      new ResGatedGraphConv(m.inputs ?? width, channels, {
        ...parts(m),
        edgeDim,
        act: tanh,
        rootWeight: false,
        bias: false,
      }),
    { sides: "two", reads: { edgeFeatures: edgeDim } },
  ),

  example("GCNConv", (m) => new GCNConv(oneWidth(m), channels, parts(m)), { addsLoops: true }),
  example("GCNConv improved", (m) => new GCNConv(oneWidth(m), channels, { ...parts(m), improved: true })),
  example("GCNConv with edge weights", (m) => new GCNConv(oneWidth(m), channels, parts(m)), {
    reads: { edgeWeights: true },
  }),
  example(
    "GCNConv with edge weights, without self-loops",
    (m) => new GCNConv(oneWidth(m), channels, { ...parts(m), addSelfLoops: false }),
    { reads: { edgeWeights: true } },
  ),
  example(
    "GCNConv not normalized",
    (m) => new GCNConv(oneWidth(m), channels, { ...parts(m), normalize: false, bias: false }),
  ),

  example("SAGEConv", (m) => new SAGEConv(m.inputs ?? width, channels, parts(m)), { sides: "two" }),
  example("SAGEConv, sums, wider", (m) => new SAGEConv(m.inputs ?? width, 5, { ...parts(m), aggr: "sum" }), {
    sides: "two",
  }),
  ...(["max", "min"] as const).map((aggr) =>
    example(
      `SAGEConv, ${aggr}, normalized`,
      (m) => new SAGEConv(m.inputs ?? width, channels, { ...parts(m), aggr, normalize: true }),
      {
        sides: "two",
        takesSparse: false,
      },
    ),
  ),
  example(
    "SAGEConv, max, projected, without root and bias",
    (m) =>
      new SAGEConv(m.inputs ?? width, channels, {
        ...parts(m),
        aggr: "max",
        project: true,
        rootWeight: false,
        bias: false,
      }),
    { sides: "two" },
  ),

  example(
    "GINConv",
    (m) => new GINConv(new Perceptron([oneWidth(m), 4, channels], { ...parts(m), dropout: 0.4 }), engineOf(m)),
    { sides: "two of one width", takesSparse: false, drops: true },
  ),
  example(
    "GINEConv with a learned eps",
    (m) =>
      new GINEConv(new Perceptron([oneWidth(m), 4, channels], parts(m)), {
        ...parts(m),
        eps: 0.3,
        trainEps: true,
        edgeDim,
      }),
    { sides: "two of one width", takesSparse: false, reads: { edgeFeatures: edgeDim } },
  ),
  example(
    "GINEConv with edges as wide as nodes",
    (m) => new GINEConv(new Perceptron([oneWidth(m), channels], parts(m)), parts(m)),
    { sides: "two of one width", takesSparse: false, reads: { edgeFeatures: width } },
  ),
];

/** What the conformance suite of layers must know of an example. */
export function conformanceOf({ sides, drops, reads }: LayerExample): LayerConformanceOptions {
  const { edgeFeatures, edgeWeights, initial } = reads;
  return {
    inputs: width,
    sides,
    drops,
    reads: {
      ...(edgeFeatures !== undefined && { edgeFeatures: { rows: "edges", width: edgeFeatures } }),
      ...(edgeWeights && { edgeWeights: { rows: "edges", isPositive: true } }),
      ...(initial && { initial: { rows: "nodes", width } }),
    },
  };
}

/** The tensors that a layer reads beside the nodes, leaves with a gradient. */
export function contextOf({ reads }: LayerExample, nodes: number, edges: number, engine: Engine = reference) {
  const found: { -readonly [Name in "edgeFeatures" | "edgeWeights" | "initial"]?: Tensor } = {};
  if (reads.edgeFeatures !== undefined) found.edgeFeatures = numbers([edges, reads.edgeFeatures], 21, engine);
  if (reads.edgeWeights) found.edgeWeights = positives([edges], 22, engine);
  if (reads.initial) found.initial = numbers([nodes, width], 23, engine);
  return found satisfies FAConvContext;
}

function positives(shape: readonly number[], seed: number, engine: Engine): Tensor {
  const drawn = numbers(shape, seed, engine);
  engine.write(
    drawn.buffer,
    drawn.dataSync().map((value) => 0.1 + Math.abs(value)),
  );
  return drawn;
}
