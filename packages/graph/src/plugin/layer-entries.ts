import {
  type BuiltInNormalizer,
  type BuiltInScore,
  type NamedNormalizer,
  type NamedScore,
  OptionError,
  type ParameterOptions,
  type Registry,
} from "@vicinal/core";
import { AGNNConv, type AGNNConvOptions } from "../layers/agnn.ts";
import type { AttentionConvOptions } from "../layers/attention-conv.ts";
import { FAConv, type FAConvOptions } from "../layers/fa.ts";
import { GATConv } from "../layers/gat.ts";
import { GATv2Conv, type GATv2ConvOptions } from "../layers/gatv2.ts";
import { GCNConv, type GCNConvOptions } from "../layers/gcn.ts";
import { GINConv, type GINConvOptions } from "../layers/gin.ts";
import { GINEConv, type GINEConvOptions } from "../layers/gine.ts";
import type { InputWidths } from "../layers/layer-input.ts";
import { Perceptron } from "../layers/perceptron.ts";
import { ResGatedGraphConv, type ResGatedGraphConvOptions } from "../layers/res-gated.ts";
import { SAGEConv, type SAGEConvOptions } from "../layers/sage.ts";
import { ScoreConv, type ScoreConvOptions } from "../layers/score-conv.ts";
import { SuperGATConv, type SuperGATConvOptions } from "../layers/supergat.ts";
import { TransformerConv, type TransformerConvOptions } from "../layers/transformer.ts";

/** The widths of a layer. */
export interface Widths<Inputs = InputWidths> {
  /** Width of the features of nodes. */
  readonly inputs: Inputs;
  /** Width of the output: with `concat`, which is the default, of all heads together, a multiple of their count. */
  readonly outputs: number;
}

/** A mechanism by the names of its parts: a score, and a normalizer, by default softmax. */
export type NamedMechanism = (BuiltInScore | NamedScore) &
  (BuiltInNormalizer | NamedNormalizer | { readonly normalizer?: undefined; readonly normalizerOptions?: undefined });

/** The network of a GIN layer, by its width inside. */
export interface PerceptronWidths extends Widths<number> {
  /** Width inside the perceptron of two projections. Default `outputs`. */
  readonly hidden?: number;
}

/** The layers over nodes of one type, by name. */
export const layerEntries = {
  gat: ({ inputs, outputs, ...options }: Widths & AttentionConvOptions) =>
    new GATConv(inputs, channelsOf("gat", outputs, options), options),
  gatv2: ({ inputs, outputs, ...options }: Widths & GATv2ConvOptions) =>
    new GATv2Conv(inputs, channelsOf("gatv2", outputs, options), options),
  /** `residual` is the name that models know `rootWeight` by. */
  transformer: ({
    inputs,
    outputs,
    residual,
    ...options
  }: Widths & TransformerConvOptions & { readonly residual?: boolean }) =>
    new TransformerConv(inputs, channelsOf("transformer", outputs, options), {
      ...options,
      ...(residual !== undefined && { rootWeight: residual }),
    }),
  supergat: ({ inputs, outputs, ...options }: Widths<number> & SuperGATConvOptions) =>
    new SuperGATConv(inputs, channelsOf("supergat", outputs, options), options),
  /** Any score of the registry. */
  score: (
    {
      inputs,
      outputs,
      score,
      scoreOptions,
      normalizer,
      normalizerOptions,
      ...options
    }: Widths & NamedMechanism & Omit<ScoreConvOptions, "score" | "normalizer">,
    registry: Registry,
  ) =>
    new ScoreConv(inputs, channelsOf("score", outputs, options), {
      ...options,
      score: registry.make("scores", score, scoreOptions),
      ...(normalizer !== undefined && { normalizer: registry.make("normalizers", normalizer, normalizerOptions) }),
    }),
  agnn: ({ inputs, ...options }: { readonly inputs: number } & AGNNConvOptions & Partial<ParameterOptions>) => {
    const { random: _unused, ...rest } = options;
    return new AGNNConv(inputs, rest);
  },
  fa: ({ inputs, ...options }: { readonly inputs: number } & FAConvOptions) => new FAConv(inputs, options),
  "res-gated": ({ inputs, outputs, ...options }: Widths & ResGatedGraphConvOptions) =>
    new ResGatedGraphConv(inputs, outputs, options),
  gcn: ({ inputs, outputs, ...options }: Widths<number> & GCNConvOptions) => new GCNConv(inputs, outputs, options),
  sage: ({ inputs, outputs, ...options }: Widths & SAGEConvOptions) => new SAGEConv(inputs, outputs, options),
  gin: ({
    inputs,
    outputs,
    hidden = outputs,
    random,
    ...options
  }: PerceptronWidths & GINConvOptions & ParameterOptions) =>
    new GINConv(new Perceptron([inputs, hidden, outputs], { random, engine: options.engine }), options),
  gine: ({ inputs, outputs, hidden = outputs, ...options }: PerceptronWidths & GINEConvOptions) =>
    new GINEConv(
      new Perceptron([inputs, hidden, outputs], { random: options.random, engine: options.engine }),
      options,
    ),
};

/** The width of each head. */
function channelsOf(
  layer: string,
  outputs: number,
  { heads = 1, concat = true }: { readonly heads?: number; readonly concat?: boolean },
): number {
  if (!concat || outputs % heads === 0) return concat ? outputs / heads : outputs;
  throw new OptionError(
    "heads-do-not-divide",
    `registry: got the layer "${layer}" with outputs ${outputs} and heads ${heads}; expected a multiple of heads, or concat false.`,
  );
}
