import type { AttentionPlan } from "../engine/attention-kernels.ts";
import { type Expression, symbolNode } from "../expression/expression.ts";
import { FunctionBuilder, type Local } from "./assembler.ts";

/** A tensor that a kernel reads or writes, with where its numbers belong. */
export interface Operand {
  readonly name: string;
  /** Elements are receivers, senders, edges by position, or there is one for all. */
  readonly side: "query" | "key" | "edge" | "parameter";
  /** Numbers for each element and head: the channels of a vector, 1 for a scalar. */
  readonly width: number;
}

/** Where the numbers of other ends and of edges are for the present edge, or for four edges from it on, by the name of the operand. */
export type EdgePointers = ReadonlyMap<string, readonly Local[]>;

/**
 * What the four lanes of scalar functions are. Heads, where they come in fours: nothing is wasted on short rows, and scalars lie side by side.
 * Else edges.
 */
export function lanesFor(heads: number): "heads" | "edges" {
  return heads % 4 === 0 ? "heads" : "edges";
}

/** Bytes of an element's numbers in an operand. */
export function rowBytes({ width }: Operand, heads: number): number {
  return heads * width * WORD;
}

/** Bytes of a number, and of a vector of four. */
export const WORD = 4;
export const VECTOR = 16;

/**
 * Builds a function over a range of rows of a CSR structure. A row's edges are handled in chunks: what is a number for each edge and head
 * stands in slots of scratch memory, so that scalar functions run over four heads or four edges at once (see {@link lanesFor}); vectors run
 * over four channels at once. Sums have a fixed order that does not depend on the range.
 */
export interface RowKernel {
  readonly f: FunctionBuilder;
  readonly heads: number;
  /** The probability with which a weight is dropped. */
  readonly dropout: number;
  /** The count of the chunk's edges. */
  readonly count: Local;
  /** What the four lanes of scalar functions are: heads of one edge where heads come in fours, else edges. */
  readonly lanes: "heads" | "edges";
  /** Bytes from one head of a slot to the next, where lanes are edges; else it is one number. */
  readonly stride: Local;
  /** The side whose elements the rows are. */
  readonly owner: "query" | "key";
  readonly operands: ReadonlyMap<string, Operand>;
  /** The address of each slot. */
  readonly slotPointer: ReadonlyMap<string, Local>;
  /** Whether the rows of other ends are more than a cache holds; else 0. */
  readonly touches: Local;
  /** The address of the function's own memory, where the first slot is. */
  readonly scratch: Local;
  /** Counts the edges of the chunk from 0. */
  readonly edge: Local;
  /** Counts the heads from 0. */
  readonly head: Local;

  /**
   * Walks the rows, each as one chunk with slots as long as the row, or in chunks of at most so many edges, a multiple of four: pointers of the row
   * are set, then `body` runs for each chunk.
   */
  forEachChunk(chunk: number | "row", body: () => void): void;

  /** Runs `body` with `head` counted from 0 to `until` (default: all heads). */
  forEachHead(body: () => void, step?: number, until?: number): void;

  /** Runs `body` with `edge` counted from 0 to the end of the chunk. */
  forEachEdge(body: () => void, step?: number): void;

  /** Whether the elements of a side are the same for all edges of a row. */
  isShared(side: Operand["side"]): boolean;

  /** Pushes the address of the numbers of an operand that all edges of the row share. */
  pushShared(name: string): FunctionBuilder;

  /** Pushes the address of the number of width 1 that belongs to the owner, or to the head alone, at the present head. */
  pushScalar(name: string): FunctionBuilder;

  /** Pushes the address of a slot's first edge at the present head, or at one after it. */
  pushSlotRow(slot: Expression, after?: number): void;

  /** Pushes the address of a slot at the present edge and head. */
  pushSlot(slot: Expression): FunctionBuilder;

  /** Turns the count of edges on the stack into the bytes from a slot's first edge. */
  toSlotBytes(): FunctionBuilder;

  /**
   * Pushes `factor` times the number that dropout knows each lane by, position times heads plus head, and the seed. What all lanes share is one
   * integer: products of vectors take many times as long.
   */
  pushElements(k: Local, factor: number): void;

  /**
   * Pushes a vector of a symbol's channels, those from `immediate` bytes after the offset on: of the edge that {@link edgePointers} were set for, or of
   * what all edges share.
   */
  pushVector(symbol: Expression, offset: Local, immediate: number, pointers?: EdgePointers, at?: number): void;

