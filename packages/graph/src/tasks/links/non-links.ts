import type { Random } from "@vicinal/core";
import type { Edges } from "../../convert/edge-list.ts";
import type { LinkIndex } from "../../convert/link-index.ts";
import { drawFreePair, freePairs } from "../../sample/free-pairs.ts";

/** The share of free pairs below which they are listed: drawing until one is free would take too long. */
const rare = 1 / 8;

/** How many draws are made for each that is wanted before the free ends are listed. */
const patience = 20;

/** The pairs of different nodes without a link, to draw from: each equally likely, with replacement. */
export class NonLinks {
  readonly #index: LinkIndex;
  #listed: Edges | undefined;

  constructor(index: LinkIndex) {
    this.#index = index;
  }

  /** Draws pairs without a link; there must be one (`index.free`). Without direction the source is below the target. */
  draw(count: number, random: Random): Edges {
    const { nodes, directed, free, count: links } = this.#index;
    const sources = new Uint32Array(count);
    const targets = new Uint32Array(count);
    const list = free < rare * (free + links) ? this.#list() : undefined;
    for (let k = 0; k < count; k++) {
      if (list !== undefined) {
        const place = random.integer(list.sources.length);
        sources[k] = list.sources[place]!;
        targets[k] = list.targets[place]!;
        continue;
      }
      const [source, target] = drawFreePair(nodes, (a, b) => this.#index.has(a, b), random);
      const isTurned = !directed && source > target;
      sources[k] = isTurned ? target : source;
      targets[k] = isTurned ? source : target;
    }
    return { sources, targets };
  }

  /**
   * Draws other ends for one end of a link: nodes that the node has no link to (`"target"`), or from (`"source"`). Undefined when it is linked with
   * all others.
   */
  drawEnds(node: number, side: "source" | "target", count: number, random: Random): Uint32Array | undefined {
    const isFree = (end: number): boolean =>
      end !== node && !(side === "target" ? this.#index.has(node, end) : this.#index.has(end, node));
    const ends = new Uint32Array(count);
    let drawn = 0;
    for (let attempt = 0; attempt < patience * count && drawn < count; attempt++) {
      const end = random.integer(this.#index.nodes);
      if (isFree(end)) ends[drawn++] = end;
    }
    if (drawn === count) return ends;
    const all = Uint32Array.from({ length: this.#index.nodes }, (_, end) => end).filter(isFree);
    return all.length === 0 ? undefined : ends.map(() => all[random.integer(all.length)]!);
  }

  #list(): Edges {
    if (this.#listed === undefined) {
      const { nodes, directed } = this.#index;
      const pairs = Array.from(freePairs(nodes, (a, b) => this.#index.has(a, b), { ordered: directed }));
      this.#listed = {
        sources: Uint32Array.from(pairs, ([source]) => source),
        targets: Uint32Array.from(pairs, ([, target]) => target),
      };
    }
    return this.#listed;
  }
}
