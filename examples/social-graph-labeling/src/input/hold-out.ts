import { Random } from "@vicinal/core";
import type { SplitPart } from "@vicinal/graph";

/** With fewer labels than this, all of them are needed to learn from. */
const FEWEST_LABELS = 50;
/** The share of each class that is held out. */
const SHARE = 0.2;

/**
 * Holds out a share of the known labels, as `labelNodes` would by itself. It is done here so that the baselines can be compared on the
 * very same nodes.
 *
 * @param labels Label of each labelled node.
 * @returns The part of each labelled node; undefined if there are too few labels to hold any out.
 */
export function holdOut(
  labels: ReadonlyMap<string, string>,
  seed: number,
): ((node: string) => SplitPart | undefined) | undefined {
  if (labels.size < FEWEST_LABELS) return undefined;
  const members = new Map<string, string[]>();
  for (const [node, label] of labels) {
    const list = members.get(label) ?? [];
    list.push(node);
    members.set(label, list);
  }
  const random = new Random(seed);
  const heldOut = new Set(
    [...members.values()].flatMap((nodes) => random.shuffle(nodes).slice(0, Math.floor(nodes.length * SHARE))),
  );
  return (node) => {
    if (!labels.has(node)) return undefined;
    return heldOut.has(node) ? "validation" : "train";
  };
}
