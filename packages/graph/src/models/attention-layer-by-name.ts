import {
  type ArgumentsOf,
  type NameOf,
  nameIn,
  OptionError,
  type ParameterOptions,
  PluginError,
  type PluginName,
  type Registry,
  type TypedRegistry,
} from "@vicinal/core";
import { GATConv } from "../layers/gat.ts";
import { GATv2Conv } from "../layers/gatv2.ts";
import type { AttentionLayer } from "../layers/graph-layer.ts";
import { TransformerConv } from "../layers/transformer.ts";

/** The attention layers that models can be made of without a registry. */
export type AttentionLayerName = "gat" | "gatv2" | "transformer";

const builtInNames: readonly AttentionLayerName[] = ["gat", "gatv2", "transformer"];

/** The name of a layer: one of those built in, or one that a registry has, as {@link namedLayer} and `nameIn` of core give it. */
export type LayerName = AttentionLayerName | PluginName<"layers">;

/** Which layer attends, as options of a task say it: a name that nobody knows does not compile where no registry is given. */
export type TaskLayer =
  | {
      /** The layer that attends: one of those built in. */
      readonly layer?: AttentionLayerName;
      /** More options of a layer of the registry. */
      readonly layerOptions?: undefined;
      /** Where the name of the layer is looked up first. Default: those built in are known. */
      readonly registry?: undefined;
    }
  | {
      /** The layer that attends: one that `registry` has, or one of those built in. */
      readonly layer?: LayerName;
      /** More options of a layer of the registry, which JSON can say. */
      readonly layerOptions?: Readonly<Record<string, unknown>>;
      /** Where the name of the layer is looked up first. */
      readonly registry: Registry;
    };

/** A layer of a registry with its options, as options of models and tasks. */
export interface NamedLayer {
  /** The name of a layer of the registry. */
  readonly layer: PluginName<"layers">;
  /** Its options. */
  readonly layerOptions: Readonly<Record<string, unknown>>;
  /** Where it is. */
  readonly registry: Registry;
}

/** {@link Omit} from each member of a union. */
type OmitFromEach<Of, Names extends PropertyKey> = Of extends unknown ? Omit<Of, Names> : never;

/** The options of a layer that a model does not give it. */
export type OwnLayerOptions<Of, Name extends NameOf<Of, "layers">> =
  ArgumentsOf<Of, "layers", Name> extends [options?: infer Options]
    ? OmitFromEach<NonNullable<Options>, keyof ModelLayerOptions>
    : never;

/**
 * A layer of a plug-in for a model or a task, by its name and the options of its own: both are checked and completed where the program is written.
 *
 * ```ts
 * await labelNodes(graph, { ...namedLayer(registry, "egat", { negativeSlope: 0.1 }), epochs: 100 });
 * const model = new GAT(16, 3, { ...namedLayer(registry, "egat"), random });
 * ```
 *
 * @param layerOptions What the model itself says, such as widths and heads, is not among them.
 * @throws PluginError `unknown-name`.
 */
export function namedLayer<Of, Name extends NameOf<Of, "layers">>(
  registry: TypedRegistry<Of>,
  layer: Name,
  ...layerOptions: Record<never, never> extends OwnLayerOptions<Of, Name>
    ? [layerOptions?: OwnLayerOptions<Of, Name>]
    : [layerOptions: OwnLayerOptions<Of, Name>]
): NamedLayer {
  return { layer: nameIn(registry, "layers", layer), layerOptions: { ...layerOptions[0] }, registry };
}

/** What a model asks of a layer: the options that a layer of a plug-in takes to be used by models. What it cannot do it refuses. */
export interface ModelLayerOptions extends ParameterOptions {
  /** Width of the features of nodes. */
  readonly inputs: number;
  /** Width of the output. With `concat` a multiple of `heads`. */
  readonly outputs: number;
  /** Count of heads. */
  readonly heads: number;
  /** Whether the heads' outputs are put side by side, `outputs / heads` wide each; else averaged, each as wide as `outputs`. */
  readonly concat: boolean;
  /** Probability with which a weight is dropped while training. */
  readonly dropout: number;
  /** Width of the edge features. Default: none are read. */
  readonly edgeDim?: number;
  /** Whether the layer adds a linear projection of its input. */
  readonly residual: boolean;
}

