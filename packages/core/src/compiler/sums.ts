import { type Expression, symbolsOf } from "../expression/expression.ts";
import type { Local } from "./assembler.ts";
import { emitLanes, hasMaskedLoop, isLong } from "./lane-code.ts";
import { type RowKernel, WORD } from "./row-kernel.ts";
import { forEachMaskedVector, forEachVector, quad } from "./vector-loops.ts";
import { emitFourLaneSums } from "./vector-math.ts";

/** A vector summed over its channels, for each edge and head; the sum goes to a slot. */
export interface SumTask {
  readonly vector: Expression;
  readonly width: number;
  readonly slot: Expression;
}

const lanes = [0, 1, 2, 3] as const;

/** Sums over channels, for each edge of the chunk and each head. */
export function emitSums(kernel: RowKernel, tasks: readonly SumTask[]): void {
  if (kernel.lanes === "heads" && tasks.length === 1 && isNarrowProduct(tasks[0]!)) sumFourHeads(kernel, tasks[0]!);
  else sumFourEdges(kernel, tasks);
}

/**
 * Whether to load anew for each edge what edges share takes less time than to compute and store four edges at a time, some of them beyond the last: so it was
 * measured for one product of narrow heads, and not for several or for longer ones.
 */
function isNarrowProduct({ vector, width }: SumTask): boolean {
  return (width === 4 || width === 8) && symbolsOf(vector).size <= 2 && !isLong(vector);
}

/** Four heads of an edge at a time: their sums are stored as they are read later, one vector. */
function sumFourHeads(kernel: RowKernel, { vector, width, slot }: SumTask): void {
  const { f } = kernel;
  const sums = quad(f);
  const offset = f.local("i32");
  kernel.forEachEdge(() => {
    const pointers = kernel.edgePointers(symbolsOf(vector).keys());
    kernel.forEachHead(() => {
      f.get(kernel.head)
        .i32(width * WORD)
        .op("i32.mul")
        .set(offset);
      for (const [head, sum] of sums.entries()) {
        for (let channel = 0; channel < width; channel += 4) {
          const immediate = (head * width + channel) * WORD;
          emitLanes(f, vector, (symbol) => kernel.pushVector(symbol, offset, immediate, pointers));
          if (channel > 0) f.get(sum).op("f32x4.add");
          f.set(sum);
        }
      }
      kernel.pushSlot(slot);
      emitFourLaneSums(f, sums);
      f.at("v128.store");
    }, 4);
  });
}

/** Four edges of a head at a time, so that what they share is loaded once. */
function sumFourEdges(kernel: RowKernel, tasks: readonly SumTask[]): void {
  if (tasks.length === 0) return;
  const { f } = kernel;
  const accumulators = quad(f);
  const offset = new Map<number, Local>();
  for (const { width } of tasks) if (!offset.has(width)) offset.set(width, f.local("i32"));
  kernel.forEachEdge(() => {
    const names = new Set(tasks.flatMap(({ vector }) => [...symbolsOf(vector).keys()]));
    const pointers = kernel.edgePointers(names, 4);
    for (const local of offset.values()) f.i32(0).set(local);
    kernel.forEachHead(() => {
      for (const { vector, width, slot } of tasks) {
        const repeated = isLong(vector) ? 1 : 2;
        // Of what is no whole vector the code comes on top, once an edge: a mask in the loop takes less.
        const isLoop = hasMaskedLoop(vector, width) || (width >> 2 > repeated && width % 4 !== 0);
        // The first vector is the sum so far, where its code is not that of the others too.
        let isFirst = width >> 2 <= repeated && !isLoop;
        if (!isFirst) for (const local of accumulators) f.splat(0).set(local);
        const addVector = (channel: Local, immediate: number, valid: number, end?: Local): void => {
          const shared = kernel.loadShared(symbolsOf(vector).values(), channel, [immediate]);
          const mask = end && f.take();
          if (mask !== undefined && end !== undefined) {
            // The channels that are left, and the lanes below that count.
            f.i32x4(0, 1, 2, 3).get(end).get(channel).op("i32.sub").i32(2).op("i32.shr_s");
            f.op("i32x4.splat", "i32x4.lt_s").set(mask);
          }
          for (const e of lanes) {
            if (!isFirst) f.get(accumulators[e]);
            emitLanes(f, vector, (symbol) => {
              const local = shared.get(symbol)?.[0];
              if (local !== undefined) f.get(local);
              else kernel.pushVector(symbol, channel, immediate, pointers, e);
            });
            if (mask !== undefined) f.get(mask).op("v128.and");
            else if (valid < 4) f.i32x4(-1, valid > 1 ? -1 : 0, valid > 2 ? -1 : 0, 0).op("v128.and");
            if (!isFirst) f.op("f32x4.add");
            f.set(accumulators[e]);
          }
          isFirst = false;
          if (mask !== undefined) f.give(mask);
          f.give(...[...shared.values()].flat());
        };
        if (isLoop) forEachMaskedVector(f, width, offset.get(width)!, addVector);
        else forEachVector(f, width, offset.get(width)!, addVector, repeated);
        storeSums(kernel, slot, accumulators);
      }
      for (const [width, local] of offset) f.setSum(local, local, width * WORD);
    });
  }, 4);
}

/** Stores the lane sums of four edges' accumulators at the present head. Slots have room for whole groups of edges. */
function storeSums(kernel: RowKernel, slot: Expression, accumulators: readonly [Local, Local, Local, Local]): void {
  const { f } = kernel;
  kernel.pushSlot(slot);
  if (kernel.lanes === "edges") {
    emitFourLaneSums(f, accumulators);
    f.at("v128.store");
    return;
  }
  const address = f.local("i32");
  const result = f.take();
  f.set(address);
  emitFourLaneSums(f, accumulators);
  f.set(result);
  for (const e of lanes)
    f.get(address)
      .get(result)
      .laneAt("v128.store32_lane", e, e * kernel.heads * WORD);
  f.give(result);
}
