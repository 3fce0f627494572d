import * as z from "zod";
import {
  type FixtureTensor,
  indices,
  name,
  parseFixture,
  readFixture,
  sameShape,
  tensor,
  tensorOrNull,
  tensors,
  versions,
} from "./fixture-format.ts";

/** Edge `e` runs from `sources[e]` to `targets[e]`. */
export interface FixtureGraph {
  /** The number of nodes; `[sources, targets]` where the two sides are different nodes. */
  readonly nodes: number | readonly [number, number];
  readonly sources: readonly number[];
  readonly targets: readonly number[];
}

/** What a layer reads, and in {@link LayerCase.gradients} the gradient with respect to it. */
export interface LayerTensors {
  /** `[sources, width]`: features of the sources, which are all nodes unless the graph is bipartite. */
  readonly x: FixtureTensor;
  /** `[targets, width]`: features of the targets of a bipartite graph; null otherwise, and where they are left out. */
  readonly xTarget: FixtureTensor | null;
  /** `[edges, edgeDim]` */
  readonly edgeAttr: FixtureTensor | null;
  /** `[edges]` */
  readonly edgeWeight: FixtureTensor | null;
  /** `[nodes, width]`: the initial features that FAConv adds. */
  readonly x0: FixtureTensor | null;
}

/** Attention as PyTorch Geometric returns it, over its own edge list: self-loops removed and appended at the end. */
export interface FixtureAttention {
  readonly sources: readonly number[];
  readonly targets: readonly number[];
  /** `[edges, heads]`; `[edges]` for FAConv. */
  readonly weights: FixtureTensor;
}

/** One evaluated layer in float64, with the gradients of `sum(output * upstream)`. */
export interface LayerCase<Options> {
  /** Unique within a layer. */
  readonly name: string;
  /** The arguments that PyTorch Geometric's constructor was given; all others had their defaults. */
  readonly pygArguments: Readonly<Record<string, string | number | boolean | readonly number[]>>;
  /** Every option in effect, defaults included, in camelCase. */
  readonly options: Options;
  readonly graph: FixtureGraph;
  readonly inputs: LayerTensors;
  /** By key of PyTorch Geometric's `state_dict`; its linear weights are `[out, in]`. */
  readonly parameters: Readonly<Record<string, FixtureTensor>>;
  /** `[targets, outputs]` */
  readonly output: FixtureTensor;
  /** Null for layers that do not return their attention. */
  readonly attention: FixtureAttention | null;
  /** The factor of the output, of its shape. */
  readonly upstream: FixtureTensor;
  readonly gradients: {
    readonly inputs: LayerTensors;
    /**
     * Zeros for a parameter that takes no part. No entry for buffers, nor for the second name of a shared parameter: with
     * `shareWeights`, `lin_l` holds the gradient of both uses.
     */
    readonly parameters: Readonly<Record<string, FixtureTensor>>;
  };
}

const channels = z.union([z.int(), z.tuple([z.int(), z.int()])]);

const gat = {
  inChannels: channels,
  outChannels: z.int(),
  heads: z.int(),
  concat: z.boolean(),
  negativeSlope: z.number(),
  dropout: z.literal(0),
  addSelfLoops: z.boolean(),
  edgeDim: z.nullable(z.int()),
  fillValue: z.union([z.enum(["mean", "add", "max", "min", "mul"]), z.number()]),
  bias: z.boolean(),
  residual: z.boolean(),
};

