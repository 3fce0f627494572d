import { type Expression, symbolNode, symbolsOf } from "../expression/expression.ts";
import type { Local } from "./assembler.ts";
import { hasMaskedLoop, isLong, LaneCode } from "./lane-code.ts";
import { type RowKernel, WORD } from "./row-kernel.ts";
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
  const sums = kernel.quad();
  const offset = f.local("i32");
  f.i32(0).set(kernel.edge);
  f.countTo(kernel.edge, kernel.count, 1, () => {
    const pointers = kernel.edgePointers([...symbolsOf(vector).values()], 1);
    kernel.forEachHead(() => {
      f.get(kernel.head)
        .i32(width * WORD)
        .op("i32.mul")
        .set(offset);
      for (const [head, sum] of sums.entries()) {
        for (let channel = 0; channel < width; channel += 4) {
          const load = (symbol: Expression): void => {
            kernel.pushVector(symbol, pointers, offset).at("v128.load", (head * width + channel) * WORD);
          };
          const code = new LaneCode(f, load, [vector], kernel.scratch);
          code.push(vector);
          code.finish();
          if (channel > 0) f.get(sum).op("f32x4.add");
          f.set(sum);
        }
      }
      pushSlot(kernel, slot);
      emitFourLaneSums(f, sums);
      f.at("v128.store");
    }, 4);
  });
}

/** Four edges of a head at a time, so that what they share is loaded once. */
function sumFourEdges(kernel: RowKernel, tasks: readonly SumTask[]): void {
  if (tasks.length === 0) return;
  const { f } = kernel;
  const accumulators = kernel.quad();
  const offset = new Map<number, Local>();
  for (const { width } of tasks) if (!offset.has(width)) offset.set(width, f.local("i32"));
  f.i32(0).set(kernel.edge);
  f.countTo(kernel.edge, kernel.count, 4, () => {
    const symbols = [...symbolsOf(tasks.map(({ vector }) => vector).reduce((a, b) => a.add(b))).values()];
    const pointers = kernel.edgePointers(symbols, 4);
    for (const local of offset.values()) f.i32(0).set(local);
    kernel.forEachHead(() => {
      for (const { vector, width, slot } of tasks) {
        const repeated = isLong(vector) ? 1 : 2;
        // Of what is no whole vector the code comes on top, once an edge: a mask in the loop takes less.
        const isLoop = hasMaskedLoop(vector, width) || (width >> 2 > repeated && width % 4 !== 0);
        // The first vector is the sum so far, where its code is not that of the others too.
        let isFirst = width >> 2 <= repeated && !isLoop;
        if (!isFirst) for (const local of accumulators) f.i32x4([0, 0, 0, 0]).set(local);
        const addVector = (channel: Local, immediate: number, valid: number, end?: Local): void => {
          const shared = loadShared(kernel, vector, channel, immediate);
          const mask = end && kernel.scratch.take();
          if (mask !== undefined && end !== undefined) {
            // The channels that are left, and the lanes below that count.
            f.i32x4([0, 1, 2, 3]).get(end).get(channel).op("i32.sub").i32(2).op("i32.shr_s");
            f.op("i32x4.splat", "i32x4.lt_s").set(mask);
          }
          for (const e of lanes) {
            if (!isFirst) f.get(accumulators[e]);
            const load = (symbol: Expression): void => {
              const kept = shared.get(symbol);
              if (kept !== undefined) f.get(kept);
              else
                f.get(pointers.get(symbolNode(symbol).name)![e]!)
                  .get(channel)
                  .op("i32.add")
                  .at("v128.load", immediate);
            };
            const code = new LaneCode(f, load, [vector], kernel.scratch);
            code.push(vector);
            code.finish();
            if (mask !== undefined) f.get(mask).op("v128.and");
            else if (valid < 4) f.i32x4(laneMask(valid)).op("v128.and");
            if (!isFirst) f.op("f32x4.add");
            f.set(accumulators[e]);
          }
          isFirst = false;
          if (mask !== undefined) kernel.scratch.give(mask);
          for (const local of shared.values()) kernel.scratch.give(local);
        };
        if (isLoop) kernel.forEachMaskedVector(width, offset.get(width)!, addVector);
        else kernel.forEachVector(width, offset.get(width)!, addVector, repeated);
        storeSums(kernel, slot, accumulators);
      }
      for (const [width, local] of offset)
        f.get(local)
          .i32(width * WORD)
          .op("i32.add")
          .set(local);
    });
  });
}

/** Loads what all edges of a row share, into locals. */
function loadShared(kernel: RowKernel, vector: Expression, channel: Local, immediate: number): Map<Expression, Local> {
  const shared = new Map<Expression, Local>();
  for (const symbol of symbolsOf(vector).values()) {
    const place = kernel.placeOf(symbolNode(symbol).side);
    if (place !== "owner" && place !== "fixed") continue;
    const local = kernel.scratch.take();
    kernel.pushVector(symbol, new Map(), channel).at("v128.load", immediate).set(local);
    shared.set(symbol, local);
  }
  return shared;
}

/** Stores the lane sums of four edges' accumulators at the present head. Slots have room for whole groups of edges. */
function storeSums(kernel: RowKernel, slot: Expression, accumulators: readonly [Local, Local, Local, Local]): void {
  const { f } = kernel;
  pushSlot(kernel, slot);
  if (kernel.lanes === "edges") {
    emitFourLaneSums(f, accumulators);
    f.at("v128.store");
    return;
  }
  const address = f.local("i32");
  const result = kernel.scratch.take();
  f.set(address);
  emitFourLaneSums(f, accumulators);
  f.set(result);
  for (const e of lanes)
    f.get(address)
      .get(result)
      .laneAt("v128.store32_lane", e, e * kernel.heads * WORD);
  kernel.scratch.give(result);
}

/** Pushes the address of a slot at the present edge and head. */
function pushSlot(kernel: RowKernel, slot: Expression): void {
  kernel.pushSlotRow(slot);
  kernel.f.get(kernel.edge);
  kernel.toSlotBytes();
  kernel.f.op("i32.add");
}

function laneMask(valid: number): readonly [number, number, number, number] {
  return [-1, valid > 1 ? -1 : 0, valid > 2 ? -1 : 0, 0];
}
