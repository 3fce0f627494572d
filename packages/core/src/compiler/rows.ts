import { Expression, symbolNode, symbolsOf } from "../expression/expression.ts";
import { FunctionBuilder, type Local } from "./assembler.ts";
import { LaneCode, Scratch } from "./lane-code.ts";
import { emitFourLaneSums, emitLaneSum, emitTranspose } from "./vector-math.ts";

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

/** A vector summed over its channels, for each edge and head; the sum goes to a slot. */
export interface SumTask {
  readonly vector: Expression;
  readonly width: number;
  readonly slot: Expression;
}

/** Numbers accumulated over the edges of a row, for each head and channel. */
export interface AccumulateTask {
  readonly target: Operand;
  readonly vector: Expression;
  /** Whether the result is added to what is there, or replaces it. */
  readonly mode: "add" | "store";
  /** A number for each head that the result is multiplied with: the slot of its first edge. */
  readonly scale?: Expression;
}

/**
 * What the four lanes of scalar functions are. Heads, where they come in fours: nothing is wasted on short rows, and scalars lie side by side.
 * Else edges.
 */
export function lanesFor(heads: number): "heads" | "edges" {
  return heads % 4 === 0 ? "heads" : "edges";
}

const WORD = 4;
const VECTOR = 16;
const lanes = [0, 1, 2, 3] as const;

