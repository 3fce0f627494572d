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

/** The group of each position, from the starts of the groups and the count of positions at their end. */
export function groupsOfPositions(offsets: Uint32Array): Uint32Array {
  const groups = new Uint32Array(offsets.at(-1) ?? 0);
  for (let i = 0; i + 1 < offsets.length; i++) groups.fill(i, offsets[i], offsets[i + 1]);
  return groups;
}
