/** Whether two lists have the same numbers in the same order. */
export function sameNumbers(a: Uint32Array, b: ArrayLike<number>): boolean {
  return a.length === b.length && a.every((number, k) => number === b[k]);
}