const optionsOf = {
  GATConv: z.strictObject(gat),
  GATv2Conv: z.strictObject({ ...gat, shareWeights: z.boolean() }),
  TransformerConv: z.strictObject({
    inChannels: channels,
    outChannels: z.int(),
    heads: z.int(),
    concat: z.boolean(),
    beta: z.boolean(),
    dropout: z.literal(0),
    edgeDim: z.nullable(z.int()),
    bias: z.boolean(),
    rootWeight: z.boolean(),
  }),
  GCNConv: z.strictObject({
    inChannels: z.int(),
    outChannels: z.int(),
    improved: z.boolean(),
    addSelfLoops: z.boolean(),
    normalize: z.boolean(),
    bias: z.boolean(),
  }),
  SAGEConv: z.strictObject({
    inChannels: channels,
    outChannels: z.int(),
    aggr: z.enum(["mean", "max", "min", "sum"]),
    normalize: z.boolean(),
    rootWeight: z.boolean(),
    project: z.boolean(),
    bias: z.boolean(),
  }),
  AGNNConv: z.strictObject({ requiresGrad: z.boolean(), addSelfLoops: z.boolean() }),
  SuperGATConv: z.strictObject({
    inChannels: z.int(),
    outChannels: z.int(),
    heads: z.int(),
    concat: z.boolean(),
    negativeSlope: z.number(),
    dropout: z.literal(0),
    addSelfLoops: z.boolean(),
    bias: z.boolean(),
    attentionType: z.enum(["MX", "SD"]),
  }),
  /** `nn` is a perceptron with ReLU between its layers: the widths from input to output. */
  GINConv: z.strictObject({ nn: z.array(z.int()), eps: z.number(), trainEps: z.boolean() }),
  /** `nn` as of GINConv. */
  GINEConv: z.strictObject({
    nn: z.array(z.int()),
    eps: z.number(),
    trainEps: z.boolean(),
    edgeDim: z.nullable(z.int()),
  }),
  ResGatedGraphConv: z.strictObject({
    inChannels: channels,
    outChannels: z.int(),
    act: z.enum(["sigmoid", "tanh"]),
    edgeDim: z.nullable(z.int()),
    rootWeight: z.boolean(),
    bias: z.boolean(),
  }),
  FAConv: z.strictObject({
    channels: z.int(),
    eps: z.number(),
    dropout: z.literal(0),
    addSelfLoops: z.boolean(),
    normalize: z.boolean(),
  }),
};

export type GATOptions = z.output<typeof optionsOf.GATConv>;

const layerTensors: z.ZodType<LayerTensors> = z.strictObject({
  x: tensor,
  xTarget: tensorOrNull,
  edgeAttr: tensorOrNull,
  edgeWeight: tensorOrNull,
  x0: tensorOrNull,
});

const uncheckedCase = z.strictObject({
  name,
  pygArguments: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.int())])),
  options: z.unknown(),
  graph: z.strictObject({
    nodes: z.union([z.int(), z.tuple([z.int(), z.int()])]),
    sources: indices,
    targets: indices,
  }),
  inputs: layerTensors,
  parameters: tensors,
  output: tensor,
  attention: z.nullable(z.strictObject({ sources: indices, targets: indices, weights: tensor })),
  upstream: tensor,
  gradients: z.strictObject({ inputs: layerTensors, parameters: tensors }),
});

/** The sentences that name what in a case does not fit together. */
function contradictions(found: z.output<typeof uncheckedCase>): string[] {
  const { graph, inputs, parameters, output, attention, upstream, gradients } = found;
  const [sourceCount, targetCount] = typeof graph.nodes === "number" ? [graph.nodes, graph.nodes] : graph.nodes;
  const edges = graph.sources.length;
  const within = (list: readonly number[], limit: number) => list.every((index) => index < limit);
  const names = ["x", "xTarget", "edgeAttr", "edgeWeight", "x0"] as const;
  const claims: [boolean, string][] = [
    [graph.targets.length === edges, "sources and targets differ in length"],
    [
      within(graph.sources, sourceCount) && within(graph.targets, targetCount),
      "an edge names a node that is not there",
    ],
    [inputs.x.shape[0] === sourceCount, "x does not have one row a source"],
    [inputs.xTarget === null || inputs.xTarget.shape[0] === targetCount, "xTarget does not have one row a target"],
    [inputs.edgeAttr === null || inputs.edgeAttr.shape[0] === edges, "edgeAttr does not have one row an edge"],
    [inputs.edgeWeight === null || inputs.edgeWeight.shape[0] === edges, "edgeWeight does not have one row an edge"],
    [output.shape[0] === targetCount, "the output does not have one row a target"],
    [sameShape(output, upstream), "upstream does not have the output's shape"],
    [
      names.every((name) => sameShape(inputs[name], gradients.inputs[name])),
      "an input and its gradient differ in shape",
    ],
    [
      Object.entries(gradients.parameters).every(([key, gradient]) => sameShape(parameters[key], gradient)),
      "a parameter and its gradient differ in shape",
    ],
    [
      attention === null ||
        (attention.sources.length === attention.weights.shape[0] &&
          attention.targets.length === attention.weights.shape[0]),
      "the attention does not have one row an edge",
    ],
  ];
  return claims.filter(([holds]) => !holds).map(([, sentence]) => sentence);
}

