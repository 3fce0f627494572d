import type { IndexBuffer } from "../buffers.ts";
import type { KernelsExports } from "./kernels.generated.ts";
import type { Machine } from "./machine.ts";
import { type LongRow, PART, piecesOf } from "./row-pieces.ts";
import { binaryAt } from "./strided.ts";
import type { Call, KernelFunction } from "./worker-pool.ts";

/** Logits or weights of rows, `[entries, heads]`. */
interface Rows {
  readonly offsets: IndexBuffer;
  readonly heads: number;
  /** What a number costs, in numbers that an elementwise kernel touches. */
  readonly work: number;
}

/** A row of very many entries, of which threads have computed each a part. */
export interface Hub {
  readonly heads: number;
  /** Entries. */
  readonly count: number;
  /** How far its first entry is from that of all rows, in bytes. */
  readonly shift: number;
  readonly parts: number;
  /** What is kept of its parts, `[parts, numbers]`. */
  readonly kept: Float32Array;
  /** The address of `kept`. */
  readonly keptAt: number;
}

/** What parts keep for {@link Merge}, and how that makes rows of them. */
interface Merge {
  /** Numbers that each part keeps. */
  readonly numbers: number;
  /** A kernel's arguments but for its range, from the addresses of row starts and of what is kept of each; 0 for rows that are no parts. */
  readonly arguments: (starts: number, kept: number) => number[];
  /** Called for each hub. */
  readonly merge: (hub: Hub) => void;
  /** Arguments with which the kernel runs over the parts again. */
  readonly again?: (starts: number, kept: number) => number[];
}

/** Runs a kernel over rows. Hubs, which would keep one thread busy while the others wait, are computed in parts, that `merge` makes rows of. */
export function overRows<Name extends string>(
  name: Name,
  machine: Machine<KernelsExports & Readonly<Record<Name, KernelFunction>>>,
  { offsets, heads, work }: Rows,
  { numbers, arguments: argumentsOf, merge, again }: Merge,
): void {
  const { memory, pool } = machine;
  const starts = memory.indices(offsets);
  const rows = offsets.length - 1;
  const { ranges, longRows, partStarts } = piecesOf(offsets, memory);
  if (longRows.length === 0) {
    machine.kernels[name](...argumentsOf(starts, 0), 0, rows);
    return;
  }
  const target = machine.pooled(name);
  const [parts, kept] = [memory.uploadIndices(partStarts), memory.allocate(partStarts.length * numbers)];
  try {
    const [fromParts, keptAt] = [memory.indices(parts), memory.output(kept)];
    const partsOf = (args: readonly number[], { first, parts }: LongRow): Call[] =>
      Array.from({ length: parts }, (_, p) => ({ target, args: [...args, first + p, first + p + 1] }));
    const overParts = (args: readonly number[]): Call[] => longRows.flatMap((row) => partsOf(args, row));
    const ofRanges = ranges.map(([first, end]): Call => ({ target, args: [...argumentsOf(starts, 0), first, end] }));
    const ends = memory.rowStarts(starts, rows + 1).slice();
    const total = ends[rows]! * heads * work;
    pool.run([...ofRanges, ...overParts(argumentsOf(fromParts, keptAt))], total);
    for (const { row, first, parts } of longRows) {
      const ofHub = keptAt + first * numbers * 4;
      merge({
        ...{ heads, parts, keptAt: ofHub },
        count: ends[row + 1]! - ends[row]!,
        shift: ends[row]! * heads * 4,
        kept: memory.floatsAt(ofHub, parts * numbers),
      });
    }
    if (again !== undefined) pool.run(overParts(again(fromParts, keptAt)), total);
  } finally {
    memory.free(parts);
    memory.free(kept);
  }
}

/** Softmax over a row from those over its parts, at `weights`, which kept their maxima and sums. A part weighs as much as its sum. */
export function mergeSoftmax(machine: Machine, weights: number, { heads, count, parts, kept, keptAt }: Hub): void {
  for (let head = 0; head < heads; head++) {
    const places = Array.from({ length: parts }, (_, p) => 2 * p * heads + head);
    const sumOf = (place: number): number => kept[place + heads]!;
    // A part of -Infinity has the sum 0, and no maximum that counts.
    const most = places.reduce(
      (max, at) => (sumOf(at) === 0 ? max : Math.max(max, kept[at]!)),
      Number.NEGATIVE_INFINITY,
    );
    const scaled = places.map((at) => (sumOf(at) === 0 ? 0 : sumOf(at) * Math.exp(kept[at]! - most)));
    const total = scaled.reduce((sum, part) => sum + part, 0);
    places.forEach((at, p) => {
      kept[at] = total === 0 ? 0 : scaled[p]! / total;
    });
  }
  const whole = Math.floor(count / PART);
  const multiply = (first: number, parts: number, length: number): void => {
    const at = weights + first * PART * heads * 4;
    const addresses = [at, keptAt + first * 2 * heads * 4, at] as const;
    const strides = [PART * heads, heads, 1];
    binaryAt(machine, "multiply", addresses, [parts, length, heads], strides, [2 * heads, 0, 1]);
  };
  multiply(0, whole, PART);
  multiply(whole, 1, count - whole * PART);
}

/** The sum of what parts kept, one number a head, in the place of each. */
export function mergeMeans({ heads, parts, kept }: Hub): void {
  for (let head = 0; head < heads; head++) {
    let sum = 0;
    for (let p = 0; p < parts; p++) sum += kept[p * heads + head]!;
    for (let p = 0; p < parts; p++) kept[p * heads + head] = sum;
  }
}
