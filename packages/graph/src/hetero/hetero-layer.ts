import {
  checkCounts,
  DataError,
  type Module,
  OptionError,
  type SparseNeighborhood,
  type Tensor,
  type Training,
} from "@vicinal/core";
import type { NodeFeatureTensor } from "../layers/graph-layer.ts";
import { expectMatrix } from "../layers/layer-input.ts";
import { type GraphTypes, listed, type Relation, relationKey, relationText } from "./relation.ts";
import type { TypedNeighborhood } from "./typed-neighborhood.ts";

/** Features of the nodes of each type, `[nodes, width]`, dense or sparse. */
export type FeaturesByType = Readonly<Record<string, NodeFeatureTensor>>;

/** What a layer computes for the nodes of each type, `[nodes, outputs]`. A type at which no relation arrives has no entry. */
export type OutputsByType = Readonly<Record<string, Tensor>>;

/** What a layer over a heterogeneous graph may read beside the nodes. */
export interface TypedLayerContext {
  /** Present while training: dropout draws from it. */
  readonly training?: Training | undefined;
}

/** A layer that turns the features of the nodes of each type into others by looking at neighbors of all types. */
export interface TypedGraphLayer extends Module {
  /** Width of the output. */
  readonly outputs: number;
  /** From `[nodes, width of the type]` to `[nodes, outputs]`, for each type at which a relation arrives. */
  forward(x: FeaturesByType, graph: TypedNeighborhood, context?: TypedLayerContext): OutputsByType;
}

/** The attention of a layer along the edges of one relation. */
export interface RelationAttention {
  /** Between which types, and of which. */
  readonly relation: Relation;
  /** The edges attended over, between the nodes of the relation's two types. */
  readonly neighborhood: SparseNeighborhood;
  /** `[edges, heads]` in the order of `neighborhood`'s positions, before dropout. */
  readonly weights: Tensor;
}

/**
 * The width of each node type's features: one for all, or by type.
 *
 * @throws OptionError `missing-input` for a type without a width, `unknown-type` for the width of a type that is not there, `out-of-range` for one that
 * is not a whole number above 0.
 */
export function typedWidths(
  name: string,
  inputs: number | Readonly<Record<string, number>>,
  nodeTypes: readonly string[],
): readonly number[] {
  if (typeof inputs === "number") {
    checkCounts(name, { inputs });
    return nodeTypes.map(() => inputs);
  }
  refuseUnknown(name, "the width", Object.keys(inputs), nodeTypes);
  return nodeTypes.map((type) => {
    const width = Object.hasOwn(inputs, type) ? inputs[type] : undefined;
    if (width !== undefined) {
      checkCounts(name, { inputs: width });
      return width;
    }
    throw new OptionError(
      "missing-input",
      `${name}: got no width for the node type "${type}"; expected one for each of ${listed(nodeTypes)}.`,
    );
  });
}

/**
 * The features of a graph's nodes in the order of its node types, after a look at whether layer, graph and features fit each other.
 *
 * @param widths The width of each of the layer's node types.
 * @throws DataError `unknown-type` for a node type or relation that the layer was not made for; OptionError `missing-input` for a node type
 * without features, `unknown-type` for features of a type that the graph does not have; ShapeError `shapes-differ`.
 */
export function checkedFeatures(
  name: string,
  x: FeaturesByType,
  graph: TypedNeighborhood,
  { nodeTypes, relations }: GraphTypes,
  widths: readonly number[],
): ReadonlyMap<string, NodeFeatureTensor> {
  for (const type of graph.nodeTypes) {
    if (nodeTypes.includes(type)) continue;
    throw new DataError(
      "unknown-type",
      `${name}: got a graph with the node type "${type}"; expected some of ${listed(nodeTypes)}, which the layer was made for.`,
    );
  }
  const known = new Set(relations.map(relationKey));
  for (const relation of graph.relations) {
    if (known.has(relationKey(relation))) continue;
    throw new DataError(
      "unknown-type",
      `${name}: got a graph with the relation ${relationText(relation)}; expected some of ${relations.map(relationText).join(", ")}, which the ` +
        "layer was made for.",
    );
  }
  refuseUnknown(name, "features", Object.keys(x), graph.nodeTypes);
  return new Map(
    graph.nodeTypes.map((type) => {
      const features = Object.hasOwn(x, type) ? x[type] : undefined;
      if (features === undefined) {
        throw new OptionError(
          "missing-input",
          `${name}: got no features for the node type "${type}"; expected some for each of ${listed(graph.nodeTypes)}.`,
        );
      }
      const width = widths[nodeTypes.indexOf(type)]!;
      expectMatrix(name, `features of the type "${type}"`, features, graph.nodeCount(type), width);
      return [type, features];
    }),
  );
}

function refuseUnknown(name: string, what: string, given: readonly string[], known: readonly string[]): void {
  for (const type of given) {
    if (known.includes(type)) continue;
    throw new OptionError(
      "unknown-type",
      `${name}: got ${what} of the node type "${type}"; expected some of ${listed(known)}.`,
    );
  }
}
