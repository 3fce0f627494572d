import {
  checkCounts,
  checkOptionNames,
  Dropout,
  Linear,
  Module,
  OptionError,
  type ParameterOptions,
  recordArchitecture,
  relu,
  type Tensor,
} from "@vicinal/core";
import {
  checkedFeatures,
  type FeaturesByType,
  type OutputsByType,
  type RelationAttention,
  type TypedLayerContext,
  typedWidths,
} from "../hetero/hetero-layer.ts";
import { type GraphTypes, listed, orderedTypes, type Relation } from "../hetero/relation.ts";
import type { TypedNeighborhood } from "../hetero/typed-neighborhood.ts";
import { checkDropout } from "../layers/check-options.ts";
import { HGTConv } from "../layers/hgt.ts";
import { graphIdentity } from "../plugin/graph-identity.ts";

/** Options of {@link HGT}. */
export interface HGTOptions extends ParameterOptions {
  /** The node types and relations that the model learns parameters for, in any order: those of a `TypedNeighborhood`, or of several. */
  readonly metadata: GraphTypes;
  /** The node types that answers are wanted for, in any order. Default: all. */
  readonly outputTypes?: readonly string[];
  /** Count of layers: how many steps away a node can look. Default 2. */
  readonly layers?: number;
  /** Heads of each layer, put side by side; divides `hidden`. Default 4. */
  readonly heads?: number;
  /** Width of the nodes of every type inside. Default 64. */
  readonly hidden?: number;
  /** Probability with which numbers that a layer or the output reads are dropped while training. Default 0. */
  readonly dropout?: number;
}

const optionNames = ["random", "engine", "metadata", "outputTypes", "layers", "heads", "hidden", "dropout"];

/**
 * The heterogeneous graph transformer (Hu, Dong, Wang and Sun, "Heterogeneous Graph Transformer", WWW 2020): a projection of each node type's features
 * to one width, layers of attention over all relations, and a projection to the outputs for each type that answers are wanted for,
 *
 *     x_t   = relu(W_t features_t + b_t);   x = HGTConv(x) for each layer;   out_t = V_t x_t + c_t
 *
 * as in PyTorch Geometric's example `hgt_dblp.py`. A type at which no relation arrives keeps what it is, so that the next layer can look at it, where
 * PyTorch Geometric loses it. The order in which types are named makes no difference.
 *
 * @throws OptionError `unknown-option`, `out-of-range`, `heads-do-not-divide`, `missing-input` or `unknown-type` for widths or `outputTypes` that do not
 * agree with the metadata; DataError `duplicate-type` or `unknown-type`. `forward` throws what HGTConv throws.
 */
export class HGT extends Module {
  /** Width of the output. */
  readonly outputs: number;
  /** Sorted. */
  readonly nodeTypes: readonly string[];
  /** Sorted by source, type and target. */
  readonly relations: readonly Relation[];
  /** The node types that get answers. Sorted. */
  readonly outputTypes: readonly string[];
  /** For each of `nodeTypes`, from its features to `hidden`. */
  readonly inputLinears: readonly Linear[];
  /** In the order in which they are applied. */
  readonly layers: readonly HGTConv[];
  /** For each of `outputTypes`, from `hidden` to `outputs`. */
  readonly outputLinears: readonly Linear[];
  /** Before each of `layers` and before the output. */
  readonly dropout: Dropout;
  readonly #widths: readonly number[];

  /** @param inputs Width of the features, one for all node types or by type. */
  constructor(inputs: number | Readonly<Record<string, number>>, outputs: number, options: HGTOptions) {
    super();
    checkOptionNames("HGT", options, optionNames);
    const { random, engine, layers = 2, heads = 4, hidden = 64, dropout = 0 } = options;
    const { nodeTypes, relations } = orderedTypes("HGT", options.metadata);
    const widths = typedWidths("HGT", inputs, nodeTypes);
    checkCounts("HGT", { outputs, layers, heads, hidden });
    checkDropout("HGT", dropout);
    const { outputTypes = nodeTypes } = options;
    checkOutputTypes(outputTypes, nodeTypes);
    this.outputs = outputs;
    this.nodeTypes = nodeTypes;
    this.relations = relations;
    this.outputTypes = nodeTypes.filter((type) => outputTypes.includes(type));
    const metadata = { nodeTypes, relations };
    this.inputLinears = widths.map((width) => new Linear(width, hidden, { random, engine }));
    this.layers = Array.from(
      { length: layers },
      () => new HGTConv(hidden, hidden, { random, engine, metadata, heads }),
    );
    this.outputLinears = this.outputTypes.map(() => new Linear(hidden, outputs, { random, engine }));
    this.dropout = new Dropout(dropout);
    this.#widths = widths;
    recordArchitecture(this, HGT, graphIdentity, "hgt", { inputs, outputs, ...options });
  }

  /** From `[nodes, inputs]` of each type to `[nodes, outputs]` of each of `outputTypes` that the graph has. */
  forward(x: FeaturesByType, graph: TypedNeighborhood, context: TypedLayerContext = {}): OutputsByType {
    let nodes = this.#enter(x, graph);
    for (const layer of this.layers) nodes = { ...nodes, ...layer.forward(this.#dropped(nodes, context), graph) };
    return this.#leave(nodes, context);
  }

  /** {@link forward}, with the attention of the last layer along each relation that has edges. */
  detailed(
    x: FeaturesByType,
    graph: TypedNeighborhood,
    context: TypedLayerContext = {},
  ): { readonly output: OutputsByType; readonly attention: readonly RelationAttention[] } {
    let nodes = this.#enter(x, graph);
    for (const layer of this.layers.slice(0, -1)) {
      nodes = { ...nodes, ...layer.forward(this.#dropped(nodes, context), graph) };
    }
    const last = this.layers[this.layers.length - 1]!.detailed(this.#dropped(nodes, context), graph);
    return { output: this.#leave({ ...nodes, ...last.output }, context), attention: last.attention };
  }

  #enter(x: FeaturesByType, graph: TypedNeighborhood): OutputsByType {
    const features = checkedFeatures("HGT", x, graph, this, this.#widths);
    const enter = (type: string): Tensor =>
      relu(this.inputLinears[this.nodeTypes.indexOf(type)]!.forward(features.get(type)!));
    return Object.fromEntries(graph.nodeTypes.map((type) => [type, enter(type)]));
  }

  #leave(nodes: OutputsByType, context: TypedLayerContext): OutputsByType {
    const answers = this.outputTypes.flatMap((type, k): [type: string, output: Tensor][] => {
      if (!Object.hasOwn(nodes, type)) return [];
      return [[type, this.outputLinears[k]!.forward(this.dropout.forward(nodes[type]!, context))]];
    });
    return Object.fromEntries(answers);
  }

  #dropped(nodes: OutputsByType, context: TypedLayerContext): OutputsByType {
    // By name, because seeds are drawn one after the other.
    const types = this.nodeTypes.filter((type) => Object.hasOwn(nodes, type));
    return Object.fromEntries(types.map((type) => [type, this.dropout.forward(nodes[type]!, context)]));
  }
}

function checkOutputTypes(outputTypes: readonly string[], nodeTypes: readonly string[]): void {
  if (outputTypes.length === 0) {
    throw new OptionError(
      "out-of-range",
      `HGT: got no outputTypes; expected one or more of ${listed(nodeTypes)}, or leave the option out for all.`,
    );
  }
  for (const type of outputTypes) {
    if (nodeTypes.includes(type)) continue;
    throw new OptionError("unknown-type", `HGT: got the output type "${type}"; expected some of ${listed(nodeTypes)}.`);
  }
}
