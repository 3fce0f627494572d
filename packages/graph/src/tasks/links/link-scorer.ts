import { type Engine, keep, scope, type Tensor, tensor, withoutGradient } from "@vicinal/core";
import type { Edges } from "../../convert/edge-list.ts";
import type { LinkDecoder } from "./link-decoder.ts";

/** Scores pairs of nodes by embeddings that no longer change. */
export class LinkScorer {
  readonly #decoder: LinkDecoder;
  readonly #embeddings: Tensor;

  /** @param embeddings `[nodes * dimensions]`. */
  constructor(
    decoder: LinkDecoder,
    embeddings: Float32Array | Float64Array,
    nodes: number,
    engine: Engine | undefined,
  ) {
    this.#decoder = decoder;
    this.#embeddings = keep(tensor(embeddings, [nodes, embeddings.length / nodes], { engine }));
  }

  /** Numbers per pair that the decoder holds at once. */
  get widthPerPair(): number {
    return this.#decoder.score.widthPerPair;
  }

  /** The logit of a link for each pair. */
  ofPairs({ sources, targets }: Edges): ArrayLike<number> {
    return withoutGradient(() => scope(() => this.#decoder.ofPairs(this.#embeddings, sources, targets).dataSync()));
  }

  /** The logits of all links from the nodes `first` to `last - 1`, `[last - first, nodes]`. */
  ofRange(first: number, last: number): ArrayLike<number> {
    return withoutGradient(() => scope(() => this.#decoder.ofRange(this.#embeddings, first, last).dataSync()));
  }
}

/** The logistic function. */
export function probabilityOf(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
