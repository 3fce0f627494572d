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
  return [b, ...others].reduce(
    (all, other) => byStream({ ...familyOf("union", a), stream: mergedRows(all, other) }),
    a,
  );
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
  return byStream({ ...familyOf("difference", a), stream: filteredRows(a, b, "other") });
}

function intersect(a: Neighborhood, b: Neighborhood): Neighborhood {
  const [ofA, ofB] = [a.runs, b.runs];
  if (ofA !== undefined && ofB !== undefined) {
    const start = (i: number): number => Math.max(ofA.starts[i]!, ofB.starts[i]!);
    const end = (i: number): number => Math.max(start(i), Math.min(ofA.ends[i]!, ofB.ends[i]!));
    return byRuns({ ...familyOf("intersection", a), start, end });
  }
  // The one without runs is listed, because a run may be long and keep little.
  const [listed, filter] = ofA === undefined ? [a, b] : [b, a];
  return byStream({ ...familyOf("intersection", a), stream: filteredRows(listed, filter, "common") });
}

type Stream = (first: number, last: number) => Iterable<Uint32Array>;

function familyOf(
  kind: string,
  { receivers, senders }: Neighborhood,
): Pick<Neighborhood, "kind" | "receivers" | "senders"> {
  return { kind, receivers, senders };
}

function mergedRows(a: Neighborhood, b: Neighborhood): Stream {
  return function* (first, last) {
    let out = new Uint32Array(64);
    for (const [start, end] of smallBlocks(a, first, last)) {
      const [rowsOfA, rowsOfB] = [rowsOf(a, start, end), rowsOf(b, start, end)];
      for (let k = 0; k < end - start; k++) {
        const [one, other] = [setOf(rowsOfA, k), setOf(rowsOfB, k)];
        out = withRoom(out, one.length + other.length);
        yield out.subarray(0, mergeSets(one, other, out));
      }
    }
  };
}

function filteredRows(a: Neighborhood, b: Neighborhood, kept: "common" | "other"): Stream {
  return function* (first, last) {
    let out = new Uint32Array(64);
    for (const [start, end] of smallBlocks(a, first, last)) {
      const rows = rowsOf(a, start, end);
      const filter = filterBy(b, kept, start, end);
      for (let k = 0; k < end - start; k++) {
        const set = setOf(rows, k);
        out = withRoom(out, set.length);
        yield out.subarray(0, filter(k, set, out));
      }
    }
  };
}

type RowFilter = (row: number, set: Uint32Array, out: Uint32Array) => number;

/** Keeps what the rows of a block have in common with those of `b`, or the rest. */
function filterBy(b: Neighborhood, kept: "common" | "other", start: number, end: number): RowFilter {
  const { runs } = b;
  if (runs !== undefined) {
    const { starts, ends } = runs;
    return (k, set, out) => filterByRun(set, starts[start + k]!, ends[start + k]!, kept, out);
  }
  const rows = rowsOf(b, start, end);
  return (k, set, out) => filterSet(set, setOf(rows, k), kept, out);
}

function setOf({ offsets, senderOf }: SparseNeighborhood, row: number): Uint32Array {
  return sortedSet(senderOf.subarray(offsets[row], offsets[row + 1]));
}

function withRoom(out: Uint32Array<ArrayBuffer>, count: number): Uint32Array<ArrayBuffer> {
  return count <= out.length ? out : new Uint32Array(2 * count);
}

function checkCounts(where: string, all: readonly Neighborhood[]): void {
  if (all.every(({ receivers, senders }) => receivers === all[0]?.receivers && senders === all[0].senders)) return;
  const counts = all.map(({ receivers, senders }) => `${receivers} x ${senders}`).join(", ");
  throw new ShapeError(
    "shapes-differ",
    `${where}: got neighborhoods of ${counts} (receivers x senders); expected the same counts in all.`,
  );
}
