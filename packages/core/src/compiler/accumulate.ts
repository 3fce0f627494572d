import { type Expression, symbolNode, symbolsOf } from "../expression/expression.ts";
import type { Local } from "./assembler.ts";
import { factorOut, scalarParts, spreadGates } from "./factor.ts";
import { interner } from "./intern.ts";
import { emitLanes, hasMaskedLoop, isLong, laneCode } from "./lane-code.ts";
import { type Operand, type RowKernel, VECTOR, WORD } from "./row-kernel.ts";
import { storeLanes } from "./vector-loops.ts";

/** Numbers accumulated over the edges of a row, for each head and channel. */
export interface AccumulateTask {
  readonly target: Operand;
  readonly vector: Expression;
  /** Whether the result is added to what is there, or replaces it. */
  readonly mode: "add" | "store";
  /** A number for each head that the result is multiplied with: the slot of its first edge. */
  readonly scale?: Expression;
}

/** A task of which the sum over edges is taken before what they share is multiplied with it. */
interface FactoredTask extends AccumulateTask {
  readonly shared: Expression | undefined;
}

interface TileVector {
  /** Relative to the first head of the tile. */
  readonly head: number;
  /** Bytes from the tile's first channel. */
  readonly immediate: number;
  /** Lanes that are channels of the head. */
  readonly valid: number;
  /** The end of the head, in bytes from a row's first number, where the tile is one of a loop and `valid` of its last. */
  readonly end?: Local;
}

/** Sums over the chunk's edges, for each head and channel of the targets, which all have the same width. */
export function emitAccumulate(kernel: RowKernel, given: readonly AccumulateTask[]): void {
  if (given.length === 0) return;
  const tasks = factored(kernel, given);
  const { f, heads } = kernel;
  const width = tasks[0]!.target.width;
  const added = tasks.map(({ vector }) => vector);
  // Where wide rows are added, each times a number, eight sums at a time were measured to take less than four; else more.
  const isRow = width >= 64 && tasks.length === 1 && symbolsOf(added[0]!).size === 2;
  const perTile = added.some(isLong) ? 1 : Math.max(1, Math.floor((isRow ? 8 : 4) / tasks.length));
  const channel = f.local("i32");
  f.i32(0).set(channel);
  const emit = (vectors: readonly TileVector[]): void => emitTile(kernel, tasks, channel, vectors);
  /** So many vectors, of which `left` channels are in the head. */
  const tileOf = (vectors: number, left = Number.POSITIVE_INFINITY): TileVector[] =>
    Array.from({ length: vectors }, (_, v) => ({
      head: Math.floor((v * 4) / width),
      immediate: v * VECTOR,
      valid: Math.min(4, left - 4 * v),
    }));
  const headsPerTile = width % 4 === 0 ? Math.floor((perTile * 4) / width) : 0;
  if (headsPerTile > 1) {
    // Narrow heads: several of them in a tile.
    const rest = heads % headsPerTile;
    const whole = heads - rest;
    if (whole > 0) {
      const emitHeads = (): void => {
        emit(tileOf((headsPerTile * width) / 4));
        f.setSum(channel, channel, headsPerTile * width * WORD);
      };
      kernel.forEachHead(emitHeads, headsPerTile, whole);
    }
    if (rest > 0) {
      f.i32(whole).set(kernel.head);
      emit(tileOf((rest * width) / 4));
    }
    return;
  }
  if (tasks.some(({ vector }) => hasMaskedLoop(vector, width))) {
    kernel.forEachHead(() => {
      const end = f.local("i32");
      f.setSum(end, channel, width * WORD);
      f.countTo(channel, end, VECTOR, () => emit([{ head: 0, immediate: 0, valid: width & 3, end }]));
      f.get(end).set(channel);
    });
    return;
  }
  const rest = width % (4 * perTile);
  const inTiles = width - rest;
  kernel.forEachHead(() => {
    if (inTiles > 0) {
      const end = f.local("i32");
      f.setSum(end, channel, inTiles * WORD);
      f.countTo(channel, end, perTile * VECTOR, () => emit(tileOf(perTile)));
    }
    if (rest > 0) emit(tileOf(Math.ceil(rest / 4), rest));
    f.setSum(channel, channel, rest * WORD);
  });
}

/** Takes out of tasks what all edges of a row share. */
function factored(kernel: RowKernel, tasks: readonly AccumulateTask[]): FactoredTask[] {
  const intern = interner();
  const parts = tasks.map(({ vector }) =>
    factorOut(vector, ({ sides }) => [...sides].every((side) => kernel.isShared(side))),
  );
  const vectors = spreadGates(
    parts.map(({ varying }) => varying),
    intern,
  );
  return tasks.map((task, k) => ({ ...task, vector: vectors[k]!, shared: parts[k]!.shared }));
}

/** Some vectors of the targets, summed over the chunk's edges in registers. */
interface Tile {
  readonly kernel: RowKernel;
  readonly tasks: readonly FactoredTask[];
  readonly vectors: readonly TileVector[];
  /** Holds the bytes from a row's first number to the tile's. */
  readonly channel: Local;
  /** The sum of each task and vector. */
  readonly sums: readonly (readonly Local[])[];
}

