import type { Engine, Random, Tensor } from "@vicinal/core";
import type { RelationAttention } from "../hetero/hetero-layer.ts";
import type { GraphTypes, Relation } from "../hetero/relation.ts";
import { TypedNeighborhood } from "../hetero/typed-neighborhood.ts";
import { type Edge, neighborhoodOf, numbers, reference } from "./layer-examples.ts";

/** The edges of a relation as pairs. */
export interface RelationPairs extends Relation {
  readonly pairs: readonly Edge[];
}

/** Counts of nodes by type, in an order that is not the alphabet's. */
export const nodeCounts: Readonly<Record<string, number>> = { paper: 4, venue: 2, author: 3 };

/** Widths of the features by type. */
export const typedWidths: Readonly<Record<string, number>> = { venue: 2, paper: 3, author: 4 };

/**
 * Papers cite each other, one itself and one another twice; paper 3 has no neighbor, nor has author 2; nobody edits. Two relations of one edge
 * type join different types, and two of different types the same ones.
 */
export const relations: readonly RelationPairs[] = [
  {
    source: "venue",
    type: "prints",
    target: "paper",
    pairs: [
      [0, 0],
      [1, 0],
      [1, 2],
    ],
  },
  {
    source: "paper",
    type: "cites",
    target: "paper",
    pairs: [
      [0, 1],
      [1, 1],
      [2, 0],
      [0, 1],
    ],
  },
  {
    source: "author",
    type: "writes",
    target: "paper",
    pairs: [
      [0, 0],
      [1, 0],
      [1, 2],
      [0, 1],
    ],
  },
  {
    source: "paper",
    type: "writes",
    target: "author",
    pairs: [
      [0, 0],
      [0, 1],
      [2, 1],
      [1, 0],
    ],
  },
  { source: "author", type: "edits", target: "paper", pairs: [] },
];

export const metadata: GraphTypes = {
  nodeTypes: Object.keys(nodeCounts),
  relations: relations.map(({ source, type, target }) => ({ source, type, target })),
};

/** A typed neighborhood from pairs. */
export function typedNeighborhood(
  nodes: Readonly<Record<string, number>>,
  list: readonly RelationPairs[],
): TypedNeighborhood {
  return new TypedNeighborhood({
    nodes,
    relations: list.map(({ source, type, target, pairs }) => ({
      source,
      type,
      target,
      neighborhood: neighborhoodOf(pairs, nodes[source]!, nodes[target]!),
    })),
  });
}

export const library = typedNeighborhood(nodeCounts, relations);

/** Features of every type, which depend on its name and not on the order of types. */
export function typedFeatures(
  nodes: Readonly<Record<string, number>> = nodeCounts,
  widths: Readonly<Record<string, number>> = typedWidths,
  engine: Engine = reference,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(nodes).map(([type, count]) => [type, numbers([count, widths[type]!], type.length * 7, engine)]),
  );
}

/** The entries of a record in another order. */
export function shuffledRecord<T>(record: Readonly<Record<string, T>>, random: Random): Record<string, T> {
  return Object.fromEntries(random.shuffle(Object.entries(record)));
}

/** A record of the numbers of tensors. */
export function valuesOf(tensors: Readonly<Record<string, Tensor>>): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(tensors)
      .map(([type, each]): [string, number[]] => [type, Array.from(each.dataSync())])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The sum of the weights into each node and head, by what `groupOf` says of the relation. */
export function totalsByReceiver(
  attention: readonly RelationAttention[],
  groupOf: (relation: Relation) => string,
): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { relation, neighborhood, weights } of attention) {
    const [, heads = 0] = weights.shape;
    const values = weights.dataSync();
    for (const [p, receiver] of neighborhood.receiverOf.entries()) {
      for (let h = 0; h < heads; h++) {
        const key = `${groupOf(relation)} ${receiver} ${h}`;
        totals.set(key, (totals.get(key) ?? 0) + values[p * heads + h]!);
      }
    }
  }
  return totals;
}
