import type { Edges } from "../../convert/edge-list.ts";
import { edgesAt } from "../../convert/link-index.ts";
import type { LinkParts } from "./link-parts.ts";
import { type LinkScorer, probabilityOf } from "./link-scorer.ts";
import { nearPairs } from "./near-pairs.ts";

/** Which pairs are candidates for links: all without one, those of them that are near each other, or a list. */
export type LinkCandidates = "all" | "near" | Edges;

/** Options of `rank`. */
export interface RankOptions {
  /**
   * `"all"` pairs of different nodes without a link; those of them that are `"near"`: with a neighbor in common or, in a directed graph, linked the
   * other way; or a list of pairs, linked or not.
   */
  readonly candidates: LinkCandidates;
  /** How many are kept. */
  readonly top: number;
  /** Whether a pair is a candidate. Called only for pairs that would be kept. Default: all are. */
  readonly accept?: ((source: number, target: number) => boolean) | undefined;
  /** Aborts the ranking: the call rejects with the signal's reason. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/** Links from the likeliest on; equally likely ones in the order of the candidates. */
export interface RankedLinks extends Edges {
  /** `[links]`: that of each. */
  readonly probabilities: Float64Array;
}

/** Numbers that are made at once. */
const blockSize = 1 << 20;

/** Time that ranking may hold the thread before others get it. */
const turnMilliseconds = 40;

/** Scores all candidates, a block at a time, and keeps the likeliest. */
export async function rankLinks(
  scorer: LinkScorer,
  parts: Pick<LinkParts, "known" | "all">,
  { candidates, top, accept = () => true, signal }: RankOptions,
): Promise<RankedLinks> {
  const best = new Strongest(top, accept);
  const blocks =
    candidates === "all"
      ? scoreAll(scorer, parts, best)
      : scoreLists(scorer, candidates === "near" ? nearPairs(parts) : blocksOf(candidates), best);
  let lastTurn = performance.now();
  for (const _block of blocks) {
    if (performance.now() - lastTurn > turnMilliseconds) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      lastTurn = performance.now();
    }
    signal?.throwIfAborted();
  }
  return best.links();
}

function* scoreAll(scorer: LinkScorer, { all }: Pick<LinkParts, "all">, best: Strongest): Generator<void> {
  const { nodes, directed } = all;
  const rows = Math.max(1, Math.floor(blockSize / (nodes * scorer.widthPerPair)));
  for (let first = 0; first < nodes; first += rows) {
    const last = Math.min(first + rows, nodes);
    const logits = scorer.ofRange(first, last);
    for (let source = first; source < last; source++) {
      for (let target = directed ? 0 : source + 1; target < nodes; target++) {
        const logit = logits[(source - first) * nodes + target]!;
        if (logit <= best.threshold || source === target || all.has(source, target)) continue;
        best.offer(logit, source, target);
      }
    }
    yield;
  }
}

function* scoreLists(scorer: LinkScorer, lists: Iterable<Edges>, best: Strongest): Generator<void> {
  for (const pairs of lists) {
    const logits = scorer.ofPairs(pairs);
    for (let k = 0; k < logits.length; k++) {
      if (logits[k]! > best.threshold) best.offer(logits[k]!, pairs.sources[k]!, pairs.targets[k]!);
    }
    yield;
  }
}

function* blocksOf(pairs: Edges): Generator<Edges> {
  const size = blockSize >> 4;
  for (let first = 0; first < pairs.sources.length; first += size) {
    const length = Math.min(size, pairs.sources.length - first);
    yield edgesAt(
      pairs,
      Uint32Array.from({ length }, (_, k) => first + k),
    );
  }
}

interface ScoredPair {
  readonly logit: number;
  readonly source: number;
  readonly target: number;
}

/** The highest scores of all that are offered: sorted and cut whenever twice as many are held. */
class Strongest {
  /** What is not above it is not kept. */
  threshold = Number.NEGATIVE_INFINITY;
  readonly #top: number;
  readonly #accept: (source: number, target: number) => boolean;
  #held: ScoredPair[] = [];

  constructor(top: number, accept: (source: number, target: number) => boolean) {
    this.#top = top;
    this.#accept = accept;
  }

  offer(logit: number, source: number, target: number): void {
    if (!this.#accept(source, target)) return;
    this.#held.push({ logit, source, target });
    if (this.#held.length >= 2 * this.#top + blockSize / 64) this.#cut();
  }

  links(): RankedLinks {
    this.#cut();
    return {
      sources: Uint32Array.from(this.#held, ({ source }) => source),
      targets: Uint32Array.from(this.#held, ({ target }) => target),
      probabilities: Float64Array.from(this.#held, ({ logit }) => probabilityOf(logit)),
    };
  }

  #cut(): void {
    // The sort is stable: equals stay in the order in which they were offered.
    this.#held = this.#held.sort((a, b) => b.logit - a.logit).slice(0, this.#top);
    if (this.#held.length === this.#top) this.threshold = this.#held.at(-1)?.logit ?? this.threshold;
  }
}
