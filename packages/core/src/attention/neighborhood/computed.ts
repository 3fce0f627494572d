import { checkBlock, checkPairs } from "./check-counts.ts";
import { ComputedRows } from "./computed-rows.ts";
import type { Neighborhood } from "./neighborhood.ts";
import { SenderRuns } from "./sender-runs.ts";
import { SparseNeighborhood } from "./sparse.ts";

interface Family {
  readonly kind: string;
  readonly receivers: number;
  readonly senders: number;
}

type Count = (first: number, last: number) => number;

/** Rows by a rule for one receiver. */
export interface RowRule extends Family {
  /** How many senders a receiver has. */
  readonly degree: (receiver: number) => number;
  /** Writes the senders of a receiver, ascending, to `out` from position `at` on. */
  readonly write: (receiver: number, out: Uint32Array, at: number) => void;
  /** How many pairs the receivers from `first` to `last - 1` have. Default: the degrees are added up. */
  readonly count?: Count;
  /** The same rows as runs, where they are runs. */
  readonly runs?: (() => SenderRuns | undefined) | undefined;
}

/** Rows that are runs of senders, or every `step`-th sender of a run. */
export interface RunRule extends Family {
  /** The first sender of a receiver. */
  readonly start: (receiver: number) => number;
  /** The sender after the last one of a receiver; its start where it has none. */
  readonly end: (receiver: number) => number;
  /** Distance between the senders of a receiver. Default 1. */
  readonly step?: number;
  /** How many pairs the receivers from `first` to `last - 1` have. Default: the lengths of the runs are added up. */
  readonly count?: Count;
}

/** Rows of which nothing is known before they are made. */
export interface RowStream extends Family {
  /** The senders of each receiver from `first` to `last - 1`, ascending; each row is read before the next one is asked for. */
  readonly stream: (first: number, last: number) => Iterable<Uint32Array>;
}

interface Rows {
  readonly offsets: Uint32Array;
  readonly senderOf: Uint32Array;
}

interface Listing extends Family {
  readonly count: Count;
  readonly list: (first: number, last: number) => Rows;
  readonly runs?: (() => SenderRuns | undefined) | undefined;
}

/** A neighborhood that computes its rows from a rule. Nothing is computed, and nothing kept, before it is asked for. */
export function byRule(rule: RowRule): Neighborhood {
  return listedWhenAsked({
    ...rule,
    count: rule.count ?? ((first, last) => totalDegree(rule, first, last)),
    list: (first, last) => listByRule(rule, first, last),
  });
}

/** A neighborhood of runs, which are not stored before they are asked for either. Has runs unless its senders are more than 1 apart. */
export function byRuns(rule: RunRule): Neighborhood {
  const { start, end, step = 1, receivers } = rule;
  return byRule({
    ...rule,
    degree: (i) => Math.ceil((end(i) - start(i)) / step),
    write: (i, out, at) => {
      const last = end(i);
      for (let j = start(i); j < last; j += step) out[at++] = j;
    },
    runs: () => {
      if (step > 1) return undefined;
      const [starts, ends] = [new Uint32Array(receivers), new Uint32Array(receivers)];
      for (let i = 0; i < receivers; i++) {
        starts[i] = start(i);
        ends[i] = end(i);
      }
      return new SenderRuns(starts, ends);
    },
  });
}

/**
 * A neighborhood of which each receiver attends to one of some sets of senders, of ascending numbers, one set after the other in `members`. Has runs if
 * the members of each set follow one another.
 *
 * @param offsets Where each set begins in `members`, and their count.
 */
export function bySets(
  family: Family,
  offsets: Uint32Array,
  members: Uint32Array,
  setOf: (receiver: number) => number,
): Neighborhood {
  const degree = (i: number): number => offsets[setOf(i) + 1]! - offsets[setOf(i)]!;
  if (areRuns(offsets, members)) {
    const start = (i: number): number => members[offsets[setOf(i)]!] ?? 0;
    return byRuns({ ...family, start, end: (i) => start(i) + degree(i) });
  }
  const write = (i: number, out: Uint32Array, at: number): void =>
    out.set(members.subarray(offsets[setOf(i)], offsets[setOf(i) + 1]), at);
  return byRule({ ...family, degree, write });
}

/** A neighborhood whose rows come one after the other. */
export function byStream({ stream, ...family }: RowStream): Neighborhood {
  return listedWhenAsked({
    ...family,
    count: (first, last) => {
      let pairs = 0;
      for (const row of stream(first, last)) pairs += row.length;
      return pairs;
    },
    list: (first, last) => collect(family.kind, stream(first, last), last - first),
  });
}

function listedWhenAsked({ kind, receivers, senders, count, list, runs }: Listing): Neighborhood {
  let edges: number | undefined;
  let sparse: SparseNeighborhood | undefined;
  let storedRuns: SenderRuns | undefined;
  const listed = (first: number, last: number): SparseNeighborhood =>
    SparseNeighborhood.fromRows({
      ...list(first, last),
      senders,
      firstEdge: () => sparse?.offsets[first] ?? count(0, first),
    });
  return {
    kind,
    receivers,
    senders,
    get edges() {
      edges ??= sparse?.edges ?? count(0, receivers);
      return edges;
    },
    get runs() {
      storedRuns ??= runs?.();
      return storedRuns;
    },
    sparse() {
      sparse ??= listed(0, receivers);
      return sparse;
    },
    computed: new ComputedRows((first, last) => {
      checkBlock(kind, first, last, receivers);
      return listed(first, last);
    }),
  };
}

function areRuns(offsets: Uint32Array, members: Uint32Array): boolean {
  for (let set = 0; set + 1 < offsets.length; set++) {
    const [first, last] = [offsets[set]!, offsets[set + 1]! - 1];
    if (first < last && members[last]! - members[first]! !== last - first) return false;
  }
  return true;
}

function totalDegree({ degree }: RowRule, first: number, last: number): number {
  let pairs = 0;
  for (let i = first; i < last; i++) pairs += degree(i);
  return pairs;
}

function listByRule(rule: RowRule, first: number, last: number): Rows {
  const pairs = totalDegree(rule, first, last);
  checkPairs(rule.kind, pairs);
  const offsets = new Uint32Array(last - first + 1);
  const senderOf = new Uint32Array(pairs);
  for (let i = first; i < last; i++) {
    const at = offsets[i - first]!;
    rule.write(i, senderOf, at);
    offsets[i - first + 1] = at + rule.degree(i);
  }
  return { offsets, senderOf };
}

function collect(kind: string, rows: Iterable<Uint32Array>, count: number): Rows {
  const offsets = new Uint32Array(count + 1);
  let senderOf = new Uint32Array(1024);
  let [receiver, pairs] = [0, 0];
  for (const row of rows) {
    const end = pairs + row.length;
    checkPairs(kind, end);
    if (end > senderOf.length) {
      const longer = new Uint32Array(2 * end);
      longer.set(senderOf.subarray(0, pairs));
      senderOf = longer;
    }
    senderOf.set(row, pairs);
    pairs = end;
    receiver++;
    offsets[receiver] = pairs;
  }
  return { offsets, senderOf: senderOf.slice(0, pairs) };
}
