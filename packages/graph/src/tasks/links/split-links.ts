import { checkOptionNames, DataError, OptionError, Random } from "@vicinal/core";
import type { Edges } from "../../convert/edge-list.ts";
import { nodePairs } from "./node-pairs.ts";

/** Numbers of edges, by the part that they play; each ascending. An edge in no part is not learned from, and not measured on. */
export interface LinkSplit {
  /** Any count of links: learned from. */
  readonly train: Uint32Array;
  /** Any count of links: decide when to stop. */
  readonly validation: Uint32Array;
  /** Any count of links: measured on. */
  readonly test: Uint32Array;
}

/** Options of {@link splitLinks}. */
export interface SplitLinksOptions {
  /** The share of linked pairs that is held out for testing. Default 0. */
  readonly testFraction?: number;
  /** The share of linked pairs that is held out for validation. Default 0.1 from 50 linked pairs on, else 0. */
  readonly validationFraction?: number;
  /**
   * When each edge came to be, `[edges]`: the latest pairs are tested on, those before them decide when to stop. Of several edges between two nodes the first
   * counts. Default: pairs are drawn.
   */
  readonly times?: ArrayLike<number> | undefined;
  /** What is drawn follows from it. Default 0. */
  readonly seed?: number;
}

/** From how many linked pairs on some are held out for validation. */
const enoughToHoldOut = 50;

/**
 * Splits edges by the pairs of nodes that they join: all edges between two nodes, in either direction, play the same part, so that none
 * gives another away. Self-loops play none. The split does not depend on the order of the edges.
 *
 * @throws DataError `no-edges` when no edge joins two different nodes, `too-few-edges` when a part would be empty, `wrong-length`, `not-finite` for a
 * time; OptionError `unknown-option`, `out-of-range` unless the fractions are from 0 and leave something to train on.
 */
export function splitLinks(edges: Edges, options: SplitLinksOptions = {}): LinkSplit {
  checkOptionNames("splitLinks", options, ["testFraction", "validationFraction", "times", "seed"]);
  const { times, seed = 0 } = options;
  checkEdges(edges, times);
  const { count, pairOf } = nodePairs(edges);
  if (count === 0) {
    throw new DataError(
      "no-edges",
      `splitLinks: got ${edges.sources.length} edges, none of which joins two different nodes; expected links to learn from.`,
    );
  }
  const [test, validation] = countsOf(count, {
    testFraction: options.testFraction ?? 0,
    validationFraction: options.validationFraction ?? (count >= enoughToHoldOut ? 0.1 : 0),
  });
  const order = Uint32Array.from({ length: count }, (_, pair) => pair);
  if (times === undefined) new Random(seed).fork().shuffle(order);
  else sortLatestFirst(order, pairOf, times);
  const partOf = new Uint8Array(count).fill(marks.train);
  for (const pair of order.subarray(0, test)) partOf[pair] = marks.test;
  for (const pair of order.subarray(test, test + validation)) partOf[pair] = marks.validation;
  const marked = (mark: number): Uint32Array =>
    Uint32Array.from(pairOf.keys()).filter((e) => pairOf[e]! >= 0 && partOf[pairOf[e]!] === mark);
  return { train: marked(marks.train), validation: marked(marks.validation), test: marked(marks.test) };
}

const marks = { train: 0, validation: 1, test: 2 } as const;

function sortLatestFirst(order: Uint32Array, pairOf: Float64Array, times: ArrayLike<number>): void {
  const first = new Float64Array(order.length).fill(Number.POSITIVE_INFINITY);
  for (let e = 0; e < pairOf.length; e++) {
    const pair = pairOf[e]!;
    if (pair >= 0) first[pair] = Math.min(first[pair]!, times[e]!);
  }
  order.sort((a, b) => first[b]! - first[a]! || a - b);
}

function countsOf(
  pairs: number,
  fractions: { readonly testFraction: number; readonly validationFraction: number },
): [test: number, validation: number] {
  const { testFraction, validationFraction } = fractions;
  for (const [name, fraction] of Object.entries(fractions)) {
    if (fraction >= 0 && testFraction + validationFraction < 1) continue;
    throw new OptionError(
      "out-of-range",
      `splitLinks: got ${name} ${fraction}; expected fractions from 0 that together leave something to train on.`,
    );
  }
  const test = Math.round(testFraction * pairs);
  const validation = Math.round(validationFraction * pairs);
  const isEmpty = (fraction: number, count: number): boolean => fraction > 0 && count === 0;
  if (isEmpty(testFraction, test) || isEmpty(validationFraction, validation) || test + validation >= pairs) {
    throw new DataError(
      "too-few-edges",
      `splitLinks: got ${pairs} linked pairs to hold out ${testFraction} for testing and ${validationFraction} for validation; expected enough for at ` +
        "least one in each part and one to learn from. Hold out another share, or none.",
    );
  }
  return [test, validation];
}

function checkEdges({ sources, targets }: Edges, times: ArrayLike<number> | undefined): void {
  if (sources.length !== targets.length || (times !== undefined && times.length !== sources.length)) {
    throw new DataError(
      "wrong-length",
      `splitLinks: got ${sources.length} sources, ${targets.length} targets and ${times?.length ?? "no"} times; expected one of each an edge.`,
    );
  }
  for (let e = 0; e < (times?.length ?? 0); e++) {
    if (Number.isFinite(times?.[e])) continue;
    throw new DataError("not-finite", `splitLinks: edge ${e} has the time ${times?.[e]}; expected finite numbers.`);
  }
}
