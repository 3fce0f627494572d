/** Stable counting sort of the positions of `keys` by key: row starts and the sorted positions. */
export function groupBy(keys: Uint32Array, count: number): { offsets: Uint32Array; order: Uint32Array } {
  const offsets = new Uint32Array(count + 1);
  for (let p = 0; p < keys.length; p++) offsets[keys[p]! + 1]!++;
  for (let i = 0; i < count; i++) offsets[i + 1]! += offsets[i]!;
  const next = offsets.slice(0, count);
  const order = new Uint32Array(keys.length);
  for (let p = 0; p < keys.length; p++) order[next[keys[p]!]!++] = p;
  return { offsets, order };
}
