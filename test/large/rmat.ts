import { Random } from "@vicinal/core";

/** The ends of directed edges: edge `e` runs from `sources[e]` to `targets[e]`. */
export interface EdgeArrays {
  readonly sources: Uint32Array;
  readonly targets: Uint32Array;
}

/** Where an edge falls in a quarter of the adjacency matrix, cut again and again: the probabilities of the Graph500 benchmark. */
const quarters = { a: 0.57, b: 0.19, c: 0.19 } as const;

const cumulative = [quarters.a, quarters.a + quarters.b, quarters.a + quarters.b + quarters.c].map(
  (probability) => probability * 2 ** 32,
);

/**
 * A random graph with few hubs and many nodes of low degree: R-MAT (Chakrabarti, Zhan and Faloutsos, SDM 2004). Edges that fall outside of
 * `nodes` are drawn again; nodes are numbered in random order, so that a number says nothing about a degree. Repeated edges and self-loops
 * occur, and some nodes have no edge.
 */
export function rmatEdges(nodes: number, edges: number, seed: number): EdgeArrays {
  const random = new Random(seed);
  const [a = 0, ab = 0, abc = 0] = cumulative;
  const numbers = random.shuffle(Uint32Array.from({ length: nodes }, (_, i) => i));
  const levels = Math.ceil(Math.log2(nodes));
  const sources = new Uint32Array(edges);
  const targets = new Uint32Array(edges);
  for (let e = 0; e < edges; ) {
    let source = 0;
    let target = 0;
    for (let level = 0; level < levels; level++) {
      const draw = random.bits();
      source = 2 * source + (draw >= ab ? 1 : 0);
      target = 2 * target + ((draw >= a && draw < ab) || draw >= abc ? 1 : 0);
    }
    if (source >= nodes || target >= nodes) continue;
    sources[e] = numbers[source]!;
    targets[e++] = numbers[target]!;
  }
  return { sources, targets };
}
