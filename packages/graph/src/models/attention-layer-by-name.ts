import { OptionError, type ParameterOptions } from "@vicinal/core";
import { GATConv } from "../layers/gat.ts";
import { GATv2Conv } from "../layers/gatv2.ts";
import type { MultiHeadConv } from "../layers/multi-head-conv.ts";
import { TransformerConv } from "../layers/transformer.ts";

/** The attention layers that models can be made of. */
export type AttentionLayerName = "gat" | "gatv2" | "transformer";

/** Options that all layers of {@link makeLayer} have. */
export interface NamedLayerOptions extends ParameterOptions {
  readonly heads: number;
  readonly concat?: boolean;
  readonly dropout: number;
  readonly edgeDim?: number;
  /** Whether the layer adds a linear projection of its input. */
  readonly residual: boolean;
}

/** @throws OptionError `out-of-range` for another name. */
export function makeLayer(
  where: string,
  layer: AttentionLayerName,
  inputs: number,
  channels: number,
  { residual, ...shared }: NamedLayerOptions,
): MultiHeadConv {
  switch (layer) {
    case "gat":
      return new GATConv(inputs, channels, { ...shared, residual });
    case "gatv2":
      return new GATv2Conv(inputs, channels, { ...shared, residual });
    case "transformer":
      return new TransformerConv(inputs, channels, { ...shared, rootWeight: residual });
    default:
      throw new OptionError(
        "out-of-range",
        `${where}: got the layer ${JSON.stringify(layer)}; expected "gat", "gatv2" or "transformer".`,
      );
  }
}
