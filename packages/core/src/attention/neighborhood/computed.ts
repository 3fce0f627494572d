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
  readonly runs?: (() => SenderRuns) | undefined;
}

/** Rows that are runs of senders. */
export interface RunRule extends Family {
  /** The first sender of a receiver. */
  readonly start: (receiver: number) => number;
  /** The sender after the last one of a receiver; its start where it has none. */
  readonly end: (receiver: number) => number;
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
  readonly runs?: (() => SenderRuns) | undefined;
}

/** A neighborhood that computes its rows from a rule. Nothing is computed, and nothing kept, before it is asked for. */
export function byRule(rule: RowRule): Neighborhood {
  return listedWhenAsked({
    ...rule,
    count: rule.count ?? ((first, last) => totalDegree(rule, first, last)),
    list: (first, last) => listByRule(rule, first, last),
  });
}

/** A neighborhood of runs, which are not stored before they are asked for either. */
export function byRuns(rule: RunRule): Neighborhood {
  const { start, end, receivers } = rule;
  return byRule({
    ...rule,
    degree: (i) => end(i) - start(i),
    write: (i, out, at) => {
      const [first, last] = [start(i), end(i)];
      for (let j = first; j < last; j++) out[at + j - first] = j;
    },
    runs: () => {
      const [starts, ends] = [new Uint32Array(receivers), new Uint32Array(receivers)];
      for (let i = 0; i < receivers; i++) {
        starts[i] = start(i);
        ends[i] = end(i);
      }
      return new SenderRuns(starts, ends);
    },
  });
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
