import { karateClub } from "@vicinal/datasets";
import type { LabeledGraph } from "@vicinal/example-graph-files";

/** The two people whom the club split over. */
const leaders = new Map([
  ["0", "Mr. Hi"],
  ["33", "Officer"],
]);

/**
 * Zachary's karate club: only the sides of the two leaders are known, and those of the other 32 members are held back to test the
 * predictions with.
 */
export function readKarateClub(): LabeledGraph {
  return {
    title: "Zachary's karate club",
    graph: karateClub(),
    label: "club",
    split: (node) => (leaders.has(node) ? "train" : "test"),
    nodeName: (node) => leaders.get(node) ?? node,
  };
}
