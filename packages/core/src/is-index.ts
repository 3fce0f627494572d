/** Whether a number names one of `count` things: a whole number from 0, below `count`. */
export function isIndex(number: number, count: number): boolean {
  return Number.isInteger(number) && number >= 0 && number < count;
}
