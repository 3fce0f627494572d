import { DataError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import type { NodeGetter } from "../convert/getter.ts";
import { distinctOf, noLabels } from "./known-labels.ts";

/** The labels that each node carries; undefined where they are unknown. */
export type LabelSets = readonly (readonly string[] | undefined)[];

/** The labels that a graph's nodes carry, as tables. */
export interface KnownLabelSets {
  /** The distinct labels that are learned, sorted; after them those that test nodes alone carry, sorted. */
  readonly names: readonly string[];
  /** How many of them are learned. */
  readonly learned: number;
  /** `[nodes]`: 1 where it is known which labels a node carries. */
  readonly known: Uint8Array;
}

/**
 * Reads the labels that each node carries, as text, each once and sorted; undefined where they are unknown.
 *
 * @throws OptionError `unknown-attribute`; DataError `no-labels`, `wrong-type`.
 */
export function readLabelSets(
  where: string,
  graph: AbstractGraph,
  getter: NodeGetter<readonly (string | number | boolean)[] | null | undefined>,
): LabelSets {
  const sets = graph.mapNodes((node, attributes) => {
    const value: unknown = typeof getter === "string" ? attributes[getter] : getter(node, attributes);
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value) && value.every(isLabel)) return [...new Set(value.map(String))].sort();
    throw new DataError(
      "wrong-type",
      `${where}: the labels of node "${node}" are ${JSON.stringify(value)}; expected a list of texts, finite numbers or booleans, or nothing ` +
        "where they are unknown. An empty list says that the node carries none.",
    );
  });
  if (distinctOf(sets.flatMap((set) => set ?? [])).length === 0) throw noLabels(where, graph, getter, "labels");
  return sets;
}

function isLabel(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

/**
 * Numbers the labels. Those that test nodes alone carry come last, so that nothing that is learned depends on them: not even how many there are.
 */
export function numberLabelSets(sets: LabelSets, test: Uint32Array): KnownLabelSets {
  const hidden = new Set(test);
  const learned = distinctOf(sets.flatMap((set, i) => (hidden.has(i) ? [] : (set ?? []))));
  const isLearned = new Set(learned);
  const unseen = distinctOf(sets.flatMap((set) => set ?? [])).filter((label) => !isLearned.has(label));
  return {
    names: [...learned, ...unseen],
    learned: learned.length,
    known: Uint8Array.from(sets, (set) => (set === undefined ? 0 : 1)),
  };
}

/** `[nodes * names]`: 1 where a node carries a label, else 0. Labels without a name are left out. */
export function labelTable(sets: LabelSets, names: readonly string[]): Uint8Array {
  const numberOf = new Map(names.map((name, label) => [name, label]));
  const table = new Uint8Array(sets.length * names.length);
  for (const [node, set] of sets.entries()) {
    for (const name of set ?? []) {
      const label = numberOf.get(name);
      if (label !== undefined) table[node * names.length + label] = 1;
    }
  }
  return table;
}
