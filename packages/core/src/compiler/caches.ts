import { type Operand, type RowKernel, rowBytes } from "./row-kernel.ts";

/** Bytes of other ends' vectors that a chunk of edges may have of one operand: a part of a first cache, which has 32 KiB or more. */
const CHUNK_BYTES = 2 ** 14;

/**
 * Bytes of other ends' rows beyond which functions are told to touch them: as large as a core's own cache often is. Below, to touch was measured to take
 * up to 7 % of a backward pass; above, to save some.
 */
export const CACHE_BYTES = 2 ** 21;

/** Bytes that processors fetch from memory at a time. */
const CACHE_LINE = 64;

/** To touch longer rows than this was measured to cost as much as it saves. */
const LONGEST_ROW = 512;

/** Edges of a whole row that are touched: a hub has more than a cache holds. */
const MOST = 512;

/** How many edges to handle at a time, so that the vectors of their other ends stay in the first cache from one use to the next: a multiple of four. */
export function edgesAtOnce(kernel: RowKernel): number {
  return Math.min(64, Math.max(16, (CHUNK_BYTES / longestRow(kernel, othersOf(kernel))) & ~3));
}

/**
 * Reads a number of each cache line of the other ends' rows that the chunk will read, where the function was told that they are more than a cache holds.
 * WebAssembly has no prefetch, but of reads that follow each other a processor has many under way at once. Measured at 8 heads x 8, forward and backward:
 * 1.04 to 1.22 times as fast on graphs of 20,000 and 37,700 nodes.
 */
export function emitTouch(kernel: RowKernel, chunk: number | "row"): void {
  const { f, heads } = kernel;
  // Where lanes are edges, numbers of one head an element are gathered apart, in fours.
  const least = kernel.lanes === "heads" ? 0 : CACHE_LINE;
  const others = othersOf(kernel).filter((operand) => rowBytes(operand, heads) >= least);
  if (others.length === 0 || longestRow(kernel, others) > LONGEST_ROW) return;
  const sum = f.local("i32");
  f.get(kernel.touches).ifNotZero(() => {
    const end = chunk === "row" ? f.local("i32") : kernel.count;
    if (chunk === "row") f.get(kernel.count).i32(MOST).get(kernel.count).i32(MOST).op("i32.lt_u", "select").set(end);
    f.i32(0).set(kernel.edge).i32(0).set(sum);
    f.countTo(kernel.edge, end, 1, () => {
      const pointers = kernel.edgePointers(others.map(({ name }) => name));
      f.get(sum);
      for (const operand of others) {
        for (let at = 0; at < rowBytes(operand, heads); at += CACHE_LINE) {
          f.get(pointers.get(operand.name)![0]!).at("i32.load", at).op("i32.add");
        }
      }
      f.set(sum);
    });
    // Where it will be overwritten: so no compiler takes the reads for dead code.
    f.get(kernel.scratch).get(sum).at("i32.store");
  });
}

function othersOf(kernel: RowKernel): Operand[] {
  return [...kernel.operands.values()].filter(({ side }) => side !== "edge" && !kernel.isShared(side));
}

function longestRow(kernel: RowKernel, operands: readonly Operand[]): number {
  return Math.max(1, ...operands.map((operand) => rowBytes(operand, kernel.heads)));
}
