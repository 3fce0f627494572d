/** A number with fewer digits, for files that people and browsers read. */
export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