/**
 * Builds a function over a range of rows of a CSR structure. A row's edges are handled in chunks: what is a number for each edge and head
 * stands in slots of scratch memory, `[heads, edges of the chunk]`, so that scalar functions run over four edges at once; vectors run over
 * four channels at once. Sums have a fixed order that does not depend on the range.
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
  readonly #owner: "query" | "key";
  readonly #base = new Map<string, Local>();
  readonly #ownerPointer = new Map<string, Local>();
  readonly #slotPointer = new Map<string, Local>();
  readonly #operands: ReadonlyMap<string, Operand>;
  readonly #offsets: Local;
  readonly #others: Local;
  readonly #permutation: Local;
  readonly #scratchMemory: Local;
  readonly seed: Local;
  readonly #rowEnd: Local;
  readonly #k: Local;
  readonly #h: Local;
  readonly #index: Local;

  /**
   * Parameters of the function, all i32: row start, row end, then the addresses of row offsets, other ends, permutation (by sender
   * only), scratch; the seed; and the address of each operand in the order given.
   */
  constructor(
    name: string,
    owner: "query" | "key",
    heads: number,
    operands: readonly Operand[],
    slots: readonly Expression[],
  ) {
    const fixed = 7;
    this.f = new FunctionBuilder(name, new Array(fixed + operands.length).fill("i32"));
    const { f } = this;
    this.heads = heads;
    this.lanes = lanesFor(heads);
    this.scratch = new Scratch(f);
    this.#owner = owner;
    this.row = f.parameter(0);
    this.#rowEnd = f.parameter(1);
    this.#offsets = f.parameter(2);
    this.#others = f.parameter(3);
    this.#permutation = f.parameter(4);
    this.#scratchMemory = f.parameter(5);
    this.seed = f.parameter(6);
    this.#operands = new Map(operands.map((operand) => [operand.name, operand]));
    for (const [k, { name: operand }] of operands.entries()) this.#base.set(operand, f.parameter(fixed + k));
    this.first = f.local("i32");
    this.count = f.local("i32");
    this.lastEdge = f.local("i32");
    this.stride = f.local("i32");
    this.#k = f.local("i32");
    this.#h = f.local("i32");
    this.#index = f.local("i32");
    for (const slot of slots) this.#slotPointer.set(symbolNode(slot).name, f.local("i32"));
    for (const { name: operand, side } of operands) {
      if (side === owner) this.#ownerPointer.set(operand, f.local("i32"));
    }
  }

  /** Walks the rows: pointers of the row are set, then `body` runs with the start and end of its edges. */
  forEachRow(body: (start: Local, end: Local) => void): void {
    const { f } = this;
    const [start, end] = [f.local("i32"), f.local("i32")];
    f.countTo(this.row, this.#rowEnd, 1, () => {
      for (const [name, pointer] of this.#ownerPointer) {
        f.get(this.#base.get(name)!)
          .get(this.row)
          .i32(this.#rowBytes(this.#operands.get(name)!));
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

  /** For each head, `h` counted in `head()`. */
  forEachHead(body: () => void, step = 1, until = this.heads): void {
    const { f } = this;
    f.i32(0).set(this.#h).countTo(this.#h, until, step, body);
  }

  /** Pushes the address of the number of width 1 that belongs to the owner, or to the head alone, at the present head. */
  pushScalarTarget({ name, side }: Operand): void {
    const pointer = side === this.#owner ? this.#ownerPointer.get(name) : this.#base.get(name);
    this.f.get(pointer!).get(this.#h).i32(2).op("i32.shl", "i32.add");
  }

  /** Pushes the address of a slot's first edge at the present head, or at one after it. */
  pushSlotRow(slot: Expression, head = 0): void {
    const { f } = this;
    f.get(this.#slotPointer.get(symbolNode(slot).name)!).get(this.#h);
    if (head > 0) f.i32(head).op("i32.add");
    if (this.lanes === "heads") f.i32(2).op("i32.shl", "i32.add");
    else f.get(this.stride).op("i32.mul", "i32.add");
  }

  /** Turns the count of edges on the stack into the bytes from a slot's first edge. */
  toSlotBytes(): void {
    this.f.i32(this.lanes === "heads" ? this.heads * WORD : WORD).op("i32.mul");
  }

  /** Pushes the present head. */
  pushHead(): void {
    this.f.get(this.#h);
  }

  /** Loads scalars of other ends and of edges, for each edge of the chunk and each head, into the slots of the same name. */
  gather(symbols: readonly Expression[]): void {
    if (symbols.length === 0 || this.lanes === "heads") return;
    const { f } = this;
    const quad = this.#quad();
    const spare = this.#quad();
    const target = f.local("i32");
    f.i32(0).set(this.#k);
    f.countTo(this.#k, this.count, 4, () => {
      for (const symbol of symbols) {
        const pointers = this.#edgePointers([symbol], 4).get(symbolNode(symbol).name)!;
        const slot = this.#slotPointer.get(symbolNode(symbol).name)!;
        f.get(slot).get(this.#k).i32(2).op("i32.shl", "i32.add").set(target);
        const blocks = this.heads >> 2;
        for (let block = 0; block < blocks; block++) {
          for (const e of lanes)
            f.get(pointers[e]!)
              .at("v128.load", block * VECTOR)
              .set(quad[e]);
          emitTranspose(f, quad, spare);
          for (const e of lanes) {
            f.get(target).get(quad[e]).at("v128.store");
            f.get(target).get(this.stride).op("i32.add").set(target);
          }
        }
        for (let h = blocks * 4; h < this.heads; h++) {
          f.get(target)
            .get(pointers[0]!)
            .at("v128.load32_splat", h * WORD)
            .set(quad[0]);
          for (const e of [1, 2, 3] as const)
            f.get(pointers[e]!)
              .get(quad[0])
              .laneAt("v128.load32_lane", e, h * WORD)
              .set(quad[0]);
          f.get(quad[0]).at("v128.store").get(target).get(this.stride).op("i32.add").set(target);
        }
      }
    });
  }

  /** Sums over channels, for each edge of the chunk and each head: four edges at a time, so that what they share is loaded once. */
  sums(tasks: readonly SumTask[]): void {
    if (tasks.length === 0) return;
    const { f } = this;
    const accumulators = this.#quad();
    const offset = new Map<number, Local>();
    for (const { width } of tasks) if (!offset.has(width)) offset.set(width, f.local("i32"));
    f.i32(0).set(this.#k);
    f.countTo(this.#k, this.count, 4, () => {
      const symbols = [...symbolsOf(tasks.map(({ vector }) => vector).reduce((a, b) => a.add(b))).values()];
      const pointers = this.#edgePointers(symbols, 4);
      for (const local of offset.values()) f.i32(0).set(local);
      this.forEachHead(() => {
        for (const { vector, width, slot } of tasks) {
          for (const local of accumulators) f.i32x4([0, 0, 0, 0]).set(local);
          this.#forEachVector(width, offset.get(width)!, (channel, immediate, valid) => {
            const shared = this.#loadShared(vector, channel, immediate);
            for (const e of lanes) {
              f.get(accumulators[e]);
              const load = (symbol: Expression): void => {
                const kept = shared.get(symbol);
                if (kept !== undefined) f.get(kept);
                else
                  f.get(pointers.get(symbolNode(symbol).name)![e]!)
                    .get(channel)
                    .op("i32.add")
                    .at("v128.load", immediate);
              };
              const code = new LaneCode(f, load, [vector], this.scratch);
              code.push(vector);
              code.finish();
              if (valid < 4) f.i32x4(laneMask(valid)).op("v128.and");
              f.op("f32x4.add").set(accumulators[e]);
            }
            for (const local of shared.values()) this.scratch.give(local);
          });
          this.#storeSums(slot, accumulators);
        }
        for (const [width, local] of offset)
          f.get(local)
            .i32(width * WORD)
            .op("i32.add")
            .set(local);
      });
    });
  }

  /**
   * Scalar functions over the edges of the chunk, four lanes at a time: `prepare` runs for each head, or for each four of them where these are the
   * lanes; then, for each group of edges, `body` with code that loads the symbols; then `finish`. `special` loads symbols that are
   * neither slots nor operands.
   */
  scalars(
    roots: readonly Expression[],
    body: (code: LaneCode, pushSlotAddress: (slot: Expression) => void) => void,
    special: (symbol: Expression, k: Local) => boolean,
    prepare: () => void = () => {},
    finish: () => void = () => {},
  ): void {
    const { f } = this;
    const ofHeads = this.lanes === "heads";
    const bytes = f.local("i32");
    const rowPointer = new Map<string, Local>([...this.#slotPointer.keys()].map((name) => [name, f.local("i32")]));
    const symbols = [...new Set(roots.flatMap((root) => [...symbolsOf(root).values()]))];
    const isOperand = (symbol: Expression): boolean => {
      const { name } = symbolNode(symbol);
      return this.#operands.has(name) && !this.#slotPointer.has(name);
    };
    const varies = (symbol: Expression): boolean =>
      ["other", "position"].includes(this.#placeOf(symbolNode(symbol).side));
    const beside = symbols.filter((symbol) => isOperand(symbol) && varies(symbol));
    const shared = new Map(
      symbols.filter((symbol) => isOperand(symbol) && !varies(symbol)).map((symbol) => [symbol, f.local("v128")]),
    );
    this.forEachHead(
      () => {
        for (const [name, local] of rowPointer) {
          this.pushSlotRow(Expression.symbol(name, "edge", "scalar"));
          f.set(local);
        }
        for (const [symbol, local] of shared) {
          const { name, side } = symbolNode(symbol);
          f.get(side === this.#owner ? this.#ownerPointer.get(name)! : this.#base.get(name)!);
          f.get(this.#h)
            .i32(2)
            .op("i32.shl", "i32.add")
            .at(ofHeads ? "v128.load" : "v128.load32_splat")
            .set(local);
        }
        prepare();
        f.i32(0).set(this.#k);
        f.countTo(this.#k, this.count, ofHeads ? 1 : 4, () => {
          f.get(this.#k);
          this.toSlotBytes();
          f.set(bytes);
          const pointers = ofHeads ? this.#edgePointers(beside, 1) : new Map<string, Local[]>();
          const pushAddress = (slot: Expression): void => {
            f.get(rowPointer.get(symbolNode(slot).name)!)
              .get(bytes)
              .op("i32.add");
          };
          const load = (symbol: Expression): void => {
            const { name } = symbolNode(symbol);
            const kept = shared.get(symbol);
            if (kept !== undefined) f.get(kept);
            else if (rowPointer.has(name)) {
              pushAddress(symbol);
              f.at("v128.load");
            } else if (pointers.has(name)) {
              f.get(pointers.get(name)![0]!).get(this.#h).i32(2).op("i32.shl", "i32.add").at("v128.load");
            } else if (!special(symbol, this.#k)) throw new Error(`RowKernel: nobody loads ${name}.`);
          };
          const code = new LaneCode(f, load, roots, this.scratch);
          body(code, pushAddress);
          code.finish();
        });
        finish();
      },
      ofHeads ? 4 : 1,
    );
  }

  /** Stores the lane sums of four edges' accumulators at the present head. Slots have room for whole groups of edges. */
  #storeSums(slot: Expression, accumulators: readonly [Local, Local, Local, Local]): void {
    const { f } = this;
    this.pushSlotRow(slot);
    f.get(this.#k);
    this.toSlotBytes();
    f.op("i32.add");
    if (this.lanes === "edges") {
      emitFourLaneSums(f, accumulators);
      f.at("v128.store");
      return;
    }
    const address = f.local("i32");
    const result = this.scratch.take();
    f.set(address);
    emitFourLaneSums(f, accumulators);
    f.set(result);
    for (const e of lanes)
      f.get(address)
        .get(result)
        .laneAt("v128.store32_lane", e, e * this.heads * WORD);
    this.scratch.give(result);
  }

  /** Adds the lanes of an accumulator to the scalars that belong to the owner, or to the heads alone. */
  addToScalars(target: Operand, accumulator: Local): void {
    const { f } = this;
    this.pushScalarTarget(target);
    this.pushScalarTarget(target);
    if (this.lanes === "heads") {
      f.at("v128.load").get(accumulator).op("f32x4.add").at("v128.store");
      return;
    }
    f.at("f32.load");
    emitLaneSum(f, accumulator);
    f.op("f32.add").at("f32.store");
  }

  /** Sums over the chunk's edges, for each head and channel of the targets, which all have the same width. */
  accumulate(tasks: readonly AccumulateTask[]): void {
    if (tasks.length === 0) return;
    const { f, heads } = this;
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
        this.forEachHead(
          () => {
            this.#tile(tasks, channel, tileOf(headsPerTile));
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
        f.i32(whole).set(this.#h);
        this.#tile(tasks, channel, tileOf(heads - whole));
      }
      return;
    }
    const vectors = Math.ceil(width / 4);
    const tiles = Math.floor(width / 4 / perTile);
    this.forEachHead(() => {
      if (tiles > 0) {
        const end = f.local("i32");
        const full = Array.from({ length: perTile }, (_, v) => ({ head: 0, immediate: v * VECTOR, valid: 4 }));
        f.get(channel)
          .i32(tiles * perTile * VECTOR)
          .op("i32.add")
          .set(end);
        f.countTo(channel, end, perTile * VECTOR, () => this.#tile(tasks, channel, full));
      }
      const rest = vectors - tiles * perTile;
      if (rest > 0) {
        const last = Array.from({ length: rest }, (_, v) => ({
          head: 0,
          immediate: v * VECTOR,
          valid: Math.min(4, width - 4 * (tiles * perTile + v)),
        }));
        this.#tile(tasks, channel, last);
      }
      f.get(channel)
        .i32((width - tiles * perTile * 4) * WORD)
        .op("i32.add")
        .set(channel);
    });
  }

  /** Writes a vector for each edge, head and channel: the gradient of an edge's features. */
  writeEdges(target: Operand, vector: Expression): void {
    const { f } = this;
    const channel = f.local("i32");
    const slots = [...symbolsOf(vector).values()].filter((symbol) => this.#slotPointer.has(symbolNode(symbol).name));
    f.i32(0).set(this.#k);
    f.countTo(this.#k, this.count, 1, () => {
      const pointers = this.#edgePointers([...symbolsOf(vector).values()], 1, [target]);
      f.i32(0).set(channel);
      this.forEachHead(() => {
        const splats = new Map<Expression, Local>(slots.map((slot) => [slot, this.scratch.take()]));
        for (const [slot, local] of splats) {
          this.pushSlotRow(slot);
          f.get(this.#k);
          this.toSlotBytes();
          f.op("i32.add").at("v128.load32_splat").set(local);
        }
        this.#forEachVector(target.width, channel, (offset, immediate, valid) => {
          const load = (symbol: Expression): void => {
            const splat = splats.get(symbol);
            if (splat !== undefined) f.get(splat);
            else this.#pushVectorPointer(symbol, pointers, offset).at("v128.load", immediate);
          };
          const result = this.scratch.take();
          const code = new LaneCode(f, load, [vector], this.scratch);
          code.push(vector);
          code.finish();
          f.set(result);
          this.#storeLanes(
            () => f.get(pointers.get(target.name)![0]!).get(offset).op("i32.add"),
            result,
            immediate,
            valid,
          );
          this.scratch.give(result);
        });
        for (const local of splats.values()) this.scratch.give(local);
        f.get(channel)
          .i32(target.width * WORD)
          .op("i32.add")
          .set(channel);
      });
    });
  }

  /** Writes a slot to the edges' scalars `[edges, heads]`. */
  writeEdgeScalars(target: Operand, slot: Expression): void {
    const { f } = this;
    f.i32(0).set(this.#k);
    f.countTo(this.#k, this.count, 1, () => {
      const pointer = this.#edgePointers([], 1, [target]).get(target.name)![0]!;
      this.forEachHead(() => {
        f.get(pointer).get(this.#h).i32(2).op("i32.shl", "i32.add");
        this.pushSlotRow(slot);
        f.get(this.#k);
        this.toSlotBytes();
        f.op("i32.add").at("f32.load").at("f32.store");
      });
    });
  }

  /** Pushes the number that dropout knows each lane by: position times heads, plus head. */
  pushElements(k: Local): void {
    const { f } = this;
    f.get(this.first).get(k).op("i32.add");
    if (this.lanes === "heads") {
      if (this.#owner === "key") f.i32(2).op("i32.shl").get(this.#permutation).op("i32.add").at("i32.load");
      f.i32(this.heads).op("i32.mul").get(this.#h).op("i32.add", "i32x4.splat").i32x4([0, 1, 2, 3]).op("i32x4.add");
      return;
    }
    if (this.#owner === "query") f.op("i32x4.splat").i32x4([0, 1, 2, 3]).op("i32x4.add");
    else f.i32(2).op("i32.shl").get(this.#permutation).op("i32.add").at("v128.load");
    f.i32x4([this.heads, this.heads, this.heads, this.heads])
      .op("i32x4.mul")
      .get(this.#h)
      .op("i32x4.splat", "i32x4.add");
  }

  #tile(tasks: readonly AccumulateTask[], channel: Local, vectors: readonly TileVector[]): void {
    const { f } = this;
    const roots = tasks.map(({ vector }) => vector);
    const symbols = [...new Set(roots.flatMap((root) => [...symbolsOf(root).values()]))];
    const slots = symbols.filter((symbol) => this.#slotPointer.has(symbolNode(symbol).name));
    const headCount = Math.max(...vectors.map(({ head }) => head)) + 1;
    const slotRows = new Map(
      slots.map((slot) => [
        slot,
        Array.from({ length: headCount }, (_, head) => {
          const local = f.local("i32");
          this.pushSlotRow(slot, head);
          f.set(local);
          return local;
        }),
      ]),
    );
    const accumulators = tasks.map(() => vectors.map(() => this.scratch.take()));
    for (const local of accumulators.flat()) f.i32x4([0, 0, 0, 0]).set(local);
    const bytes = f.local("i32");
    f.i32(0).set(this.#k);
    f.countTo(this.#k, this.count, 1, () => {
      f.get(this.#k);
      this.toSlotBytes();
      f.set(bytes);
      const pointers = this.#edgePointers(symbols, 1);
      for (const [v, { head, immediate }] of vectors.entries()) {
        const load = (symbol: Expression): void => {
          const rows = slotRows.get(symbol);
          if (rows !== undefined) f.get(rows[head]!).get(bytes).op("i32.add").at("v128.load32_splat");
          else this.#pushVectorPointer(symbol, pointers, channel).at("v128.load", immediate);
        };
        const code = new LaneCode(f, load, roots, this.scratch);
        for (const [t, root] of roots.entries()) {
          f.get(accumulators[t]![v]!);
          code.push(root);
          f.op("f32x4.add").set(accumulators[t]![v]!);
        }
        code.finish();
      }
    });
    for (const [t, { target, mode, scale }] of tasks.entries()) {
      const isOwner = target.side === this.#owner;
      const pushTarget = (): void => {
        f.get(isOwner ? this.#ownerPointer.get(target.name)! : this.#base.get(target.name)!)
          .get(channel)
          .op("i32.add");
      };
      for (const [v, { head, immediate, valid }] of vectors.entries()) {
        const local = accumulators[t]![v]!;
        if (scale !== undefined) {
          f.get(local);
          this.pushSlotRow(scale, head);
          f.at("v128.load32_splat").op("f32x4.mul").set(local);
        }
        if (mode === "add") {
          pushTarget();
          f.at("v128.load", immediate).get(local).op("f32x4.add").set(local);
        }
        this.#storeLanes(pushTarget, local, immediate, valid);
      }
    }
    for (const local of accumulators.flat()) this.scratch.give(local);
  }

  #storeLanes(pushAddress: () => void, value: Local, immediate: number, valid: number): void {
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

  /** Runs `body` over the vectors of a head; `offset` holds the byte offset of the head, and is left as it was. */
  #forEachVector(width: number, offset: Local, body: (offset: Local, immediate: number, valid: number) => void): void {
    const { f } = this;
    const whole = width >> 2;
    const rest = width & 3;
    if (whole <= 2) {
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

  /** Loads what all edges of a row share, into locals. */
  #loadShared(vector: Expression, channel: Local, immediate: number): Map<Expression, Local> {
    const shared = new Map<Expression, Local>();
    for (const symbol of symbolsOf(vector).values()) {
      const place = this.#placeOf(symbolNode(symbol).side);
      if (place !== "owner" && place !== "fixed") continue;
      const local = this.scratch.take();
      this.#pushVectorPointer(symbol, new Map(), channel).at("v128.load", immediate).set(local);
      shared.set(symbol, local);
    }
    return shared;
  }

  #pushVectorPointer(
    symbol: Expression,
    pointers: ReadonlyMap<string, readonly Local[]>,
    channel: Local,
  ): FunctionBuilder {
    const { name, side } = symbolNode(symbol);
    const place = this.#placeOf(side);
    const pointer =
      place === "owner"
        ? this.#ownerPointer.get(name)
        : place === "fixed"
          ? this.#base.get(name)
          : pointers.get(name)?.[0];
    return this.f.get(pointer!).get(channel).op("i32.add");
  }

  /**
   * Sets pointers to the numbers of other ends and of edges for `width` edges from `k` on. Past the chunk's end they point to its last
   * edge, so that groups of four need no remainder.
   */
  #edgePointers(symbols: readonly Expression[], width: 1 | 4, more: readonly Operand[] = []): Map<string, Local[]> {
    const { f } = this;
    const needed = [
      ...symbols
        .map((symbol) => this.#operands.get(symbolNode(symbol).name))
        .filter((operand) => operand !== undefined),
      ...more,
    ].filter(({ side }) => this.#placeOf(side) === "other" || this.#placeOf(side) === "position");
    const pointers = new Map<string, Local[]>(needed.map(({ name }) => [name, []]));
    for (let e = 0; e < width; e++) {
      // The position, as bytes.
      f.get(this.first).get(this.#k);
      if (e > 0) {
        f.i32(e)
          .op("i32.add")
          .get(this.lastEdge)
          .get(this.#k)
          .i32(e)
          .op("i32.add")
          .get(this.count)
          .op("i32.lt_u", "select");
      }
      f.op("i32.add").i32(2).op("i32.shl").set(this.#index);
      for (const [place, table] of [
        ["other", this.#others],
        ["position", this.#owner === "query" ? undefined : this.#permutation],
      ] as const) {
        const mine = needed.filter(({ side }) => this.#placeOf(side) === place);
        if (mine.length === 0) continue;
        const element = f.local("i32");
        f.get(this.#index);
        if (table === undefined) f.i32(2).op("i32.shr_s");
        else f.get(table).op("i32.add").at("i32.load");
        f.set(element);
        for (const operand of mine) {
          const pointer = f.local("i32");
          f.get(this.#base.get(operand.name)!)
            .get(element)
            .i32(this.#rowBytes(operand))
            .op("i32.mul", "i32.add")
            .set(pointer);
          pointers.get(operand.name)!.push(pointer);
        }
      }
    }
    return pointers;
  }

  #placeSlots(): void {
    const { f } = this;
    const size = f.local("i32");
    f.get(this.stride).i32(this.heads).op("i32.mul").set(size);
    let previous: Local | undefined;
    for (const pointer of this.#slotPointer.values()) {
      if (previous === undefined) f.get(this.#scratchMemory).set(pointer);
      else f.get(previous).get(size).op("i32.add").set(pointer);
      previous = pointer;
    }
  }

  #placeOf(side: Operand["side"]): Place {
    if (side === "parameter") return "fixed";
    if (side === "edge") return "position";
    return side === this.#owner ? "owner" : "other";
  }

  #rowBytes({ width }: Operand): number {
    return this.heads * width * WORD;
  }

  #quad(): readonly [Local, Local, Local, Local] {
    const { f } = this;
    return [f.local("v128"), f.local("v128"), f.local("v128"), f.local("v128")];
  }
}

interface TileVector {
  /** Relative to the first head of the tile. */
  readonly head: number;
  /** Bytes from the tile's first channel. */
  readonly immediate: number;
  /** Lanes that are channels of the head. */
  readonly valid: number;
}

function laneMask(valid: number): readonly [number, number, number, number] {
  return [-1, valid > 1 ? -1 : 0, valid > 2 ? -1 : 0, 0];
}
