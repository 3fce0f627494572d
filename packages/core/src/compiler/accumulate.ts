import { type Expression, symbolNode, symbolsOf } from "../expression/expression.ts";
import type { Local } from "./assembler.ts";
import { LaneCode } from "./lane-code.ts";
import { type Operand, type RowKernel, VECTOR, WORD } from "./row-kernel.ts";

/** Numbers accumulated over the edges of a row, for each head and channel. */
export interface AccumulateTask {
  readonly target: Operand;
  readonly vector: Expression;
  /** Whether the result is added to what is there, or replaces it. */
  readonly mode: "add" | "store";
  /** A number for each head that the result is multiplied with: the slot of its first edge. */
  readonly scale?: Expression;
}

interface TileVector {
  /** Relative to the first head of the tile. */
  readonly head: number;
  /** Bytes from the tile's first channel. */
  readonly immediate: number;
  /** Lanes that are channels of the head. */
  readonly valid: number;
}

/** Sums over the chunk's edges, for each head and channel of the targets, which all have the same width. */
export function emitAccumulate(kernel: RowKernel, tasks: readonly AccumulateTask[]): void {
  if (tasks.length === 0) return;
  const { f, heads } = kernel;
  const width = tasks[0]!.target.width;
  const perTile = Math.max(1, Math.floor(4 / tasks.length));
  const channel = f.local("i32");
  f.i32(0).set(channel);
  const headsPerTile = width % 4 === 0 ? Math.floor((perTile * 4) / width) : 0;
  if (headsPerTile > 1) {
    // Narrow heads: several of them in a tile.
    const whole = heads - (heads % headsPerTile);
    const tileOf = (count: number): TileVector[] =>
      Array.from({ length: (count * width) / 4 }, (_, v) => ({
        head: Math.floor((v * 4) / width),
        immediate: v * VECTOR,
        valid: 4,
      }));
    if (whole > 0) {
      kernel.forEachHead(
        () => {
          emitTile(kernel, tasks, channel, tileOf(headsPerTile));
          f.get(channel)
            .i32(headsPerTile * width * WORD)
            .op("i32.add")
            .set(channel);
        },
        headsPerTile,
        whole,
      );
    }
    if (whole < heads) {
      f.i32(whole).set(kernel.head);
      emitTile(kernel, tasks, channel, tileOf(heads - whole));
    }
    return;
  }
  const vectors = Math.ceil(width / 4);
  const tiles = Math.floor(width / 4 / perTile);
  kernel.forEachHead(() => {
    if (tiles > 0) {
      const end = f.local("i32");
      const full = Array.from({ length: perTile }, (_, v) => ({ head: 0, immediate: v * VECTOR, valid: 4 }));
      f.get(channel)
        .i32(tiles * perTile * VECTOR)
        .op("i32.add")
        .set(end);
      f.countTo(channel, end, perTile * VECTOR, () => emitTile(kernel, tasks, channel, full));
    }
    const rest = vectors - tiles * perTile;
    if (rest > 0) {
      const last = Array.from({ length: rest }, (_, v) => ({
        head: 0,
        immediate: v * VECTOR,
        valid: Math.min(4, width - 4 * (tiles * perTile + v)),
      }));
      emitTile(kernel, tasks, channel, last);
    }
    f.get(channel)
      .i32((width - tiles * perTile * 4) * WORD)
      .op("i32.add")
      .set(channel);
  });
}

function emitTile(
  kernel: RowKernel,
  tasks: readonly AccumulateTask[],
  channel: Local,
  vectors: readonly TileVector[],
): void {
  const { f } = kernel;
  const roots = tasks.map(({ vector }) => vector);
  const symbols = [...new Set(roots.flatMap((root) => [...symbolsOf(root).values()]))];
  const slots = symbols.filter((symbol) => kernel.slotPointer.has(symbolNode(symbol).name));
  const headCount = Math.max(...vectors.map(({ head }) => head)) + 1;
  const slotRows = new Map(
    slots.map((slot) => [
      slot,
      Array.from({ length: headCount }, (_, head) => {
        const local = f.local("i32");
        kernel.pushSlotRow(slot, head);
        f.set(local);
        return local;
      }),
    ]),
  );
  const accumulators = tasks.map(() => vectors.map(() => kernel.scratch.take()));
  for (const local of accumulators.flat()) f.i32x4([0, 0, 0, 0]).set(local);
  const bytes = f.local("i32");
  f.i32(0).set(kernel.edge);
  f.countTo(kernel.edge, kernel.count, 1, () => {
    f.get(kernel.edge);
    kernel.toSlotBytes();
    f.set(bytes);
    const pointers = kernel.edgePointers(symbols, 1);
    for (const [v, { head, immediate }] of vectors.entries()) {
      const load = (symbol: Expression): void => {
        const rows = slotRows.get(symbol);
        if (rows !== undefined) f.get(rows[head]!).get(bytes).op("i32.add").at("v128.load32_splat");
        else kernel.pushVector(symbol, pointers, channel).at("v128.load", immediate);
      };
      const code = new LaneCode(f, load, roots, kernel.scratch);
      for (const [t, root] of roots.entries()) {
        f.get(accumulators[t]![v]!);
        code.push(root);
        f.op("f32x4.add").set(accumulators[t]![v]!);
      }
      code.finish();
    }
  });
  for (const [t, { target, mode, scale }] of tasks.entries()) {
    const isOwner = target.side === kernel.owner;
    const pushTarget = (): void => {
      f.get(isOwner ? kernel.ownerPointer.get(target.name)! : kernel.base.get(target.name)!)
        .get(channel)
        .op("i32.add");
    };
    for (const [v, { head, immediate, valid }] of vectors.entries()) {
      const local = accumulators[t]![v]!;
      if (scale !== undefined) {
        f.get(local);
        kernel.pushSlotRow(scale, head);
        f.at("v128.load32_splat").op("f32x4.mul").set(local);
      }
      if (mode === "add") {
        pushTarget();
        f.at("v128.load", immediate).get(local).op("f32x4.add").set(local);
      }
      kernel.storeLanes(pushTarget, local, immediate, valid);
    }
  }
  for (const local of accumulators.flat()) kernel.scratch.give(local);
}
