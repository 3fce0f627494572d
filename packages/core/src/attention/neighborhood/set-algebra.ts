import { ShapeError } from "../../errors.ts";
import { rowsOf, smallBlocks } from "./blocks.ts";
import { byRuns, byStream } from "./computed.ts";
import type { Neighborhood } from "./neighborhood.ts";
import { filterByRun, filterSet, mergeSets, sortedSet } from "./sorted-rows.ts";
import type { SparseNeighborhood } from "./sparse.ts";

/**
 * The pairs that are in at least one of the neighborhoods: `N(i)` is the union of their `N(i)`. A window and a few elements that everyone
 * attends to are the pattern of Longformer (Beltagy et al., 2020) and, with arbitrary pairs, of BigBird (Zaheer et al., 2020).
 *
 * As with {@link intersection} and {@link difference}, neighborhoods are taken as sets of pairs: pairs that one of them repeats count
 * once, and the senders of a receiver come in ascending order. Nothing is computed before it is asked for: `computed.rows(first, last)` combines
 * the rows of that block, `edges` counts the pairs without keeping them, `sparse()` lists them all.
 *
 * @throws ShapeError `shapes-differ` unless all have the same counts of receivers and of senders.
 */
export function union(a: Neighborhood, b: Neighborhood, ...others: readonly Neighborhood[]): Neighborhood {
  checkCounts("union", [a, b, ...others]);
  return [b, ...others].reduce((all, other) => combined("union", all, other), a);
}

/**
 * The pairs that are in all of the neighborhoods: `N(i)` is the intersection of their `N(i)`. How masks are laid over one another: what is
 * earlier, and no padding. As sets, and computed when asked for: see {@link union}. Of neighborhoods that have runs the intersection has
 * runs.
 *
 * @throws ShapeError `shapes-differ` unless all have the same counts of receivers and of senders.
 */
export function intersection(a: Neighborhood, b: Neighborhood, ...others: readonly Neighborhood[]): Neighborhood {
  checkCounts("intersection", [a, b, ...others]);
  return [b, ...others].reduce(intersect, a);
}

/**
 * The pairs of `a` that are not in `b`: `N(i)` of `a` without `N(i)` of `b`. As sets, and computed when asked for: see {@link union}.
 *
 * @throws ShapeError `shapes-differ` unless both have the same counts of receivers and of senders.
 */
export function difference(a: Neighborhood, b: Neighborhood): Neighborhood {
  checkCounts("difference", [a, b]);
  return combined("difference", a, b);
}

function intersect(a: Neighborhood, b: Neighborhood): Neighborhood {
  const [{ runs: ofA, receivers, senders }, { runs: ofB }] = [a, b];
  if (ofA !== undefined && ofB !== undefined) {
    const start = (i: number): number => Math.max(ofA.starts[i]!, ofB.starts[i]!);
    const end = (i: number): number => Math.max(start(i), Math.min(ofA.ends[i]!, ofB.ends[i]!));
    return byRuns({ kind: "intersection", receivers, senders, start, end });
  }
  // The one without runs is listed, because a run may be long and keep little.
  return ofA === undefined ? combined("intersection", a, b) : combined("intersection", b, a);
}

/** The sets of `a`, one after the other in memory that is used again, each combined with that of `b`. */
function combined(kind: Combination, a: Neighborhood, b: Neighborhood): Neighborhood {
  const { receivers, senders } = a;
  return byStream({
    kind,
    receivers,
    senders,
    *stream(first, last) {
      let out = new Uint32Array(64);
      for (const [start, end] of smallBlocks(a, first, last)) {
        const rows = rowsOf(a, start, end);
        const { combine, room } = rowsBy(kind, b, start, end);
        for (let k = 0; k < end - start; k++) {
          const set = setOf(rows, k);
          // No set has more than all senders.
          const most = Math.min(senders, set.length + room);
          if (most > out.length) out = new Uint32Array(2 * most);
          yield out.subarray(0, combine(k, set, out));
        }
      }
    },
  });
}

type Combination = "union" | "intersection" | "difference";

/** How the rows of a block are combined with those of another neighborhood. */
interface RowCombination {
  /** Writes the set to `out` with what the other's row adds, or without what it takes away; the count. */
  readonly combine: (row: number, set: Uint32Array, out: Uint32Array) => number;
  /** How many it adds at most. */
  readonly room: number;
}

function rowsBy(kind: Combination, b: Neighborhood, start: number, end: number): RowCombination {
  const { runs } = b;
  const isKept = kind === "intersection";
  if (runs !== undefined && kind !== "union") {
    const { starts, ends } = runs;
    return { combine: (k, set, out) => filterByRun(set, starts[start + k]!, ends[start + k]!, isKept, out), room: 0 };
  }
  const rows = rowsOf(b, start, end);
  if (kind === "union") return { combine: (k, set, out) => mergeSets(set, setOf(rows, k), out), room: rows.edges };
  return { combine: (k, set, out) => filterSet(set, setOf(rows, k), isKept, out), room: 0 };
}

function setOf({ offsets, senderOf }: SparseNeighborhood, row: number): Uint32Array {
  return sortedSet(senderOf.subarray(offsets[row], offsets[row + 1]));
}

function checkCounts(where: string, all: readonly Neighborhood[]): void {
  if (all.every(({ receivers, senders }) => receivers === all[0]?.receivers && senders === all[0].senders)) return;
  const counts = all.map(({ receivers, senders }) => `${receivers} x ${senders}`).join(", ");
  throw new ShapeError(
    "shapes-differ",
    `${where}: got neighborhoods of ${counts} (receivers x senders); expected the same counts in all.`,
  );
}
