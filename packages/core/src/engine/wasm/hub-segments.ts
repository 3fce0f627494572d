import type { IndexBuffer } from "../buffers.ts";
import type { KernelsExports } from "./kernels.generated.ts";
import type { Machine } from "./machine.ts";
import { type LongRow, PART, piecesOf } from "./row-pieces.ts";
import { binaryAt } from "./strided.ts";
import type { Call, KernelFunction } from "./worker-pool.ts";

/** Rows of entries. */
interface Rows {
  readonly offsets: IndexBuffer;
  /** What an entry costs, in numbers that an elementwise kernel touches. */
  readonly work: number;
}

/** A row of very many entries, of which threads have computed each a part. */
export interface Hub extends LongRow {
  /** Its first entry, counted from that of all rows. */
  readonly start: number;
  /** Entries. */
  readonly count: number;
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
  /** What the kernel needs for itself. */
  readonly scratch?: Call["scratch"];
}

/** Runs a kernel over rows. Hubs, which would keep one thread busy while the others wait, are computed in parts, that `merge` makes rows of. */
export function overRows<Name extends string>(
  name: Name,
  machine: Machine<KernelsExports & Readonly<Record<Name, KernelFunction>>>,
  { offsets, work }: Rows,
  { numbers, arguments: argumentsOf, merge, again, scratch }: Merge,
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
  const call = (args: readonly number[], first: number, end: number): Call => ({
    target,
    args: [...args, first, end],
    scratch,
  });
  const overParts = (args: readonly number[]): Call[] =>
    longRows.flatMap(({ first, parts }) =>
      Array.from({ length: parts }, (_, p) => call(args, first + p, first + p + 1)),
    );
  memory.temporarily((own) => {
    const fromParts = memory.indices(own(memory.uploadIndices(partStarts)));
    const keptAt = memory.output(own(memory.allocate(partStarts.length * numbers)));
    const ofRanges = ranges.map(([first, end]) => call(argumentsOf(starts, 0), first, end));
    const total = memory.rowStarts(starts, rows + 1)[rows]! * work;
    pool.run([...ofRanges, ...overParts(argumentsOf(fromParts, keptAt))], total);
    for (const row of longRows) {
      const [start, end] = [partStarts[row.first]!, partStarts[row.first + row.parts]!];
      const ofHub = keptAt + row.first * numbers * 4;
      merge({ ...row, start, count: end - start, kept: memory.floatsAt(ofHub, row.parts * numbers), keptAt: ofHub });
    }
    if (again !== undefined) pool.run(overParts(again(fromParts, keptAt)), total);
  });
}

/** Softmax over a row from those over its parts, at `weights`, which kept their maxima and sums. A part weighs as much as its sum. */
export function mergeSoftmax(machine: Machine, weights: number, heads: number, hub: Hub): void {
  const { start, count, parts, kept, keptAt } = hub;
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
    const at = weights + (start + first * PART) * heads * 4;
    const addresses = [at, keptAt + first * 2 * heads * 4, at] as const;
    const strides = [PART * heads, heads, 1];
    binaryAt(machine, "multiply", addresses, [parts, length, heads], strides, [2 * heads, 0, 1]);
  };
  multiply(0, whole, PART);
  multiply(whole, 1, count - whole * PART);
}

/** The sum of what parts kept, one number a head, in the place of each. */
export function mergeMeans(heads: number, { parts, kept }: Hub): void {
  for (let head = 0; head < heads; head++) {
    let sum = 0;
    for (let p = 0; p < parts; p++) sum += kept[p * heads + head]!;
    for (let p = 0; p < parts; p++) kept[p * heads + head] = sum;
  }
}
