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
export class RowKernel {
  readonly f: FunctionBuilder;
  readonly heads: number;
  /** The probability with which a weight is dropped. */
  readonly dropout: number;
  /** The row being computed. */
  readonly row: Local;
  /** The position of the chunk's first edge, and the count of its edges. */
  readonly first: Local;
  readonly count: Local;
  readonly lastEdge: Local;
  /** What the four lanes of scalar functions are: heads of one edge where heads come in fours, else edges. */
  readonly lanes: "heads" | "edges";
  /** Bytes from one head of a slot to the next, where lanes are edges; else it is one number. */
  readonly stride: Local;
  /** The side whose elements the rows are. */
  readonly owner: "query" | "key";
  readonly operands: ReadonlyMap<string, Operand>;
  /** The address of each operand. */
  readonly base = new Map<string, Local>();
  /** The address of the row's numbers, for operands of the owner's side. */
  readonly ownerPointer = new Map<string, Local>();
  /** The address of each slot. */
  readonly slotPointer = new Map<string, Local>();
  /** The seed of dropout. */
  readonly seed: Local;
  /** Whether the rows of other ends are more than a cache holds; else 0. */
  readonly touches: Local;
  /** Counts the edges of the chunk from 0. */
  readonly edge: Local;
  /** Counts the heads from 0. */
  readonly head: Local;
  readonly #offsets: Local;
  readonly #others: Local;
  readonly #permutation: Local;
  readonly #scratchMemory: Local;
  readonly #rowEnd: Local;
  readonly #index: Local;

  /**
   * Parameters of the function, all i32: row start, row end, then the addresses of row offsets, other ends, permutation (by sender
   * only), scratch; the seed; whether other ends' rows are more than a cache holds; and the address of each operand in the order given.
   */
  constructor(
    name: string,
    owner: "query" | "key",
    { heads, dropout }: Pick<AttentionPlan, "heads" | "dropout">,
    operands: readonly Operand[],
    slots: readonly Expression[],
  ) {
    const fixed = 8;
    this.f = new FunctionBuilder(name, new Array(fixed + operands.length).fill("i32"));
    const { f } = this;
    this.heads = heads;
    this.dropout = dropout;
    this.lanes = lanesFor(heads);
    this.owner = owner;
    this.row = f.parameter(0);
    this.#rowEnd = f.parameter(1);
    this.#offsets = f.parameter(2);
    this.#others = f.parameter(3);
    this.#permutation = f.parameter(4);
    this.#scratchMemory = f.parameter(5);
    this.seed = f.parameter(6);
    this.touches = f.parameter(7);
    this.operands = new Map(operands.map((operand) => [operand.name, operand]));
    for (const [k, { name: operand }] of operands.entries()) this.base.set(operand, f.parameter(fixed + k));
    this.first = f.local("i32");
    this.count = f.local("i32");
    this.lastEdge = f.local("i32");
    this.stride = f.local("i32");
    this.edge = f.local("i32");
    this.head = f.local("i32");
    this.#index = f.local("i32");
    for (const slot of slots) this.slotPointer.set(symbolNode(slot).name, f.local("i32"));
    for (const { name: operand, side } of operands) {
      if (side === owner) this.ownerPointer.set(operand, f.local("i32"));
    }
  }

  /**
   * Walks the rows, each as one chunk with slots as long as the row, or in chunks of at most so many edges, a multiple of four: pointers of the row
   * are set, then `body` runs for each chunk.
   */
  forEachChunk(chunk: number | "row", body: () => void): void {
    const { f } = this;
    const [start, end] = [f.local("i32"), f.local("i32")];
    f.countTo(this.row, this.#rowEnd, 1, () => {
      for (const [name, pointer] of this.ownerPointer) {
        f.get(this.base.get(name)!)
          .get(this.row)
          .i32(rowBytes(this.operands.get(name)!, this.heads));
        f.op("i32.mul", "i32.add").set(pointer);
      }
      f.get(this.#offsets).addWords(this.row).tee(start);
      f.at("i32.load", WORD).set(end).get(start).at("i32.load").set(start);
      if (chunk === "row") this.#wholeRow(start, end, body);
      else this.#inChunks(start, end, chunk, body);
    });
  }

