import { DataError } from "@vicinal/core";
import type { Split } from "./dataset.ts";

/** The codes of `splits.u8.bin`; 0 is unused. */
export const TRAIN = 1;
export const VALIDATION = 2;
export const TEST = 3;

/**
 * Splits from `[splits, nodes]` codes: 0 unused, 1 train, 2 validation, 3 test.
 *
 * @param item What is split, for messages.
 * @throws DataError `unknown-split-code`.
 */
export function splitsFromCodes(where: string, codes: Uint8Array, nodes: number, item = "node"): Split[] {
  const splits: Split[] = [];
  for (let start = 0; start < codes.length; start += nodes) {
    const rows = codes.subarray(start, start + nodes);
    const strange = rows.find((code) => code > TEST);
    if (strange !== undefined) {
      throw new DataError(
        "unknown-split-code",
        `${where}: split ${splits.length} gives ${item} ${rows.indexOf(strange)} the code ${strange}; ` +
          "expected 0 unused, 1 train, 2 validation or 3 test.",
      );
    }
    splits.push({ train: nodesOf(rows, TRAIN), validation: nodesOf(rows, VALIDATION), test: nodesOf(rows, TEST) });
  }
  return splits;
}

/** One split from three lists of nodes, in any order. */
export function splitFromLists(train: Iterable<number>, validation: Iterable<number>, test: Iterable<number>): Split {
  return { train: ascending(train), validation: ascending(validation), test: ascending(test) };
}

function ascending(nodes: Iterable<number>): Uint32Array {
  return Uint32Array.from(nodes).sort();
}

function nodesOf(codes: Uint8Array, code: number): Uint32Array {
  const nodes = new Uint32Array(codes.reduce((count, c) => count + (c === code ? 1 : 0), 0));
  let filled = 0;
  for (let node = 0; node < codes.length; node++) if (codes[node] === code) nodes[filled++] = node;
  return nodes;
}
