import type { Random } from "@vicinal/core";

/** Whether something joins a pair of nodes. */
export type IsTaken = (first: number, second: number) => boolean;

/** Draws an ordered pair of different nodes that nothing joins, each equally likely. There must be one, and drawing is quick where many are free. */
export function drawFreePair(nodes: number, isTaken: IsTaken, random: Random): [first: number, second: number] {
  for (;;) {
    const first = random.integer(nodes);
    const other = random.integer(nodes - 1);
    const second = other < first ? other : other + 1;
    if (!isTaken(first, second)) return [first, second];
  }
}

/** Every ordered pair of different nodes that nothing joins, ascending; of pairs without an order, those whose first node is below the second. */
export function* freePairs(
  nodes: number,
  isTaken: IsTaken,
  { ordered }: { readonly ordered: boolean },
): Generator<[first: number, second: number]> {
  for (let first = 0; first < nodes; first++) {
    for (let second = ordered ? 0 : first + 1; second < nodes; second++) {
      if (first !== second && !isTaken(first, second)) yield [first, second];
    }
  }
}
