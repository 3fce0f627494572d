import { DataError, Random } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import type { LabelNodesOptions, SplitPart } from "./label-nodes-options.ts";

/** Labelled nodes from which on a share is held out for validation, and that share. */
const validation = { from: 50, share: 0.2 };

/** Numbers of the labelled nodes, by the part they play; each ascending. */
export interface NodeSplit {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * The part of each labelled node: as given, or a share of each class held out for validation.
 *
 * @throws DataError `wrong-type` for a part that is none of the three.
 */
export function readSplit(
  graph: AbstractGraph,
  labels: Int32Array,
  split: LabelNodesOptions["split"],
  seed = 0,
): NodeSplit {
  const labelled = Array.from(labels.keys()).filter((i) => labels[i] !== -1);
  if (split === undefined) return holdOut(labelled, labels, seed);
  const parts: Record<SplitPart, number[]> = { train: [], validation: [], test: [] };
  const given: unknown[] = graph.mapNodes((node, attributes) =>
    typeof split === "string" ? attributes[split] : split(node, attributes),
  );
  for (const i of labelled) {
    const part = given[i] ?? "train";
    if (part !== "train" && part !== "validation" && part !== "test") {
      throw new DataError(
        "wrong-type",
        `labelNodes: a node has the part ${JSON.stringify(part)}; expected "train", "validation", "test", or nothing for "train".`,
      );
    }
    parts[part].push(i);
  }
  return {
    train: Uint32Array.from(parts.train),
    validation: Uint32Array.from(parts.validation),
    test: Uint32Array.from(parts.test),
  };
}

/** Holds out a share of each class for validation, if there are enough labels to spare. */
function holdOut(labelled: readonly number[], labels: Int32Array, seed: number): NodeSplit {
  if (labelled.length < validation.from) {
    return { train: Uint32Array.from(labelled), validation: new Uint32Array(0), test: new Uint32Array(0) };
  }
  const byClass = new Map<number, number[]>();
  for (const i of labelled) byClass.set(labels[i]!, [...(byClass.get(labels[i]!) ?? []), i]);
  const random = new Random(seed).fork();
  const held: number[] = [];
  for (const members of byClass.values()) {
    held.push(...random.shuffle(members).slice(0, Math.floor(members.length * validation.share)));
  }
  const isHeld = new Set(held);
  return {
    train: Uint32Array.from(labelled.filter((i) => !isHeld.has(i))),
    validation: Uint32Array.from(held).sort(),
    test: new Uint32Array(0),
  };
}