  /** Loads those among symbols that are vectors which all edges of a row share, at each of the `immediates`, into locals. */
  loadShared(symbols: Iterable<Expression>, offset: Local, immediates: readonly number[]): Map<Expression, Local[]>;

  /**
   * Sets pointers to the numbers of other ends and of edges, of the operands among `names`, for `width` edges from the present one on. Past the chunk's
   * end they point to its last edge, so that groups of four need no remainder.
   */
  edgePointers(names: Iterable<string>, width?: 1 | 4): EdgePointers;
}

/**
 * Starts a function over rows. Its parameters, all i32: row start, row end, then the addresses of row offsets, other ends, permutation (by sender
 * only), scratch; the seed; whether other ends' rows are more than a cache holds; and the address of each of the `given` operands.
 */
export function rowKernel(
  name: string,
  owner: "query" | "key",
  { heads, dropout }: Pick<AttentionPlan, "heads" | "dropout">,
  given: readonly Operand[],
  slots: readonly Expression[],
): RowKernel {
  const fixed = 8;
  const f = new FunctionBuilder(name, new Array(fixed + given.length).fill("i32"));
  const row = f.parameter(0);
  const rowEnd = f.parameter(1);
  const offsets = f.parameter(2);
  const others = f.parameter(3);
  const permutation = f.parameter(4);
  const scratch = f.parameter(5);
  const seed = f.parameter(6);
  const touches = f.parameter(7);
  const lanes = lanesFor(heads);
  const operands = new Map(given.map((operand) => [operand.name, operand]));
  /** The address of each operand. */
  const base = new Map(given.map((operand, k) => [operand.name, f.parameter(fixed + k)]));
  /** The position of the chunk's first edge. */
  const first = f.local("i32");
  const count = f.local("i32");
  const lastEdge = f.local("i32");
  const stride = f.local("i32");
  const edge = f.local("i32");
  const head = f.local("i32");
  const index = f.local("i32");
  const slotPointer = new Map(slots.map((slot) => [symbolNode(slot).name, f.local("i32")]));
  const ofOwner = given.filter(({ side }) => side === owner);
  /** The address of the row's numbers, for operands of the owner's side. */
  const ownerPointer = new Map(ofOwner.map((operand) => [operand.name, f.local("i32")]));

  const forEachChunk = (chunk: number | "row", body: () => void): void => {
    const [start, end] = [f.local("i32"), f.local("i32")];
    f.countTo(row, rowEnd, 1, () => {
      for (const [name, pointer] of ownerPointer) {
        f.get(base.get(name)!)
          .get(row)
          .i32(rowBytes(operands.get(name)!, heads));
        f.op("i32.mul", "i32.add").set(pointer);
      }
      f.get(offsets).addWords(row).tee(start);
      f.at("i32.load", WORD).set(end).get(start).at("i32.load").set(start);
      if (chunk === "row") wholeRow(start, end, body);
      else inChunks(start, end, chunk, body);
    });
  };

  const wholeRow = (start: Local, end: Local, body: () => void): void => {
    f.get(start).set(first);
    f.get(end).get(start).op("i32.sub").tee(count).i32(1).op("i32.sub").set(lastEdge);
    f.get(count).i32(3).op("i32.add").i32(-4).op("i32.and").i32(2).op("i32.shl").set(stride);
    placeSlots();
    body();
  };

  const inChunks = (start: Local, end: Local, size: number, body: () => void): void => {
    f.get(start)
      .set(first)
      .i32(size * WORD)
      .set(stride);
    placeSlots();
    f.countTo(first, end, size, () => {
      f.get(end).get(first).op("i32.sub").tee(count).i32(size);
      f.get(count).i32(size).op("i32.lt_u", "select").set(count);
      // select takes the first where the third is not 0: count where it is smaller.
      f.get(count).i32(1).op("i32.sub").set(lastEdge);
      body();
    });
  };

  const forEachHead = (body: () => void, step = 1, until = heads): void => {
    f.i32(0).set(head).countTo(head, until, step, body);
  };

  const forEachEdge = (body: () => void, step = 1): void => {
    f.i32(0).set(edge).countTo(edge, count, step, body);
  };

  const isShared = (side: Operand["side"]): boolean => side === owner || side === "parameter";

  const pushShared = (name: string): FunctionBuilder => f.get(ownerPointer.get(name) ?? base.get(name)!);

  const pushScalar = (name: string): FunctionBuilder => pushShared(name).addWords(head);

  const pushSlotRow = (slot: Expression, after = 0): void => {
    f.get(slotPointer.get(symbolNode(slot).name)!).get(head);
    if (after > 0) f.i32(after).op("i32.add");
    if (lanes === "heads") f.i32(2).op("i32.shl", "i32.add");
    else f.get(stride).op("i32.mul", "i32.add");
  };

  const pushSlot = (slot: Expression): FunctionBuilder => {
    pushSlotRow(slot);
    f.get(edge);
    return toSlotBytes().op("i32.add");
  };

  const toSlotBytes = (): FunctionBuilder => f.i32(lanes === "heads" ? heads * WORD : WORD).op("i32.mul");

  const pushElements = (k: Local, factor: number): void => {
    const ofEdge = Math.imul(heads, factor);
    const pushRest = (): FunctionBuilder => f.get(head).i32(factor).op("i32.mul").get(seed).op("i32.add");
    f.get(first).get(k).op("i32.add");
    if (owner === "key") f.i32(2).op("i32.shl").get(permutation).op("i32.add");
    if (owner === "key" && lanes === "edges") {
      f.at("v128.load").i32x4(ofEdge).op("i32x4.mul");
      pushRest().op("i32x4.splat", "i32x4.add");
      return;
    }
    if (owner === "key") f.at("i32.load");
    f.i32(ofEdge).op("i32.mul");
    pushRest().op("i32.add", "i32x4.splat");
    const step = lanes === "heads" ? factor : ofEdge;
    f.i32x4(0, step, Math.imul(2, step), Math.imul(3, step)).op("i32x4.add");
  };

  const pushVector = (symbol: Expression, offset: Local, immediate: number, pointers?: EdgePointers, at = 0): void => {
    const { name } = symbolNode(symbol);
    const pointer = pointers?.get(name)?.[at];
    if (pointer === undefined) pushShared(name);
    else f.get(pointer);
    f.get(offset).op("i32.add").at("v128.load", immediate);
  };

  const loadShared = (
    symbols: Iterable<Expression>,
    offset: Local,
    immediates: readonly number[],
  ): Map<Expression, Local[]> => {
    const shared = [...symbols].filter((symbol) => symbol.rank === "vector" && isShared(symbolNode(symbol).side));
    return new Map(
      shared.map((symbol) => [
        symbol,
        immediates.map((immediate) => {
          const local = f.take();
          pushVector(symbol, offset, immediate);
          f.set(local);
          return local;
        }),
      ]),
    );
  };

  const edgePointers = (names: Iterable<string>, width: 1 | 4 = 1): EdgePointers => {
    const needed = [...names].flatMap((name) => operands.get(name) ?? []).filter(({ side }) => !isShared(side));
    const pointers = new Map<string, Local[]>(needed.map(({ name }) => [name, []]));
    for (let e = 0; e < width; e++) {
      // The position, as bytes.
      f.get(first).get(edge);
      if (e > 0) {
        f.i32(e).op("i32.add").get(lastEdge).get(edge).i32(e).op("i32.add").get(count).op("i32.lt_u", "select");
      }
      f.op("i32.add").i32(2).op("i32.shl").set(index);
      for (const [isOfEdges, table] of [
        [false, others],
        [true, owner === "query" ? undefined : permutation],
      ] as const) {
        const mine = needed.filter(({ side }) => (side === "edge") === isOfEdges);
        if (mine.length === 0) continue;
        const element = f.local("i32");
        f.get(index);
        if (table === undefined) f.i32(2).op("i32.shr_s");
        else f.get(table).op("i32.add").at("i32.load");
        f.set(element);
        for (const operand of mine) {
          const pointer = f.local("i32");
          f.get(base.get(operand.name)!)
            .get(element)
            .i32(rowBytes(operand, heads))
            .op("i32.mul", "i32.add")
            .set(pointer);
          pointers.get(operand.name)!.push(pointer);
        }
      }
    }
    return pointers;
  };

  const placeSlots = (): void => {
    const size = f.local("i32");
    f.get(stride).i32(heads).op("i32.mul").set(size);
    let previous: Local | undefined;
    for (const pointer of slotPointer.values()) {
      if (previous === undefined) f.get(scratch).set(pointer);
      else f.get(previous).get(size).op("i32.add").set(pointer);
      previous = pointer;
    }
  };

  return {
    f,
    heads,
    dropout,
    count,
    lanes,
    stride,
    owner,
    operands,
    slotPointer,
    touches,
    scratch,
    edge,
    head,
    forEachChunk,
    forEachHead,
    forEachEdge,
    isShared,
    pushShared,
    pushScalar,
    pushSlotRow,
    pushSlot,
    toSlotBytes,
    pushElements,
    pushVector,
    loadShared,
    edgePointers,
  };
}
