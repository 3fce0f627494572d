import { Random } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";

/** Probability with which the walk goes back to where it started. */
const RETURN = 0.15;

/**
 * At most `count` nodes of a graph that show what its neighborhoods look like: those that a random walk comes by, which goes back to its
 * start now and then and moves on to another start when it finds nothing new. A graph that is small enough is taken as it is.
 *
 * Source: random walk sampling, in Leskovec and Faloutsos, Sampling from Large Graphs, KDD 2006.
 */
export function sampleNodes(graph: AbstractGraph, count: number, seed: number): string[] {
  const nodes = graph.nodes();
  if (nodes.length <= count) return nodes;
  const random = new Random(seed);
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)]!;

  const found = new Set<string>();
  let start = pick(nodes);
  let here = start;
  let stepsWithoutNews = 0;
  while (found.size < count) {
    const size = found.size;
    found.add(here);
    stepsWithoutNews = found.size > size ? 0 : stepsWithoutNews + 1;
    if (stepsWithoutNews > 100) {
      start = pick(nodes);
      here = start;
      stepsWithoutNews = 0;
      continue;
    }
    const neighbors = graph.neighbors(here);
    here = neighbors.length === 0 || random.uniform() < RETURN ? start : pick(neighbors);
  }
  return nodes.filter((node) => found.has(node));
}