  #wholeRow(start: Local, end: Local, body: () => void): void {
    const { f } = this;
    f.get(start).set(this.first);
    f.get(end).get(start).op("i32.sub").tee(this.count).i32(1).op("i32.sub").set(this.lastEdge);
    f.get(this.count).i32(3).op("i32.add").i32(-4).op("i32.and").i32(2).op("i32.shl").set(this.stride);
    this.#placeSlots();
    body();
  }

  #inChunks(start: Local, end: Local, size: number, body: () => void): void {
    const { f } = this;
    f.get(start)
      .set(this.first)
      .i32(size * WORD)
      .set(this.stride);
    this.#placeSlots();
    f.countTo(this.first, end, size, () => {
      f.get(end).get(this.first).op("i32.sub").tee(this.count).i32(size);
      f.get(this.count).i32(size).op("i32.lt_u", "select").set(this.count);
      // select takes the first where the third is not 0: count where it is smaller.
      f.get(this.count).i32(1).op("i32.sub").set(this.lastEdge);
      body();
    });
  }

  /** Runs `body` with `head` counted from 0 to `until` (default: all heads). */
  forEachHead(body: () => void, step = 1, until = this.heads): void {
    const { f } = this;
    f.i32(0).set(this.head).countTo(this.head, until, step, body);
  }

  /** Runs `body` with `edge` counted from 0 to the end of the chunk. */
  forEachEdge(body: () => void, step = 1): void {
    const { f } = this;
    f.i32(0).set(this.edge).countTo(this.edge, this.count, step, body);
  }

  /** Whether the elements of a side are the same for all edges of a row. */
  isShared(side: Operand["side"]): boolean {
    return side === this.owner || side === "parameter";
  }

  /** Pushes the address of the numbers of an operand that all edges of the row share. */
  pushShared(name: string): FunctionBuilder {
    return this.f.get(this.ownerPointer.get(name) ?? this.base.get(name)!);
  }

  /** Pushes the address of the number of width 1 that belongs to the owner, or to the head alone, at the present head. */
  pushScalar(name: string): FunctionBuilder {
    return this.pushShared(name).addWords(this.head);
  }

  /** Pushes the address of a slot's first edge at the present head, or at one after it. */
  pushSlotRow(slot: Expression, head = 0): void {
    const { f } = this;
    f.get(this.slotPointer.get(symbolNode(slot).name)!).get(this.head);
    if (head > 0) f.i32(head).op("i32.add");
    if (this.lanes === "heads") f.i32(2).op("i32.shl", "i32.add");
    else f.get(this.stride).op("i32.mul", "i32.add");
  }

  /** Pushes the address of a slot at the present edge and head. */
  pushSlot(slot: Expression): FunctionBuilder {
    this.pushSlotRow(slot);
    this.f.get(this.edge);
    return this.toSlotBytes().op("i32.add");
  }

  /** Turns the count of edges on the stack into the bytes from a slot's first edge. */
  toSlotBytes(): FunctionBuilder {
    return this.f.i32(this.lanes === "heads" ? this.heads * WORD : WORD).op("i32.mul");
  }

  /**
   * Pushes `factor` times the number that dropout knows each lane by, position times heads plus head, and the seed. What all lanes share is one
   * integer: products of vectors take many times as long.
   */
  pushElements(k: Local, factor: number): void {
    const { f, heads } = this;
    const ofEdge = Math.imul(heads, factor);
    const pushRest = (): FunctionBuilder => f.get(this.head).i32(factor).op("i32.mul").get(this.seed).op("i32.add");
    f.get(this.first).get(k).op("i32.add");
    if (this.owner === "key") f.i32(2).op("i32.shl").get(this.#permutation).op("i32.add");
    if (this.owner === "key" && this.lanes === "edges") {
      f.at("v128.load").i32x4(ofEdge).op("i32x4.mul");
      pushRest().op("i32x4.splat", "i32x4.add");
      return;
    }
    if (this.owner === "key") f.at("i32.load");
    f.i32(ofEdge).op("i32.mul");
    pushRest().op("i32.add", "i32x4.splat");
    const step = this.lanes === "heads" ? factor : ofEdge;
    f.i32x4(0, step, Math.imul(2, step), Math.imul(3, step)).op("i32x4.add");
  }

  /** Stores the first `valid` lanes of a vector. */
  storeLanes(pushAddress: () => void, value: Local, immediate: number, valid: number): void {
    const { f } = this;
    pushAddress();
    if (valid === 4) f.get(value).at("v128.store", immediate);
    else if (valid === 1) f.get(value).laneAt("v128.store32_lane", 0, immediate);
    else {
      f.get(value).laneAt("v128.store64_lane", 0, immediate);
      if (valid === 3) {
        pushAddress();
        f.get(value).laneAt("v128.store32_lane", 2, immediate + 2 * WORD);
      }
    }
  }

  /**
   * Runs `body` over the vectors of a head; `offset` holds the byte offset of the head, and is left as it was. The code of `body` is repeated
   * for at most so many whole vectors.
   */
  forEachVector(
    width: number,
    offset: Local,
    body: (offset: Local, immediate: number, valid: number) => void,
    repeated = 2,
  ): void {
    const whole = width >> 2;
    const rest = width & 3;
    if (whole > repeated) this.#countVectors(offset, whole * VECTOR, (c) => body(c, 0, 4));
    else for (let v = 0; v < whole; v++) body(offset, v * VECTOR, 4);
    if (rest > 0) body(offset, whole * VECTOR, rest);
  }

  /**
   * {@link forEachVector} in one loop, whose last vector may have channels of the next head, or none, in its last lanes: those from `end` on, which
   * holds the byte offset of the head's end.
   */
  forEachMaskedVector(
    width: number,
    offset: Local,
    body: (offset: Local, immediate: number, valid: number, end: Local) => void,
  ): void {
    this.#countVectors(offset, width * WORD, (c, end) => body(c, 0, width & 3, end));
  }

  /** Counts from an offset on, in vectors, over so many bytes. */
  #countVectors(offset: Local, bytes: number, body: (offset: Local, end: Local) => void): void {
    const { f } = this;
    const [c, end] = [f.local("i32"), f.local("i32")];
    f.get(offset).tee(c).i32(bytes).op("i32.add").set(end);
    f.countTo(c, end, VECTOR, () => body(c, end));
  }

  /**
   * Pushes a vector of a symbol's channels, those from `immediate` bytes after the offset on: of the edge that {@link edgePointers} were set for, or of
   * what all edges share.
   */
  pushVector(symbol: Expression, offset: Local, immediate: number, pointers?: EdgePointers, edge = 0): void {
    const { name } = symbolNode(symbol);
    const pointer = pointers?.get(name)?.[edge];
    if (pointer === undefined) this.pushShared(name);
    else this.f.get(pointer);
    this.f.get(offset).op("i32.add").at("v128.load", immediate);
  }

  /** Loads those among symbols that are vectors which all edges of a row share, at each of the `immediates`, into locals. */
  loadShared(symbols: Iterable<Expression>, offset: Local, immediates: readonly number[]): Map<Expression, Local[]> {
    const shared = [...symbols].filter((symbol) => symbol.rank === "vector" && this.isShared(symbolNode(symbol).side));
    return new Map(
      shared.map((symbol) => [
        symbol,
        immediates.map((immediate) => {
          const local = this.f.take();
          this.pushVector(symbol, offset, immediate);
          this.f.set(local);
          return local;
        }),
      ]),
    );
  }

  /**
   * Sets pointers to the numbers of other ends and of edges, of the operands among `names`, for `width` edges from the present one on. Past the chunk's
   * end they point to its last edge, so that groups of four need no remainder.
   */
  edgePointers(names: Iterable<string>, width: 1 | 4 = 1): EdgePointers {
    const { f } = this;
    const needed = [...names]
      .flatMap((name) => this.operands.get(name) ?? [])
      .filter(({ side }) => !this.isShared(side));
    const pointers = new Map<string, Local[]>(needed.map(({ name }) => [name, []]));
    for (let e = 0; e < width; e++) {
      // The position, as bytes.
      f.get(this.first).get(this.edge);
      if (e > 0) {
        f.i32(e)
          .op("i32.add")
          .get(this.lastEdge)
          .get(this.edge)
          .i32(e)
          .op("i32.add")
          .get(this.count)
          .op("i32.lt_u", "select");
      }
      f.op("i32.add").i32(2).op("i32.shl").set(this.#index);
      for (const [isOfEdges, table] of [
        [false, this.#others],
        [true, this.owner === "query" ? undefined : this.#permutation],
      ] as const) {
        const mine = needed.filter(({ side }) => (side === "edge") === isOfEdges);
        if (mine.length === 0) continue;
        const element = f.local("i32");
        f.get(this.#index);
        if (table === undefined) f.i32(2).op("i32.shr_s");
        else f.get(table).op("i32.add").at("i32.load");
        f.set(element);
        for (const operand of mine) {
          const pointer = f.local("i32");
          f.get(this.base.get(operand.name)!)
            .get(element)
            .i32(rowBytes(operand, this.heads))
            .op("i32.mul", "i32.add")
            .set(pointer);
          pointers.get(operand.name)!.push(pointer);
        }
      }
    }
    return pointers;
  }

  /** Pushes the address of the function's own memory, where the first slot is. */
  pushScratch(): void {
    this.f.get(this.#scratchMemory);
  }

  #placeSlots(): void {
    const { f } = this;
    const size = f.local("i32");
    f.get(this.stride).i32(this.heads).op("i32.mul").set(size);
    let previous: Local | undefined;
    for (const pointer of this.slotPointer.values()) {
      if (previous === undefined) f.get(this.#scratchMemory).set(pointer);
      else f.get(previous).get(size).op("i32.add").set(pointer);
      previous = pointer;
    }
  }

  /** Four vector locals. */
  quad(): readonly [Local, Local, Local, Local] {
    const { f } = this;
    return [f.local("v128"), f.local("v128"), f.local("v128"), f.local("v128")];
  }
}
