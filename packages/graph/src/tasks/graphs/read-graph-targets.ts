import { DataError, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import type { GraphTaskKind } from "./graph-answers.ts";
import type { PredictGraphsOptions } from "./predict-graphs-options.ts";
import { readGraphValues } from "./read-graph-values.ts";

/** What is known of graphs, as typed arrays. */
export interface GraphTargets {
  readonly task: GraphTaskKind;
  /** Of each target: the attribute's name, or `"target"` for a getter. */
  readonly names: readonly string[];
  /** Whether several targets were asked for. */
  readonly isList: boolean;
  /** Names of the classes, sorted; empty where none are learned. */
  readonly classes: readonly string[];
  /** `[graphs * targets]`, NaN where unknown. */
  readonly values: Float64Array;
}

const where = "predictGraphs";

/**
 * Reads what is known of each graph, and what kind of task that makes.
 *
 * @throws DataError `not-a-graph`, `no-targets`, `wrong-type` naming the graph; OptionError `unknown-attribute`, `out-of-range` for an empty list of names,
 * `duplicate-attribute` for one that names an attribute twice.
 */
export function readGraphTargets(
  graphs: readonly AbstractGraph[],
  { target = "target", task: asked }: PredictGraphsOptions,
): GraphTargets {
  const isList = typeof target === "object";
  const getters = typeof target === "object" ? target : [target];
  if (getters.length === 0) {
    throw new OptionError("out-of-range", `${where}: got an empty list of targets; expected the name of at least one.`);
  }
  if (new Set(getters).size < getters.length) {
    throw new OptionError("duplicate-attribute", `${where}: got a target twice; expected each name once.`);
  }
  const names = getters.map((getter) => (typeof getter === "string" ? getter : "target"));
  const columns = getters.map((getter) => readGraphValues(where, "target", graphs, getter));
  const known = columns.flatMap((column, target) =>
    column.flatMap((value, graph) => (value === undefined ? [] : [{ value, graph, name: names[target]! }])),
  );
  if (known.length === 0) {
    throw new DataError("no-targets", `${where}: got no target of any graph; expected some to learn from.`);
  }
  const task = asked ?? kindOf(known, isList);
  const classes = task === "classification" ? [...new Set(known.map((each) => textOf(each)))].sort() : [];
  const classOf = new Map(classes.map((name, c) => [name, c]));
  const numberOf = (each: Known): number => {
    if (task === "regression") return finiteOf(each);
    return task === "multi-task" ? bitOf(each) : classOf.get(textOf(each))!;
  };
  const values = new Float64Array(graphs.length * getters.length).fill(Number.NaN);
  for (const [target, column] of columns.entries()) {
    for (const [graph, value] of column.entries()) {
      if (value === undefined) continue;
      values[graph * getters.length + target] = numberOf({ value, graph, name: names[target]! });
    }
  }
  return { task, names, isList, classes, values };
}

/** A value that is known, and of what. */
interface Known {
  readonly value: unknown;
  readonly graph: number;
  readonly name: string;
}

function kindOf(known: readonly Known[], isList: boolean): GraphTaskKind {
  if (known.every(({ value }) => typeof value === "number")) return "regression";
  if (!isList) return "classification";
  if (known.every(({ value }) => typeof value === "boolean")) return "multi-task";
  throw wrongType(
    known.find(({ value }) => typeof value !== "number")!,
    "numbers throughout, or booleans throughout, for several targets",
  );
}

function finiteOf(known: Known): number {
  const { value } = known;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw wrongType(known, "a finite number, or nothing where it is unknown");
}

function bitOf(known: Known): number {
  const { value } = known;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === 0 || value === 1) return value;
  throw wrongType(known, "true, false, 1 or 0, or nothing where it is unknown");
}

function textOf(known: Known): string {
  const { value } = known;
  if (typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) return String(value);
  throw wrongType(known, "text, a finite number or a boolean, or nothing where it is unknown");
}

function wrongType({ value, graph, name }: Known, expected: string): Error {
  const got =
    typeof value === "string" ? JSON.stringify(value) : typeof value === "object" ? "an object" : String(value);
  return new DataError("wrong-type", `${where}: "${name}" of graph ${graph} is ${got}; expected ${expected}.`);
}
