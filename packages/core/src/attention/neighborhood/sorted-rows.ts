/** Sets of senders as ascending numbers without repeats, and what is computed from two of them. */

/** The elements of `row`, ascending and each once: the row itself if it is so already. */
export function sortedSet(row: Uint32Array): Uint32Array {
  let isSet = true;
  for (let k = 1; k < row.length && isSet; k++) isSet = row[k - 1]! < row[k]!;
  if (isSet) return row;
  const sorted = row.slice().sort();
  let count = 0;
  for (const element of sorted) if (count === 0 || sorted[count - 1] !== element) sorted[count++] = element;
  return sorted.subarray(0, count);
}

/** Writes the elements of either set to `out`, which has room for both; their count. */
export function mergeSets(a: Uint32Array, b: Uint32Array, out: Uint32Array): number {
  let [p, q, count] = [0, 0, 0];
  while (p < a.length && q < b.length) {
    const [x, y] = [a[p]!, b[q]!];
    out[count++] = Math.min(x, y);
    if (x <= y) p++;
    if (y <= x) q++;
  }
  while (p < a.length) out[count++] = a[p++]!;
  while (q < b.length) out[count++] = b[q++]!;
  return count;
}

/** Writes the elements of `a` to `out` that are in `b`, or, unless these are kept, that are not; their count. `out` has room for `a`. */
export function filterSet(a: Uint32Array, b: Uint32Array, isKept: boolean, out: Uint32Array): number {
  let [q, count] = [0, 0];
  for (const x of a) {
    while (q < b.length && b[q]! < x) q++;
    if ((b[q] === x) === isKept) out[count++] = x;
  }
  return count;
}

/** As {@link filterSet} with the run of the numbers from `start` to `end - 1` for `b`. */
export function filterByRun(a: Uint32Array, start: number, end: number, isKept: boolean, out: Uint32Array): number {
  let count = 0;
  for (const x of a) if ((x >= start && x < end) === isKept) out[count++] = x;
  return count;
}
