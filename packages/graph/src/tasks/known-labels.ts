import { DataError, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { nodeAttributeNames } from "../convert/attribute-names.ts";
import type { NodeGetter } from "../convert/getter.ts";
import type { LabelNodesOptions } from "./label-nodes-options.ts";

/** The labels that a graph's nodes carry, as classes. */
export interface KnownLabels {
  /** The distinct labels that are learned, sorted; after them those that test nodes alone have, sorted. */
  readonly classes: readonly string[];
  /** How many of the classes are learned. */
  readonly learned: number;
  /** Class of each node; -1 where unknown. */
  readonly labels: Int32Array;
}

/**
 * Reads the label of each node, as text; undefined where it has none.
 *
 * @throws OptionError `unknown-attribute`; DataError `no-labels`, `one-class`, `wrong-type`.
 */
export function readLabels(
  graph: AbstractGraph,
  getter: NonNullable<LabelNodesOptions["label"]>,
): readonly (string | undefined)[] {
  const labels = graph.mapNodes((node, attributes) => {
    const value: unknown = typeof getter === "string" ? attributes[getter] : getter(node, attributes);
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) return String(value);
    throw new DataError(
      "wrong-type",
      `labelNodes: the label of node "${node}" is ${typeof value === "number" ? value : `of type ${typeof value}`}; ` +
        "expected text, a finite number or a boolean, or nothing where the label is unknown.",
    );
  });
  const distinct = distinctOf(labels);
  if (distinct.length === 0) throw noLabels("labelNodes", graph, getter, "label");
  if (distinct.length === 1) {
    throw new DataError(
      "one-class",
      `labelNodes: every labelled node has the label "${distinct[0]}"; expected at least two different labels.`,
    );
  }
  return labels;
}

/**
 * Numbers the labels. Those of test nodes come last, so that nothing that is learned depends on them: not even how many classes there
 * are.
 */
export function numberLabels(labels: readonly (string | undefined)[], test: Uint32Array): KnownLabels {
  const hidden = new Set(test);
  const learned = distinctOf(labels.filter((_, i) => !hidden.has(i)));
  const unseen = distinctOf(labels).filter((label) => !learned.includes(label));
  const classes = [...learned, ...unseen];
  const classOf = new Map(classes.map((name, c) => [name, c]));
  return {
    classes,
    learned: learned.length,
    labels: Int32Array.from(labels, (label) => (label === undefined ? -1 : classOf.get(label)!)),
  };
}

/** Each label once, sorted. */
export function distinctOf(labels: readonly (string | undefined)[]): string[] {
  return [...new Set(labels.filter((label) => label !== undefined))].sort();
}

/** What is wrong where no node has a label. */
export function noLabels(
  where: string,
  graph: AbstractGraph,
  getter: NodeGetter<unknown>,
  option: "label" | "labels",
): Error {
  if (typeof getter !== "string") {
    return new DataError(
      "no-labels",
      `${where}: the ${option} getter gave no node a label; expected at least two labelled nodes.`,
    );
  }
  const known = nodeAttributeNames(graph);
  if (known.includes(getter)) {
    return new DataError(
      "no-labels",
      `${where}: the attribute "${getter}" is empty on every node; expected a label on at least two nodes.`,
    );
  }
  return new OptionError(
    "unknown-attribute",
    `${where}: no node has the attribute "${getter}"; expected the name of the attribute that holds labels, ` +
      `${known.length === 0 ? "but nodes have no attributes at all" : `one of ${known.map((name) => `"${name}"`).join(", ")}`}. ` +
      `Pass it as the option \`${option}\`.`,
  );
}
