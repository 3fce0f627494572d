import { DataError, OptionError, ShapeError, type SparseNeighborhood } from "@vicinal/core";

/** @throws ShapeError `shapes-differ` unless senders and receivers are the same nodes. */
export function checkSameNodes(where: string, { senders, receivers }: SparseNeighborhood): void {
  if (senders === receivers) return;
  throw new ShapeError(
    "shapes-differ",
    `${where}: got a neighborhood of ${senders} senders and ${receivers} receivers; expected as many, because they are the same nodes here.`,
  );
}

/** @throws OptionError `out-of-range` unless `count` is a whole number above 0. */
export function checkCount(where: string, what: string, count: number): void {
  if (Number.isSafeInteger(count) && count > 0) return;
  throw new OptionError("out-of-range", `${where}: got ${what} ${count}; expected a whole number above 0.`);
}

/** @throws DataError `index-out-of-range` for a node that is not there. */
export function checkNode(where: string, node: number, nodes: number): void {
  if (node < nodes) return;
  throw new DataError("index-out-of-range", `${where}: got the node ${node}; expected numbers below ${nodes}.`);
}

/** @throws DataError `repeated-node`. */
export function refuseRepeated(where: string, node: number): never {
  throw new DataError(
    "repeated-node",
    `${where}: got the node ${node} twice; expected each once. Leave out repeats, and read the rows of the result as often as needed.`,
  );
}
