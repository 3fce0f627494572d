import { DataError, OptionError, Random } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { nodeAttributeNames } from "../convert/attribute-names.ts";
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
 * @param labels Of each node; undefined where it has none.
 * @throws DataError `wrong-type` for a part that is none of the three; OptionError `unknown-attribute` for an attribute that no node has.
 */
export function readSplit(
  graph: AbstractGraph,
  labels: readonly (string | undefined)[],
  split: LabelNodesOptions["split"],
  seed = 0,
): NodeSplit {
  const labelled = Array.from(labels.keys()).filter((i) => labels[i] !== undefined);
  if (split === undefined) return holdOut(labelled, labels, seed);
  const parts: Record<SplitPart, number[]> = { train: [], validation: [], test: [] };
  const given = readParts(graph, split);
  for (const i of labelled) {
    const { node, part } = given[i]!;
    if (part !== "train" && part !== "validation" && part !== "test") {
      throw new DataError(
        "wrong-type",
        `labelNodes: node "${node}" has the part ${JSON.stringify(part)}; expected "train", "validation", "test", or nothing for "train".`,
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

function readParts(
  graph: AbstractGraph,
  split: NonNullable<LabelNodesOptions["split"]>,
): { readonly node: string; readonly part: unknown }[] {
  // A misspelt name would train on the nodes that were to test the result.
  if (typeof split === "string" && !nodeAttributeNames(graph).includes(split)) {
    throw new OptionError(
      "unknown-attribute",
      `labelNodes: no node has the attribute "${split}"; expected the name of the attribute that holds "train", "validation" or "test". ` +
        "Correct the option `split`, or leave it out.",
    );
  }
  return graph.mapNodes((node, attributes) => ({
    node,
    part: (typeof split === "string" ? attributes[split] : split(node, attributes)) ?? "train",
  }));
}

/** Holds out a share of each class for validation, if there are enough labels to spare. */
function holdOut(labelled: readonly number[], labels: readonly (string | undefined)[], seed: number): NodeSplit {
  if (labelled.length < validation.from) {
    return { train: Uint32Array.from(labelled), validation: new Uint32Array(0), test: new Uint32Array(0) };
  }
  const byLabel = new Map<string | undefined, number[]>();
  for (const i of labelled) {
    const members = byLabel.get(labels[i]);
    if (members === undefined) byLabel.set(labels[i], [i]);
    else members.push(i);
  }
  const random = new Random(seed).fork();
  const held: number[] = [];
  for (const members of byLabel.values()) {
    held.push(...random.shuffle(members).slice(0, Math.floor(members.length * validation.share)));
  }
  const isHeld = new Set(held);
  return {
    train: Uint32Array.from(labelled.filter((i) => !isHeld.has(i))),
    validation: Uint32Array.from(held).sort(),
    test: new Uint32Array(0),
  };
}
