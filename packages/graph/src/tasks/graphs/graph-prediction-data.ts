import { DataError } from "@vicinal/core";
import type { GraphCollection } from "../../batch/graph-collection.ts";
import type { ItemSplit } from "../split/item-split.ts";
import type { GraphTaskKind } from "./graph-answers.ts";

/** Graphs with what is known of them, as typed arrays: what a graph predictor is trained on. */
export interface GraphPredictionData {
  /** The graphs. */
  readonly collection: GraphCollection;
  /**
   * `[graphs * targets]`, row after row, NaN where unknown: numbers for regression, one class number from 0 for classification, 0 or 1 for each of several
   * questions.
   */
  readonly targets: ArrayLike<number>;
  /** Count of classes, for classification. Default: one more than the highest class number. */
  readonly classes?: number | undefined;
  /** The part that each graph plays. Default: by the fractions, among graphs of which something is known; classes keep their shares. */
  readonly split?: ItemSplit | undefined;
}

/** Data that can be learned from. */
export interface CheckedGraphData {
  /** Count of targets of each graph; 1 for classification. */
  readonly perGraph: number;
  /** Count of targets, or of classes: of the numbers that a network gives for each graph. */
  readonly width: number;
  /** Numbers of the graphs of which something is known, ascending. */
  readonly known: Uint32Array;
}

const where = "trainGraphPredictor";

/**
 * Refuses targets that cannot be learned, before any work.
 *
 * @throws DataError `wrong-length`, `not-finite`, `label-out-of-range`, `no-targets`.
 */
export function checkGraphTargets(task: GraphTaskKind, data: GraphPredictionData): CheckedGraphData {
  const { collection, targets } = data;
  const perGraph = targets.length / collection.size;
  const isWhole = Number.isInteger(perGraph) && perGraph > 0;
  if (!isWhole || (task === "classification" && perGraph !== 1)) {
    throw new DataError(
      "wrong-length",
      `${where}: got ${targets.length} targets for ${collection.size} graphs; expected ${task === "classification" ? "one class number" : "equally many"} ` +
        "for each, NaN where unknown.",
    );
  }
  const known = new Set<number>();
  let highest = -1;
  for (let k = 0; k < targets.length; k++) {
    const value = targets[k]!;
    if (Number.isNaN(value)) continue;
    const graph = Math.floor(k / perGraph);
    checkTarget(task, value, graph, data.classes);
    known.add(graph);
    highest = Math.max(highest, value);
  }
  if (known.size === 0) {
    throw new DataError("no-targets", `${where}: got no target of any graph; expected some to learn from.`);
  }
  const width = task === "classification" ? (data.classes ?? highest + 1) : perGraph;
  return { perGraph, width, known: Uint32Array.from(known).sort() };
}

function checkTarget(task: GraphTaskKind, value: number, graph: number, classes = Number.POSITIVE_INFINITY): void {
  if (task === "regression") {
    if (Number.isFinite(value)) return;
    throw new DataError(
      "not-finite",
      `${where}: graph ${graph} has the target ${value}; expected finite numbers, or NaN where unknown.`,
    );
  }
  const limit = task === "multi-task" ? 2 : classes;
  if (Number.isInteger(value) && value >= 0 && value < limit) return;
  const expected =
    task === "multi-task"
      ? "0 or 1"
      : `a class number from 0${limit === Number.POSITIVE_INFINITY ? "" : ` to ${limit - 1}`}`;
  throw new DataError(
    "label-out-of-range",
    `${where}: graph ${graph} has the target ${value}; expected ${expected}, or NaN where unknown.`,
  );
}

/**
 * Refuses parts that nothing can be learned from, or that tell the answers to what is measured.
 *
 * @throws DataError `index-out-of-range`, `in-two-parts`, `no-targets`, `one-class`.
 */
export function checkGraphParts(
  task: GraphTaskKind,
  { collection, targets }: GraphPredictionData,
  split: ItemSplit,
  { perGraph, width }: CheckedGraphData,
): void {
  const partOf = new Map<number, string>();
  for (const part of ["train", "validation", "test"] as const) {
    collection.checkMembers(`${where}: the ${part} part`, split[part]);
    for (const graph of split[part]) {
      const other = partOf.get(graph);
      if (other !== undefined) {
        throw new DataError(
          "in-two-parts",
          `${where}: graph ${graph} is in the ${other} part and in the ${part} part; expected each graph in one part at most, and once.`,
        );
      }
      partOf.set(graph, part);
    }
  }
  for (let target = 0; target < perGraph; target++) {
    const values = Array.from(split.train, (graph) => targets[graph * perGraph + target]!);
    const known = new Set(values.filter((value) => !Number.isNaN(value)));
    if (known.size === 0) {
      throw new DataError(
        "no-targets",
        `${where}: target ${target} is known of none of the ${split.train.length} training graphs; expected some to learn from.`,
      );
    }
    if (task !== "classification" || (known.size > 1 && width > 1)) continue;
    throw new DataError(
      "one-class",
      `${where}: got one class only among the ${split.train.length} training graphs; expected at least two.`,
    );
  }
}
