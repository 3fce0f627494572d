/** Stable counting sort of the positions of `keys` by key: row starts and the sorted positions. */
export function groupBy(keys: Uint32Array, count: number): { offsets: Uint32Array; permutation: Uint32Array } {
  const offsets = new Uint32Array(count + 1);
  for (let p = 0; p < keys.length; p++) offsets[keys[p]! + 1]!++;
  for (let i = 0; i < count; i++) offsets[i + 1]! += offsets[i]!;
  const next = offsets.slice(0, count);
  const permutation = new Uint32Array(keys.length);
  for (let p = 0; p < keys.length; p++) permutation[next[keys[p]!]!++] = p;
  return { offsets, permutation };
}

/** The group of each position, from the starts of the groups and the count of positions at their end. */
export function groupsOfPositions(offsets: Uint32Array): Uint32Array {
  const groups = new Uint32Array(offsets.at(-1) ?? 0);
  for (let i = 0; i + 1 < offsets.length; i++) groups.fill(i, offsets[i], offsets[i + 1]);
  return groups;
}

/** Pairs of rows and columns, grouped by column. */
export interface ByColumn {
  /** `columns + 1` row starts. */
  readonly offsets: Uint32Array;
  /** The row of each pair, grouped by column, in their order within a column. */
  readonly rows: Uint32Array;
  /** The position that each of these pairs had. */
  readonly permutation: Uint32Array;
}

/** Groups pairs by column, from the row and the column of the pair at each position. */
export function groupByColumn(rowOf: Uint32Array, columnOf: Uint32Array, columns: number): ByColumn {
  const { offsets, permutation } = groupBy(columnOf, columns);
  const rows = new Uint32Array(permutation.length);
  for (let p = 0; p < permutation.length; p++) rows[p] = rowOf[permutation[p]!]!;
  return { offsets, rows, permutation };
}