function layerFile<Options>(layer: string, options: z.ZodType<Options>) {
  const layerCase = uncheckedCase
    .superRefine((found, context) => {
      for (const message of contradictions(found)) context.addIssue({ code: "custom", message });
    })
    .transform((found, context): LayerCase<Options> => {
      const parsed = options.safeParse(found.options);
      if (parsed.success) return { ...found, options: parsed.data };
      for (const { message, path } of parsed.error.issues) {
        context.addIssue({ code: "custom", message, path: ["options", ...path] });
      }
      return z.NEVER;
    });
  return z
    .strictObject({ versions, layer: z.literal(layer), cases: z.array(layerCase).min(1) })
    .transform(({ cases }): readonly LayerCase<Options>[] => cases);
}

/** The self-supervised loss of SuperGATConv, over the edges with self-loops and four pairs without an edge. */
const attentionLossCase = z.strictObject({
  name,
  options: z.strictObject({
    heads: z.int(),
    concat: z.boolean(),
    addSelfLoops: z.boolean(),
    attentionType: z.enum(["MX", "SD"]),
  }),
  graph: z.strictObject({ nodes: z.int(), sources: indices, targets: indices }),
  negatives: z.strictObject({ sources: indices, targets: indices }),
  inputs: z.strictObject({ x: tensor }),
  parameters: tensors,
  loss: z.number(),
  gradients: z.strictObject({ inputs: z.strictObject({ x: tensor }), parameters: tensors }),
});

/** Reads `attention-loss.json`. */
export function attentionLossCases() {
  const file = z.strictObject({
    versions,
    layer: z.literal("SuperGATConv"),
    cases: z.array(attentionLossCase).min(1),
  });
  return readFixture("attention-loss.json", file).cases;
}

/** Reads the cases of a layer. Each entry throws an Error that names the file and the field where one is not well-formed. */
export const layerCases = {
  GATConv: () => readFixture("gat-conv.json", layerFile("GATConv", optionsOf.GATConv)),
  GATv2Conv: () => readFixture("gatv2-conv.json", layerFile("GATv2Conv", optionsOf.GATv2Conv)),
  TransformerConv: () => readFixture("transformer-conv.json", layerFile("TransformerConv", optionsOf.TransformerConv)),
  GCNConv: () => readFixture("gcn-conv.json", layerFile("GCNConv", optionsOf.GCNConv)),
  SAGEConv: () => readFixture("sage-conv.json", layerFile("SAGEConv", optionsOf.SAGEConv)),
  AGNNConv: () => readFixture("agnn-conv.json", layerFile("AGNNConv", optionsOf.AGNNConv)),
  SuperGATConv: () => readFixture("supergat-conv.json", layerFile("SuperGATConv", optionsOf.SuperGATConv)),
  GINConv: () => readFixture("gin-conv.json", layerFile("GINConv", optionsOf.GINConv)),
  GINEConv: () => readFixture("gine-conv.json", layerFile("GINEConv", optionsOf.GINEConv)),
  ResGatedGraphConv: () =>
    readFixture("res-gated-graph-conv.json", layerFile("ResGatedGraphConv", optionsOf.ResGatedGraphConv)),
  FAConv: () => readFixture("fa-conv.json", layerFile("FAConv", optionsOf.FAConv)),
};

/** The cases of GATConv from a text rather than from the file. */
export function parseGatConv(text: string): readonly LayerCase<GATOptions>[] {
  return parseFixture("gat-conv.json", text, layerFile("GATConv", optionsOf.GATConv));
}
