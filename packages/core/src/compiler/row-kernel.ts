import { type Expression, symbolNode } from "../expression/expression.ts";
import { FunctionBuilder, type Local } from "./assembler.ts";
import { Scratch } from "./lane-code.ts";

/** A tensor that a kernel reads or writes, with where its numbers belong. */
export interface Operand {
  readonly name: string;
  /** Elements are receivers, senders, edges by position, or there is one for all. */
  readonly side: "query" | "key" | "edge" | "parameter";
  /** Numbers for each element and head: the channels of a vector, 1 for a scalar. */
  readonly width: number;
}

/** Seen from the rows that a kernel walks: the row itself, the other end of an edge, the edge, or neither. */
type Place = "owner" | "other" | "position" | "fixed";

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
  readonly scratch: Scratch;
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
    heads: number,
    operands: readonly Operand[],
    slots: readonly Expression[],
  ) {
    const fixed = 8;
    this.f = new FunctionBuilder(name, new Array(fixed + operands.length).fill("i32"));
    const { f } = this;
    this.heads = heads;
    this.lanes = lanesFor(heads);
    this.scratch = new Scratch(f);
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

  /** Walks the rows: pointers of the row are set, then `body` runs with the start and end of its edges. */
  forEachRow(body: (start: Local, end: Local) => void): void {
    const { f } = this;
    const [start, end] = [f.local("i32"), f.local("i32")];
    f.countTo(this.row, this.#rowEnd, 1, () => {
      for (const [name, pointer] of this.ownerPointer) {
        f.get(this.base.get(name)!)
          .get(this.row)
          .i32(rowBytes(this.operands.get(name)!, this.heads));
        f.op("i32.mul", "i32.add").set(pointer);
      }
      f.get(this.#offsets).get(this.row).i32(2).op("i32.shl", "i32.add").tee(start);
      f.at("i32.load", WORD).set(end).get(start).at("i32.load").set(start);
      body(start, end);
    });
  }

  /** Makes all of the row one chunk; slots are as long as the row. */
  wholeRow(start: Local, end: Local, body: () => void): void {
    const { f } = this;
    f.get(start).set(this.first);
    f.get(end).get(start).op("i32.sub").tee(this.count).i32(1).op("i32.sub").set(this.lastEdge);
    f.get(this.count).i32(3).op("i32.add").i32(-4).op("i32.and").i32(2).op("i32.shl").set(this.stride);
    this.#placeSlots();
    body();
  }

  /** Handles the row in chunks of at most `size` edges, a multiple of four. */
  inChunks(start: Local, end: Local, size: number, body: () => void): void {
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

  /** Pushes the address of the number of width 1 that belongs to the owner, or to the head alone, at the present head. */
  pushScalarTarget({ name, side }: Operand): void {
    const pointer = side === this.owner ? this.ownerPointer.get(name) : this.base.get(name);
    this.f.get(pointer!).get(this.head).i32(2).op("i32.shl", "i32.add");
  }

  /** Pushes the address of a slot's first edge at the present head, or at one after it. */
  pushSlotRow(slot: Expression, head = 0): void {
    const { f } = this;
    f.get(this.slotPointer.get(symbolNode(slot).name)!).get(this.head);
    if (head > 0) f.i32(head).op("i32.add");
    if (this.lanes === "heads") f.i32(2).op("i32.shl", "i32.add");
    else f.get(this.stride).op("i32.mul", "i32.add");
  }

  /** Turns the count of edges on the stack into the bytes from a slot's first edge. */
  toSlotBytes(): void {
    this.f.i32(this.lanes === "heads" ? this.heads * WORD : WORD).op("i32.mul");
  }

  /**
   * Pushes `factor` times the number that dropout knows each lane by, position times heads plus head, and the seed. What all lanes share is one
   * integer: products of vectors take many times as long.
   */
  pushElements(k: Local, factor: number): void {
    const { f, heads } = this;
    const ofEdge = Math.imul(heads, factor);
    const steps = (step: number): void => {
      f.op("i32x4.splat")
        .i32x4([0, step, Math.imul(2, step), Math.imul(3, step)])
        .op("i32x4.add");
    };
    const pushRest = (): void => {
      f.get(this.head).i32(factor).op("i32.mul").get(this.seed).op("i32.add");
    };
    f.get(this.first).get(k).op("i32.add");
    if (this.owner === "key") f.i32(2).op("i32.shl").get(this.#permutation).op("i32.add");
    if (this.owner === "key" && this.lanes === "edges") {
      f.at("v128.load").i32x4([ofEdge, ofEdge, ofEdge, ofEdge]).op("i32x4.mul");
      pushRest();
      f.op("i32x4.splat", "i32x4.add");
      return;
    }
    if (this.owner === "key") f.at("i32.load");
    f.i32(ofEdge).op("i32.mul");
    pushRest();
    f.op("i32.add");
    steps(this.lanes === "heads" ? factor : ofEdge);
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
    const { f } = this;
    const whole = width >> 2;
    const rest = width & 3;
    if (whole <= repeated) {
      for (let v = 0; v < whole; v++) body(offset, v * VECTOR, 4);
    } else {
      const [c, end] = [f.local("i32"), f.local("i32")];
      f.get(offset)
        .tee(c)
        .i32(whole * VECTOR)
        .op("i32.add")
        .set(end);
      f.countTo(c, end, VECTOR, () => body(c, 0, 4));
    }
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
    const { f } = this;
    const [c, end] = [f.local("i32"), f.local("i32")];
    f.get(offset)
      .tee(c)
      .i32(width * WORD)
      .op("i32.add")
      .set(end);
    f.countTo(c, end, VECTOR, () => body(c, 0, width & 3, end));
  }

  pushVector(symbol: Expression, pointers: ReadonlyMap<string, readonly Local[]>, channel: Local): FunctionBuilder {
    const { name, side } = symbolNode(symbol);
    const place = this.placeOf(side);
    const pointer =
      place === "owner"
        ? this.ownerPointer.get(name)
        : place === "fixed"
          ? this.base.get(name)
          : pointers.get(name)?.[0];
    return this.f.get(pointer!).get(channel).op("i32.add");
  }

  /**
   * Sets pointers to the numbers of other ends and of edges for `width` edges from `k` on. Past the chunk's end they point to its last
   * edge, so that groups of four need no remainder.
   */
  edgePointers(symbols: readonly Expression[], width: 1 | 4, more: readonly Operand[] = []): Map<string, Local[]> {
    const { f } = this;
    const needed = [
      ...symbols.map((symbol) => this.operands.get(symbolNode(symbol).name)).filter((operand) => operand !== undefined),
      ...more,
    ].filter(({ side }) => this.placeOf(side) === "other" || this.placeOf(side) === "position");
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
      for (const [place, table] of [
        ["other", this.#others],
        ["position", this.owner === "query" ? undefined : this.#permutation],
      ] as const) {
        const mine = needed.filter(({ side }) => this.placeOf(side) === place);
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

  /** Where an operand's element is, seen from a row. */
  placeOf(side: Operand["side"]): Place {
    if (side === "parameter") return "fixed";
    if (side === "edge") return "position";
    return side === this.owner ? "owner" : "other";
  }

  /** Four vector locals. */
  quad(): readonly [Local, Local, Local, Local] {
    const { f } = this;
    return [f.local("v128"), f.local("v128"), f.local("v128"), f.local("v128")];
  }
}
