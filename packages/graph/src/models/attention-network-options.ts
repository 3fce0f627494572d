import type { ParameterOptions, Registry } from "@vicinal/core";

/** What the options of all networks of attention layers have in common. Which layer attends, how often and how wide, each network says for itself. */
export interface AttentionNetworkOptions extends ParameterOptions {
  /** More options of a layer of the registry. Default: none. */
  readonly layerOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Where the names of layers, and of read-outs where there are any, are looked up first. Default: those built in are known. */
  readonly registry?: Registry | undefined;
  /** Width of the nodes between layers, all heads together: a multiple of `heads`. Default 64. */
  readonly hidden?: number;
  /** Width of the features of edges. Default: none are read. */
  readonly edgeDim?: number;
  /** Probability with which attention weights are dropped while training. Default 0. */
  readonly attentionDropout?: number;
}

/** The names of {@link AttentionNetworkOptions}, and of what each network says for itself. */
export const attentionNetworkOptionNames: readonly string[] = [
  "random",
  "engine",
  "layer",
  "layerOptions",
  "registry",
  "layers",
  "heads",
  "hidden",
  "dropout",
  "attentionDropout",
  "edgeDim",
];
