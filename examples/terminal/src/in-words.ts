/** Such as 95.5 %. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Such as 1 node, or 1,200 nodes. */
export function counted(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
