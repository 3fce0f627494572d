import { checkCounts, checkOptionNames, Module, type ParameterOptions, reshape, type Tensor } from "@vicinal/core";
import {
  checkedFeatures,
  type FeaturesByType,
  type OutputsByType,
  type TypedGraphLayer,
  type TypedLayerContext,
  typedWidths,
} from "../hetero/hetero-layer.ts";
import { type GraphTypes, orderedTypes, type Relation } from "../hetero/relation.ts";
import type { TypedNeighborhood } from "../hetero/typed-neighborhood.ts";
import { checkHeads } from "./check-options.ts";
import type { NodeFeatureTensor } from "./graph-layer.ts";

/** Options of every layer over a heterogeneous graph whose heads attend side by side; names and defaults are PyTorch Geometric's. */
export interface TypedMultiHeadConvOptions extends ParameterOptions {
  /** The node types and relations that the layer learns parameters for, in any order: those of a `TypedNeighborhood`, or of several. */
  readonly metadata: GraphTypes;
  /** Count of heads that attend side by side; divides `outputs`. Default 1. */
  readonly heads?: number;
}

/**
 * What the layers over heterogeneous graphs with attention heads share: which types they were made for, how wide, and that a graph and its features
 * fit. Parameters are listed by sorted types, so that the answer does not depend on the order in which types are named anywhere.
 */
export abstract class TypedMultiHeadConv extends Module implements TypedGraphLayer {
  readonly outputs: number;
  /** Count of heads that attend side by side. */
  readonly heads: number;
  /** Sorted. */
  readonly nodeTypes: readonly string[];
  /** Sorted by source, type and target. */
  readonly relations: readonly Relation[];
  /** Width of the features of each of `nodeTypes`. */
  protected readonly widths: readonly number[];
  readonly #name: string;

  /**
   * @param inputs Width of the features, one for all node types or by type.
   * @throws OptionError `unknown-option`, `out-of-range`, `heads-do-not-divide`, `missing-input` or `unknown-type` for widths that do not fit the types;
   * DataError `duplicate-type` or `unknown-type`.
   */
  protected constructor(
    name: string,
    inputs: number | Readonly<Record<string, number>>,
    outputs: number,
    options: TypedMultiHeadConvOptions,
    moreOptions: readonly string[] = [],
  ) {
    super();
    checkOptionNames(name, options, ["random", "engine", "metadata", "heads", ...moreOptions]);
    const { metadata, heads = 1 } = options;
    const { nodeTypes, relations } = orderedTypes(name, metadata);
    const widths = typedWidths(name, inputs, nodeTypes);
    checkCounts(name, { outputs, heads });
    checkHeads(name, "outputs", outputs, heads);
    this.outputs = outputs;
    this.heads = heads;
    this.nodeTypes = nodeTypes;
    this.relations = relations;
    this.widths = widths;
    this.#name = name;
  }

  abstract forward(x: FeaturesByType, graph: TypedNeighborhood, context?: TypedLayerContext): OutputsByType;

  /**
   * The features of a graph's nodes, `[nodes, width of the type]`, in the order of its node types.
   *
   * @throws DataError `unknown-type` for a graph with types that the layer was not made for; OptionError `missing-input` for a node type without
   * features, `unknown-type` for features of a type that is not there; ShapeError `shapes-differ`.
   */
  protected checked(x: FeaturesByType, graph: TypedNeighborhood): ReadonlyMap<string, NodeFeatureTensor> {
    return checkedFeatures(this.#name, x, graph, this, this.widths);
  }

  /** `[nodes, outputs]` to `[nodes, heads, outputs / heads]`. */
  protected split(x: Tensor): Tensor {
    return reshape(x, [x.shape[0] ?? 0, this.heads, this.outputs / this.heads]);
  }
}
