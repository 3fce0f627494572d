import { DataError, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { nodeAttributeNames } from "../convert/attribute-names.ts";
import type { NodeGetter } from "../convert/getter.ts";
import type { HeldFractions, NodeSplit } from "./node-parts.ts";

/** What is split by time. */
export interface TimedNodes {
  /** What errors begin with. */
  readonly where: string;
  readonly graph: AbstractGraph;
  /** Numbers of the labelled nodes. */
  readonly labelled: readonly number[];
  readonly time: NodeGetter<number | Date>;
}

/**
 * The latest nodes to test on, those before them for validation, the earliest to train on. Nodes of equal time stay together: each cut is the one
 * that comes closest to the share asked for, and leaves something to the parts before it.
 */
export function splitByTime(nodes: TimedNodes, { testFraction, validationFraction }: HeldFractions): NodeSplit {
  const times = readTimes(nodes);
  const moments = [...new Set(times.values())].sort((a, b) => a - b);
  const counts = new Map<number, number>();
  for (const time of times.values()) counts.set(time, (counts.get(time) ?? 0) + 1);
  const cut = new Cut(moments.map((moment) => counts.get(moment)!));
  const total = nodes.labelled.length;
  const tested = cut.back(testFraction * total, validationFraction > 0 ? 2 : 1);
  const validated = cut.back(validationFraction * total, 1);
  const partOf = new Map(
    moments.map((moment, k) => [moment, k >= tested ? "test" : k >= validated ? "validation" : "train"]),
  );
  const members = (part: string): Uint32Array =>
    Uint32Array.from(nodes.labelled.filter((i) => partOf.get(times.get(i)!) === part));
  return { train: members("train"), validation: members("validation"), test: members("test") };
}

/** Cuts a row of groups, from the last one on. */
class Cut {
  readonly #sizes: readonly number[];
  #end: number;

  constructor(sizes: readonly number[]) {
    this.#sizes = sizes;
    this.#end = sizes.length;
  }

  /**
   * Takes the last groups that are left, such that they have about `wanted` members and at least `spared` groups stay: the number of the first
   * that was taken. Takes one at least, unless nothing is wanted or too few are left.
   */
  back(wanted: number, spared: number): number {
    if (wanted === 0) return this.#end;
    let taken = 0;
    let start = this.#end;
    while (start > spared) {
      const next = taken + this.#sizes[start - 1]!;
      if (taken > 0 && next - wanted > wanted - taken) break;
      taken = next;
      start--;
    }
    this.#end = start;
    return start;
  }
}

/** The time of each labelled node, by its number. */
function readTimes({ where, graph, labelled, time }: TimedNodes): Map<number, number> {
  if (typeof time === "string" && !nodeAttributeNames(graph).includes(time)) {
    throw new OptionError(
      "unknown-attribute",
      `${where}: no node has the attribute "${time}"; expected the name of the attribute that holds the time. Correct the option \`split.byTime\`.`,
    );
  }
  const isLabelled = new Set(labelled);
  const times = new Map<number, number>();
  let number = 0;
  graph.forEachNode((node, attributes) => {
    if (isLabelled.has(number)) {
      const value: unknown = typeof time === "string" ? attributes[time] : time(node, attributes);
      times.set(number, checkedTime(where, node, value));
    }
    number++;
  });
  return times;
}

function checkedTime(where: string, node: string, value: unknown): number {
  if (value === undefined || value === null) {
    throw new DataError(
      "missing-time",
      `${where}: node "${node}" is labelled and has no time; expected one on every labelled node. Give it a time, or no label.`,
    );
  }
  const time = value instanceof Date ? value.getTime() : value;
  if (typeof time !== "number") {
    throw new DataError(
      "wrong-type",
      `${where}: node "${node}" has a time of type ${typeof time}; expected a number or a Date. Pass a getter that converts it.`,
    );
  }
  if (Number.isFinite(time)) return time;
  throw new DataError("not-finite", `${where}: node "${node}" has the time ${time}; expected a finite number.`);
}
