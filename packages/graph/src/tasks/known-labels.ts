import { DataError, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import type { NodeGetter } from "../convert/getter.ts";
import type { LabelNodesOptions } from "./label-nodes-options.ts";

/** The labels that a graph's nodes carry. */
export interface KnownLabels {
  /** The distinct labels, sorted. */
  readonly classes: readonly string[];
  /** Class of each node; -1 where unknown. */
  readonly labels: Int32Array;
}

/**
 * Reads the labels of all nodes, as text.
 *
 * @throws OptionError `unknown-attribute`; DataError `no-labels`, `one-class`, `wrong-type`.
 */
export function readLabels(graph: AbstractGraph, getter: NonNullable<LabelNodesOptions["label"]>): KnownLabels {
  const texts = graph.mapNodes((node, attributes) => {
    const value: unknown = typeof getter === "string" ? attributes[getter] : getter(node, attributes);
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) return String(value);
    throw new DataError(
      "wrong-type",
      `labelNodes: the label of node "${node}" is ${typeof value === "number" ? value : `of type ${typeof value}`}; ` +
        "expected text, a finite number or a boolean, or nothing where the label is unknown.",
    );
  });
  const classes = [...new Set(texts.filter((text) => text !== undefined))].sort();
  if (classes.length === 0) throw noLabels(graph, getter);
  if (classes.length === 1) {
    throw new DataError(
      "one-class",
      `labelNodes: every labelled node has the label "${classes[0]}"; expected at least two different labels.`,
    );
  }
  const classOf = new Map(classes.map((name, c) => [name, c]));
  return { classes, labels: Int32Array.from(texts, (text) => (text === undefined ? -1 : classOf.get(text)!)) };
}

function noLabels(graph: AbstractGraph, getter: NodeGetter<unknown>): Error {
  if (typeof getter !== "string") {
    return new DataError(
      "no-labels",
      "labelNodes: the label getter gave no node a label; expected at least two labelled nodes.",
    );
  }
  const present = new Set<string>();
  graph.forEachNode((_node, attributes) => {
    for (const name of Object.keys(attributes)) present.add(name);
  });
  if (present.has(getter)) {
    return new DataError(
      "no-labels",
      `labelNodes: the attribute "${getter}" is empty on every node; expected a label on at least two nodes.`,
    );
  }
  const known = [...present].sort();
  return new OptionError(
    "unknown-attribute",
    `labelNodes: no node has the attribute "${getter}"; expected the name of the attribute that holds labels, ` +
      `${known.length === 0 ? "but nodes have no attributes at all" : `one of ${known.map((name) => `"${name}"`).join(", ")}`}. ` +
      "Pass it as the option `label`.",
  );
}
