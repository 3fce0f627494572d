import { DataError, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "../convert/check-graph.ts";
import type { AttentionByEdge, EdgeAttention } from "./edge-attention.ts";

/** Which attributes attention is written to. */
export interface AssignAttentionOptions {
  /** Gets the weight with which the target attends to the source. Default `"attention"`. */
  readonly edgeAttentionAttribute?: string;
  /** Gets the same by layer and head, `number[][]`. Default `"attentionByHead"`. */
  readonly edgeHeadsAttribute?: string;
  /** Of undirected edges, gets the weight with which the source attends to the target. Default `"reverseAttention"`. */
  readonly edgeReverseAttentionAttribute?: string;
  /** Of undirected edges, gets the same by layer and head. Default `"reverseAttentionByHead"`. */
  readonly edgeReverseHeadsAttribute?: string;
}

/** The names of {@link AssignAttentionOptions}. */
export const assignAttentionOptionNames = [
  "edgeAttentionAttribute",
  "edgeHeadsAttribute",
  "edgeReverseAttentionAttribute",
  "edgeReverseHeadsAttribute",
] as const satisfies readonly (keyof AssignAttentionOptions)[];

/**
 * Writes attention to the attributes of edges, after everything that can go wrong.
 *
 * @throws OptionError `duplicate-attribute`; DataError `not-a-graph`, `other-graph`.
 */
export function assignAttention(
  where: string,
  graph: AbstractGraph,
  attention: AttentionByEdge,
  options: AssignAttentionOptions,
): void {
  checkGraph(where, graph);
  const names = attributeNames(options);
  refuseDuplicates(where, names);
  const attributes = attentionAttributes(where, graph, attention, names);
  graph.updateEachEdgeAttributes((edge, before) => ({ ...before, ...attributes.get(edge) }), { attributes: names });
}

/** The names that attention is written to: of the weight and of those by head, and the same of the other direction. */
export function attributeNames(options: AssignAttentionOptions): [string, string, string, string] {
  return [
    options.edgeAttentionAttribute ?? "attention",
    options.edgeHeadsAttribute ?? "attentionByHead",
    options.edgeReverseAttentionAttribute ?? "reverseAttention",
    options.edgeReverseHeadsAttribute ?? "reverseAttentionByHead",
  ];
}

/** @throws OptionError `duplicate-attribute`. */
export function refuseDuplicates(where: string, names: readonly string[]): void {
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice === undefined) return;
  throw new OptionError(
    "duplicate-attribute",
    `${where}: got the attribute "${twice}" for two values of an edge; expected different attributes.`,
  );
}

/**
 * What is to be written to each edge.
 *
 * @throws DataError `other-graph` for a graph that lacks an edge, or has it between other nodes.
 */
export function attentionAttributes(
  where: string,
  graph: AbstractGraph,
  { edges, loops }: AttentionByEdge,
  [weight, heads, reverseWeight, reverseHeads]: readonly [string, string, string, string],
): Map<string, Readonly<Record<string, unknown>>> {
  const attributes = new Map<string, Readonly<Record<string, unknown>>>();
  const write = (edge: string, there: EdgeAttention, back?: EdgeAttention): void => {
    checkEdge(where, graph, edge, there);
    attributes.set(edge, {
      [weight]: there.weight,
      [heads]: there.layers,
      ...(back && { [reverseWeight]: back.weight, [reverseHeads]: back.layers }),
    });
  };
  for (const [edge, [there, back]] of Object.entries(edges)) if (there !== undefined) write(edge, there, back);
  for (const entry of Object.values(loops).flat()) if (entry.edge !== undefined) write(entry.edge, entry);
  return attributes;
}

function checkEdge(where: string, graph: AbstractGraph, edge: string, { source, target }: EdgeAttention): void {
  if (graph.hasEdge(edge) && graph.source(edge) === source && graph.target(edge) === target) return;
  throw new DataError(
    "other-graph",
    `${where}: got a graph without the edge "${edge}" from "${source}" to "${target}"; expected the graph that was attended over. ` +
      "Convert the graph and run the model again if it has changed.",
  );
}
