import type { SparseNeighborhood } from "@vicinal/core";
import type { RelationAttention } from "../hetero/hetero-layer.ts";
import type { Relation } from "../hetero/relation.ts";
import type { TypedNeighborhood } from "../hetero/typed-neighborhood.ts";
import type { LayerAttention } from "./graph-layer.ts";

/** The attention of a layer, with what the layer was asked about. */
export interface ReportedAttention extends LayerAttention {
  /** The neighborhood that the layer was called with: `edgeOf` numbers the edges of its list. */
  readonly given: SparseNeighborhood;
  /** Of a layer over a heterogeneous graph, the relation whose edges `given` has. */
  readonly relation?: Relation | undefined;
}

/** What a recording asks for. */
export interface AttentionWanted {
  /** The neighborhood whose layers are asked; undefined for any. Layers over another, such as those of a read-out, do not make weights. */
  readonly over?: SparseNeighborhood | undefined;
  /** Whether layers that attend to all nodes of a graph are asked too. */
  readonly global?: boolean | undefined;
}

/** Where layers report to. Not a part of their context, so that models that make contexts of their own are heard too. */
let recording: { readonly wanted: AttentionWanted; readonly reported: ReportedAttention[] } | undefined;

/** Runs `body`, and collects the attention of every layer that was called in it, in the order of the calls. */
export function collectAttention<T>(
  wanted: AttentionWanted,
  body: () => T,
): { readonly result: T; readonly attention: readonly ReportedAttention[] } {
  const before = recording;
  const reported: ReportedAttention[] = [];
  recording = { wanted, reported };
  try {
    return { result: body(), attention: reported };
  } finally {
    recording = before;
  }
}

/**
 * Whether a layer that attends along the edges of `given` should make its weights and {@link reportAttention} them. Otherwise `forward` is free to
 * compute without. A layer of your own asks this in its `forward`.
 */
export function isAttentionWanted(given: SparseNeighborhood): boolean {
  return recording !== undefined && (recording.wanted.over ?? given) === given;
}

/** Whether a layer that attends to all nodes of a graph should make its weights and {@link reportAttention} them. */
export function isGlobalAttentionWanted(given: SparseNeighborhood): boolean {
  return recording?.wanted.global === true && isAttentionWanted(given);
}

/**
 * Hands the attention of a layer to whoever records, if anyone does: what a layer of your own calls once in each `detailed`.
 *
 * @param given The neighborhood that the layer was called with.
 */
export function reportAttention(given: SparseNeighborhood, attention: LayerAttention): void {
  if (isAttentionWanted(given)) recording?.reported.push({ ...attention, given });
}

/** {@link isAttentionWanted} of a layer that attends along the edges of relations: whether that of any of them is wanted. */
export function isTypedAttentionWanted({ relations }: TypedNeighborhood): boolean {
  return recording !== undefined && relations.some(({ neighborhood }) => isAttentionWanted(neighborhood));
}

/** {@link reportAttention} along each relation that has edges. */
export function reportRelationAttention(attention: readonly RelationAttention[]): void {
  for (const { relation, neighborhood, weights } of attention) {
    if (!isAttentionWanted(neighborhood)) continue;
    const edgeOf = Int32Array.from(neighborhood.edgeOf);
    recording?.reported.push({ given: neighborhood, relation, neighborhood, edgeOf, weights });
  }
}

/** {@link reportAttention} of a layer that attends to all nodes of a graph: no pair stands for an edge. */
export function reportGlobalAttention(given: SparseNeighborhood, attention: Omit<LayerAttention, "edgeOf">): void {
  if (!isGlobalAttentionWanted(given)) return;
  reportAttention(given, { ...attention, edgeOf: new Int32Array(attention.neighborhood.edges).fill(-1) });
}