function emitTile(
  kernel: RowKernel,
  tasks: readonly FactoredTask[],
  channel: Local,
  vectors: readonly TileVector[],
): void {
  const { f } = kernel;
  const symbols = new Map(tasks.flatMap(({ vector }) => [...symbolsOf(vector)]));
  const rows = slotRows(kernel, [...symbols.values()], vectors);
  const immediates = vectors.map(({ immediate }) => immediate);
  const shared = kernel.loadShared(symbols.values(), channel, immediates);
  const sums = tasks.map(() => vectors.map(() => f.take()));
  for (const local of sums.flat()) f.splat(0).set(local);
  const tile: Tile = { kernel, tasks, vectors, channel, sums };
  const bytes = f.local("i32");
  kernel.forEachEdge(() => {
    f.get(kernel.edge);
    kernel.toSlotBytes().set(bytes);
    const pointers = kernel.edgePointers(symbols.keys());
    const numbers = rows.map((row) => loadNumbers(tile, row, bytes));
    addEdge(tile, numbers, (symbol, v) => {
      const local = shared.get(symbol)?.[v];
      if (local !== undefined) f.get(local);
      else kernel.pushVector(symbol, channel, immediates[v]!, pointers);
    });
    for (const locals of numbers) f.give(...locals.values());
  });
  f.give(...[...shared.values()].flat());
  storeTile(tile);
  f.give(...sums.flat());
}

/** For each head of a tile, the addresses of the rows of slots. */
function slotRows(
  kernel: RowKernel,
  symbols: readonly Expression[],
  vectors: readonly TileVector[],
): Map<Expression, Local>[] {
  const { f } = kernel;
  const slots = symbols.filter((symbol) => kernel.slotPointer.has(symbolNode(symbol).name));
  const heads = Math.max(...vectors.map(({ head }) => head)) + 1;
  return Array.from(
    { length: heads },
    (_, head) =>
      new Map(
        slots.map((slot) => {
          const local = f.local("i32");
          kernel.pushSlotRow(slot, head);
          f.set(local);
          return [slot, local];
        }),
      ),
  );
}

/** The numbers of the present edge and one head that vectors are multiplied with, in locals. */
function loadNumbers(
  { kernel: { f }, tasks }: Tile,
  row: ReadonlyMap<Expression, Local>,
  bytes: Local,
): Map<Expression, Local> {
  const parts = scalarParts(tasks.map(({ vector }) => vector));
  const load = (symbol: Expression): void => {
    f.get(row.get(symbol)!).get(bytes).op("i32.add").at("v128.load32_splat");
  };
  const code = laneCode(f, parts, load);
  const locals = new Map<Expression, Local>();
  for (const part of parts) {
    const local = f.take();
    code.push(part).set(local);
    locals.set(part, local);
  }
  code.finish();
  return locals;
}

function addEdge(
  { kernel: { f }, tasks, vectors, sums }: Tile,
  numbers: readonly ReadonlyMap<Expression, Local>[],
  load: (symbol: Expression, vector: number) => void,
): void {
  const roots = tasks.map(({ vector }) => vector);
  for (const [v, { head }] of vectors.entries()) {
    const code = laneCode(f, roots, (symbol) => load(symbol, v), numbers[head]);
    for (const [t, root] of roots.entries()) {
      f.get(sums[t]![v]!);
      code.push(root).op("f32x4.add").set(sums[t]![v]!);
    }
    code.finish();
  }
}

function storeTile({ kernel, tasks, vectors, channel, sums }: Tile): void {
  const { f } = kernel;
  for (const [t, { target, mode, scale, shared }] of tasks.entries()) {
    const pushTarget = (): void => void kernel.pushShared(target.name).get(channel).op("i32.add");
    for (const [v, { head, immediate, valid, end }] of vectors.entries()) {
      const local = sums[t]![v]!;
      if (shared !== undefined) {
        f.get(local);
        emitLanes(f, shared, (symbol) => kernel.pushVector(symbol, channel, immediate));
        f.op("f32x4.mul").set(local);
      }
      if (scale !== undefined) {
        f.get(local);
        kernel.pushSlotRow(scale, head);
        f.at("v128.load32_splat").op("f32x4.mul").set(local);
      }
      if (mode === "add") {
        pushTarget();
        f.at("v128.load", immediate).get(local).op("f32x4.add").set(local);
      }
      if (end === undefined) {
        storeLanes(f, pushTarget, local, immediate, valid);
        continue;
      }
      const pushIsLast = (): void => void f.get(end).get(channel).op("i32.sub").i32(VECTOR).op("i32.lt_u");
      pushIsLast();
      f.ifNotZero(() => storeLanes(f, pushTarget, local, immediate, valid));
      pushIsLast();
      f.op("i32.eqz").ifNotZero(() => storeLanes(f, pushTarget, local, immediate, 4));
    }
  }
}
