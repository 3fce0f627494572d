import type { IndexBuffer } from "../buffers.ts";
import type { WasmMemory } from "./memory.ts";

/** A row that is longer than a part, divided into parts. */
export interface LongRow {
  readonly row: number;
  /** Its first part: the row start at this place of {@link RowPieces.partStarts}. */
  readonly first: number;
  readonly parts: number;
}

/**
 * The rows of a CSR structure in pieces that threads can take one by one. Pieces follow from the structure alone, never from the count of
 * threads: whatever is summed over a piece, and then over the pieces in their order, has the same bits for any number of threads.
 */
export interface RowPieces {
  /** Ranges of rows: the first, and the one after the last. Long rows are in none. */
  readonly ranges: readonly (readonly [first: number, end: number])[];
  readonly longRows: readonly LongRow[];
  /** The parts of all long rows as rows of their own: where each starts and ends. */
  readonly partStarts: Uint32Array;
  /** The most edges of a row that is not long. */
  readonly longest: number;
}

/** Edges of a part. A row with more is a hub, which would keep one thread busy while the others wait. */
export const PART = 4096;

/** A piece costs at least this much, counted as an edge or a row each, so that small graphs have few, */
const LEAST_COST = 1024;
/** and there are about this many at most, so that what is kept for each stays small. */
const MOST_PIECES = 64;

/** The pieces of structures that were seen before, by their row starts. */
const known = new WeakMap<Uint32Array | IndexBuffer, RowPieces>();

/** The pieces of a structure, from its row starts; kept for as long as these live. */
export function rowPieces(offsets: Uint32Array): RowPieces {
  return keptPieces(offsets, () => offsets);
}

/** The pieces of a structure whose row starts are in memory. */
export function piecesOf(offsets: IndexBuffer, memory: WasmMemory): RowPieces {
  return keptPieces(offsets, () => memory.rowStarts(memory.indices(offsets), offsets.length));
}

function keptPieces(key: Uint32Array | IndexBuffer, read: () => Uint32Array): RowPieces {
  let pieces = known.get(key);
  if (pieces === undefined) {
    pieces = divide(read());
    known.set(key, pieces);
  }
  return pieces;
}

function divide(offsets: Uint32Array): RowPieces {
  const rows = offsets.length - 1;
  const goal = Math.max(LEAST_COST, ((offsets[rows] ?? 0) + rows) / MOST_PIECES);
  const ranges: [number, number][] = [];
  const longRows: LongRow[] = [];
  const partStarts: number[] = [];
  let longest = 0;
  let first = 0;
  let cost = 0;
  const close = (end: number): void => {
    if (end > first) ranges.push([first, end]);
    cost = 0;
  };
  for (let row = 0; row < rows; row++) {
    const start = offsets[row]!;
    const end = offsets[row + 1]!;
    if (end - start > PART) {
      close(row);
      first = row + 1;
      longRows.push({ row, first: partStarts.length, parts: Math.ceil((end - start) / PART) });
      for (let at = start; at < end; at += PART) partStarts.push(at);
      partStarts.push(end);
      continue;
    }
    longest = Math.max(longest, end - start);
    cost += end - start + 1;
    if (cost < goal) continue;
    close(row + 1);
    first = row + 1;
  }
  close(rows);
  return { ranges, longRows, partStarts: Uint32Array.from(partStarts), longest };
}
