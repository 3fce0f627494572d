import * as z from "zod";
import { indices, name, readFixture, sameShape, tensor, tensorOrNull, tensors, versions } from "./fixture-format.ts";

const count = z.int().positive();

const relational = z
  .strictObject({
    name,
    options: z.strictObject({
      inChannels: count,
      outChannels: count,
      numRelations: count,
      numBases: z.nullable(count),
      numBlocks: z.nullable(count),
      mod: z.nullable(z.enum(["additive", "scaled", "f-additive", "f-scaled"])),
      attentionMechanism: z.enum(["across-relation", "within-relation"]),
      attentionMode: z.enum(["additive-self-attention", "multiplicative-self-attention"]),
      heads: count,
      dim: count,
      concat: z.boolean(),
      negativeSlope: z.number(),
      dropout: z.literal(0),
      edgeDim: z.nullable(count),
      bias: z.boolean(),
    }),
    graph: z.strictObject({ nodes: count, sources: indices, targets: indices, edgeTypes: indices }),
    inputs: z.strictObject({ x: tensor, edgeAttr: tensorOrNull }),
    parameters: tensors,
    output: tensor,
    /** `[edges, heads * dim]`, in the order of the edges. */
    weights: tensor,
    upstream: tensor,
    gradients: z.strictObject({
      inputs: z.strictObject({ x: tensor, edgeAttr: tensorOrNull }),
      parameters: tensors,
    }),
  })
  .refine(
    ({ graph }) =>
      graph.targets.length === graph.sources.length &&
      graph.edgeTypes.length === graph.sources.length &&
      [...graph.sources, ...graph.targets].every((node) => node < graph.nodes),
    "an edge lacks an end or a type, or names a node that is not there",
  );

function typed<Options extends z.ZodRawShape>(options: Options) {
  const inChannels = z.union([count, z.record(z.string(), count)]);
  return z
    .strictObject({
      name,
      options: z.strictObject({ inChannels, outChannels: count, heads: count, ...options }),
      /** In the order of PyTorch Geometric's metadata, as are the relations. */
      nodeTypes: z.array(z.string()).min(1),
      nodes: indices,
      relations: z.array(
        z.strictObject({
          source: z.string(),
          type: z.string(),
          target: z.string(),
          sources: indices,
          targets: indices,
        }),
      ),
      inputs: tensors,
      parameters: tensors,
      outputs: tensors,
      upstream: tensors,
      gradients: z.strictObject({ inputs: tensors, parameters: tensors }),
    })
    .refine(
      ({ outputs, upstream }) => Object.entries(outputs).every(([type, output]) => sameShape(output, upstream[type])),
      "upstream does not have the outputs' shapes",
    );
}

const gps = z.strictObject({
  name,
  options: z.strictObject({
    channels: count,
    heads: count,
    act: z.enum(["relu", "gelu"]),
    norm: z.enum(["batch_norm", "layer_norm", "none"]),
    normMode: z.enum(["graph", "node"]),
    /** The options of the GATConv inside; null where there is none. */
    conv: z.nullable(z.strictObject({ heads: count, edgeDim: z.nullable(count) })),
  }),
  /** Whether statistics of the batch were taken and the running ones moved. */
  training: z.boolean(),
  graph: z.strictObject({ nodes: count, sources: indices, targets: indices }),
  lengths: indices,
  inputs: z.strictObject({ x: tensor, edgeAttr: tensorOrNull }),
  /** With the running statistics before the call. */
  parameters: tensors,
  output: tensor,
  /** The running statistics after the call. */
  running: tensors,
  upstream: tensor,
  gradients: z.strictObject({ inputs: z.strictObject({ x: tensor, edgeAttr: tensorOrNull }), parameters: tensors }),
});

const hgt = typed({});
const han = typed({ negativeSlope: z.number(), dropout: z.literal(0) });

function layerFile<Case>(layer: string, layerCase: z.ZodType<Case>) {
  return z
    .strictObject({ versions, layer: z.literal(layer), cases: z.array(layerCase).min(1) })
    .transform(({ cases }): readonly Case[] => cases);
}

export type RelationalCase = z.output<typeof relational>;
export type HGTCase = z.output<typeof hgt>;
export type HANCase = z.output<typeof han>;
export type GPSCase = z.output<typeof gps>;

/** Reads the cases of a layer. Each entry throws an Error that names the file and the field where one is not well-formed. */
export const heteroCases = {
  RGATConv: () => readFixture("rgat-conv.json", layerFile("RGATConv", relational)),
  HGTConv: () => readFixture("hgt-conv.json", layerFile("HGTConv", hgt)),
  HANConv: () => readFixture("han-conv.json", layerFile("HANConv", han)),
  GPSConv: () => readFixture("gps-conv.json", layerFile("GPSConv", gps)),
};
