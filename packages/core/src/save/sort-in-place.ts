/**
 * Sorts numbers by heaps (Williams 1964), in their own memory: `Array.sort` takes as much again. Each comparison is with one of log2(n) others, whatever
 * the order was.
 *
 * @param compare Below 0 where the first comes first, above 0 where the second does.
 */
export function sortInPlace(items: Uint32Array, compare: (a: number, b: number) => number): void {
  for (let k = (items.length >> 1) - 1; k >= 0; k--) sink(items, k, items.length, compare);
  for (let end = items.length - 1; end > 0; end--) {
    swap(items, 0, end);
    sink(items, 0, end, compare);
  }
}

/** Lets what is at `k` go down among the first `end` until nothing below it is larger. */
function sink(items: Uint32Array, k: number, end: number, compare: (a: number, b: number) => number): void {
  for (let at = k; ; ) {
    let child = 2 * at + 1;
    if (child >= end) return;
    if (child + 1 < end && compare(items[child]!, items[child + 1]!) < 0) child++;
    if (compare(items[at]!, items[child]!) >= 0) return;
    swap(items, at, child);
    at = child;
  }
}

function swap(items: Uint32Array, a: number, b: number): void {
  const first = items[a]!;
  items[a] = items[b]!;
  items[b] = first;
}