/** Makes a layer of a model. */
export type LayerFactory = (options: ModelLayerOptions) => AttentionLayer;

/** Which layer a model is made of. */
export interface LayerChoice {
  /** A name, or a function that makes one, with which a model cannot be saved. */
  readonly layer: LayerName | LayerFactory;
  /** More options of a layer of the registry. */
  readonly layerOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Where names are looked up first. */
  readonly registry?: Registry | undefined;
}

/**
 * A layer of a model.
 *
 * @throws OptionError `out-of-range` for a name that there is not, `does-not-apply` for `layerOptions` of a layer that is not the registry's; PluginError
 * `wrong-result` for a layer of another width, or without attention.
 */
export function makeLayer(where: string, choice: LayerChoice, options: ModelLayerOptions): AttentionLayer {
  const { layer, layerOptions, registry } = choice;
  if (typeof layer === "function") return checkLayer(where, "the function", layer(options), options);
  if (registry?.has("layers", layer)) {
    const made = registry.make("layers", layer, { ...layerOptions, ...options });
    const what = `layers["${layer}"] of the plug-in "${registry.pluginOf("layers", layer)?.name}"`;
    return checkLayer(where, what, made, options);
  }
  if (!isBuiltIn(layer)) throw unknownLayer(where, layer, registry);
  if (layerOptions !== undefined && Object.keys(layerOptions).length > 0) {
    throw new OptionError(
      "does-not-apply",
      `${where}: got layerOptions for the layer ${JSON.stringify(layer)}; expected none, or a registry that has the layer.`,
    );
  }
  return builtInLayer(layer, options);
}

function isBuiltIn(name: LayerName): name is AttentionLayerName {
  return builtInNames.some((known) => known === name);
}

function unknownLayer(where: string, layer: LayerName, registry: Registry | undefined): OptionError {
  const known = [...new Set([...builtInNames, ...(registry?.names("layers") ?? [])])].map((name) => `"${name}"`);
  return new OptionError(
    "out-of-range",
    `${where}: got the layer ${JSON.stringify(layer)}; expected ${known.slice(0, -1).join(", ")} or ${known.at(-1)}` +
      `${registry === undefined ? ", or a registry with the plug-in that has it" : ""}.`,
  );
}

function builtInLayer(
  layer: AttentionLayerName,
  { inputs, outputs, residual, ...options }: ModelLayerOptions,
): AttentionLayer {
  const channels = options.concat ? outputs / options.heads : outputs;
  switch (layer) {
    case "gat":
      return new GATConv(inputs, channels, { ...options, residual });
    case "gatv2":
      return new GATv2Conv(inputs, channels, { ...options, residual });
    case "transformer":
      return new TransformerConv(inputs, channels, { ...options, rootWeight: residual });
  }
}

/** @throws PluginError `wrong-result`. */
function checkLayer(where: string, what: string, made: object, { outputs }: ModelLayerOptions): AttentionLayer {
  if (!isAttentionLayer(made)) {
    throw new PluginError(
      "wrong-result",
      `${where}: ${what} made a layer without attention; expected forward and detailed, as of AttentionLayer.`,
    );
  }
  if (made.outputs === outputs) return made;
  throw new PluginError(
    "wrong-result",
    `${where}: ${what} made a layer of ${made.outputs} outputs; expected ${outputs}, as it was asked for.`,
  );
}

function isAttentionLayer(made: object): made is AttentionLayer {
  return "outputs" in made && "forward" in made && "detailed" in made && typeof made.detailed === "function";
}
