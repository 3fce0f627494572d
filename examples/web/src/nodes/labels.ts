import { DataError, Random } from "@vicinal/core";
import { splitStratified } from "@vicinal/graph";
import type { AbstractGraph } from "graphology-types";
import { isMissing } from "./attributes.ts";
import { type LabelsInUse, type Part, parts } from "./protocol.ts";

/** Labelled nodes from which on a share is held out to judge epochs by, and that share. */
const heldOut = { from: 50, share: 0.2 };

/** Numbers by their part. */
const numberOfPart = new Map(parts.map((part, number) => [part, number]));

/** The labels of a graph for training, with the count of classes that can be learned: those that hidden labels do not have alone. */
export interface ReadLabels extends LabelsInUse {
  readonly learned: number;
}

/** Where labels are read from. */
export interface LabelSource {
  readonly label: string;
  /** The attribute that says which part a labelled node plays. Default: some are held out if there are enough. */
  readonly splitAttribute: string | undefined;
  readonly seed: number;
}

/**
 * Reads the labels that nodes carry, and the part that each plays.
 *
 * @throws DataError `no-labels`, `one-class`, `wrong-type`.
 */
export function readLabels(graph: AbstractGraph, { label, splitAttribute, seed }: LabelSource): ReadLabels {
  const names = graph.mapNodes((node, attributes) => labelOf(node, attributes[label], label));
  const partOf = readParts(graph, names, splitAttribute, seed);
  const isHidden = (i: number) => partOf[i] === "test";
  const learnedNames = distinct(names.filter((_, i) => !isHidden(i)));
  if (learnedNames.length < 2) {
    const got = learnedNames.length === 0 ? "no label" : `the one label "${learnedNames[0]}"`;
    throw new DataError(
      learnedNames.length === 0 ? "no-labels" : "one-class",
      `the attribute "${label}" gives ${got} to learn from; expected at least two different labels. Choose another attribute to predict.`,
    );
  }
  const hiddenNames = distinct(names).filter((name) => !learnedNames.includes(name));
  const classes = [...learnedNames, ...hiddenNames];
  const classOf = new Map(classes.map((name, c) => [name, c]));
  return {
    classes,
    learned: learnedNames.length,
    known: Int32Array.from(names, (name) => (name === undefined ? -1 : classOf.get(name)!)),
    parts: Uint8Array.from(partOf, (part) => numberOfPart.get(part)!),
  };
}

/** The numbers of the nodes that play a part, ascending. */
export function nodesOf(labels: LabelsInUse, part: Part): Uint32Array {
  const number = numberOfPart.get(part);
  return Uint32Array.from(labels.parts.keys()).filter((i) => labels.parts[i] === number);
}

function labelOf(node: string, value: unknown, label: string): string | undefined {
  if (isMissing(value)) return undefined;
  if (typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) return String(value);
  throw new DataError(
    "wrong-type",
    `node "${node}" has a "${label}" that is neither text, a finite number nor true or false. Choose another attribute to predict.`,
  );
}

function readParts(
  graph: AbstractGraph,
  names: readonly (string | undefined)[],
  splitAttribute: string | undefined,
  seed: number,
): Part[] {
  if (splitAttribute !== undefined) {
    return graph
      .mapNodes((_, { [splitAttribute]: value }) => value)
      .map((value, i) => {
        if (names[i] === undefined) return "unlabelled";
        return value === "validation" || value === "test" ? value : "train";
      });
  }
  const labelled = [...names.keys()].filter((i) => names[i] !== undefined);
  const result = names.map((name): Part => (name === undefined ? "unlabelled" : "train"));
  if (labelled.length < heldOut.from) return result;
  const { validation } = splitStratified(
    names.map((name) => name ?? ""),
    { items: labelled, validationFraction: heldOut.share, seed: new Random(seed).bits() },
  );
  for (const i of validation) result[i] = "validation";
  return result;
}

function distinct(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}
