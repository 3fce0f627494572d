import type { Edges } from "../../convert/edge-list.ts";
import type { LinkParts } from "./link-parts.ts";
import { messagesOf } from "./link-training.ts";

/** Pairs that are made at once. */
const chunk = 1 << 16;

/**
 * Pairs without a link that are near each other: that have a neighbor in common or, where links have a direction, are linked the other way. Only
 * links that are no test links make neighbors.
 */
export function* nearPairs({ known, all }: Pick<LinkParts, "known" | "all">): Generator<Edges> {
  const { offsets, senderOf } = messagesOf(known);
  const seenBy = new Int32Array(all.nodes).fill(-1);
  let sources: number[] = [];
  let targets: number[] = [];
  for (let source = 0; source < all.nodes; source++) {
    const meet = (target: number): void => {
      if (seenBy[target] === source || target === source) return;
      seenBy[target] = source;
      if ((!all.directed && target < source) || all.has(source, target)) return;
      sources.push(source);
      targets.push(target);
    };
    for (let p = offsets[source]!; p < offsets[source + 1]!; p++) {
      const neighbor = senderOf[p]!;
      meet(neighbor);
      for (let q = offsets[neighbor]!; q < offsets[neighbor + 1]!; q++) meet(senderOf[q]!);
    }
    if (sources.length < chunk) continue;
    yield { sources: Uint32Array.from(sources), targets: Uint32Array.from(targets) };
    sources = [];
    targets = [];
  }
  if (sources.length > 0) yield { sources: Uint32Array.from(sources), targets: Uint32Array.from(targets) };
}
