import { CACHE_BYTES } from "../../compiler/caches.ts";
import type { CompiledFunction } from "../../compiler/compile.ts";
import type { Operand } from "../../compiler/row-kernel.ts";
import { indexBuffer } from "../../tensor/indices.ts";
import type { AttentionOperands } from "../attention-kernels.ts";
import type { FloatBuffer } from "../buffers.ts";
import type { Engine } from "../engine.ts";
import type { Machine } from "./machine.ts";
import { PART, type RowPieces, rowPieces } from "./row-pieces.ts";
import type { Call, PooledFunction } from "./worker-pool.ts";

/** A function of a compiled module in this engine's memory. */
export interface LoadedFunction extends CompiledFunction {
  readonly target: PooledFunction;
}

/** What the passes of one call of an attention kernel have in common. */
export interface PassInputs {
  readonly operands: AttentionOperands;
  readonly heads: number;
  /** Addresses of what functions read, by the name of the operand. */
  readonly addresses: ReadonlyMap<string, number>;
}

/** A result that pieces leave in memory of their own: `[pieces, heads, width]`, or `[parts, heads, width]` for the parts of long rows. */
export interface PieceResult {
  readonly operand: Operand;
  readonly partials: number;
  readonly target: number;
}

/** Puts the rows together that were computed in parts. */
type Merge = (results: readonly PieceResult[], pieces: RowPieces) => void;

/** Where the functions of one pass write. */
interface Results {
  /** Of parameters: a sum over all rows, of which each piece has its own part. */
  readonly ofPieces: readonly PieceResult[];
  /** Of long rows, of which each part has its own part. */
  readonly ofParts: readonly PieceResult[];
  /** The addresses of the others, by the name of the operand. */
  readonly targets: ReadonlyMap<string, number>;
}

/** Where an operand is for each call of a pass. */
interface Place {
  readonly address: number;
  /** Bytes from one piece to the next; undefined where pieces have none of their own. */
  readonly perPiece: number | undefined;
  /** Bytes from one row of the walk to the next; 0 where rows have none of their own. */
  readonly perRow: number;
  /** Bytes of a row. */
  readonly bytes: number;
  /** Where the parts of long rows are, if they have some of their own. */
  readonly part: number | undefined;
}

/** The argument of compiled functions that is the address of memory that they need for themselves. */
const SCRATCH = 5;
const WORD = 4;

/** Runs one function of compiled attention over all rows, in pieces that threads share. */
export class AttentionPass {
  readonly #engine: Engine;
  readonly #machine: Machine;

  constructor(engine: Engine, machine: Machine) {
    this.#engine = engine;
    this.#machine = machine;
  }

  /**
   * Runs a function over the rows, and over the parts of long ones, whose results `merge` puts together.
   *
   * @param buffers - What the functions write, by the name of the operand.
   * @param isAdded - Whether functions add to what buffers hold, which is zero; else they write them whole.
   */
  run(
    compiled: LoadedFunction,
    inputs: PassInputs,
    buffers: ReadonlyMap<string, FloatBuffer>,
    isAdded: boolean,
    merge: Merge,
  ): void {
    const { memory, kernels, pool } = this.#machine;
    const { heads } = inputs;
    const { edges } = inputs.operands;
    const { offsets } = compiled.owner === "query" ? edges : edges.transposed;
    const pieces = rowPieces(offsets);
    const temporary: FloatBuffer[] = [];
    const place = (buffer: FloatBuffer): number => (isAdded ? memory.input(buffer) : memory.output(buffer));
    const allocate = (length: number): number => {
      const buffer = this.#engine.allocate(length);
      temporary.push(buffer);
      return place(buffer);
    };
    try {
      const results = placeResults(compiled, heads, pieces, allocate, (name) => place(buffers.get(name)!));
      const bytes = bytesOfSlots(compiled, heads, pieces);
      const calls = this.#calls(compiled, inputs, results, pieces, { address: allocate(bytes / WORD), bytes });
      pool.run(calls, workOf(compiled, heads, offsets[offsets.length - 1]!));
      for (const { operand, partials, target } of results.ofPieces) {
        const width = heads * operand.width;
        kernels.sumColumnRanges(partials, target, calls.length, width, 0, width);
      }
      merge(results.ofParts, pieces);
    } finally {
      for (const buffer of temporary) this.#engine.free(buffer);
    }
  }

  #calls(
    { target, operands, owner }: LoadedFunction,
    { operands: { edges, seed }, heads, addresses }: PassInputs,
    results: Results,
    { ranges, longRows, partStarts }: RowPieces,
    scratch: { readonly address: number; readonly bytes: number },
  ): Call[] {
    const indices = (array: Uint32Array): number => this.#machine.memory.indices(indexBuffer(this.#engine, array));
    const [offsets, others, permutation] =
      owner === "query"
        ? [indices(edges.offsets), indices(edges.senderOf), 0]
        : [edges.transposed.offsets, edges.transposed.receivers, edges.transposed.permutation].map(indices);
    const calls: Call[] = [];
    const places = operands.map((operand): Place => {
      const bytes = heads * operand.width * WORD;
      const [ofPiece, ofPart] = [results.ofPieces, results.ofParts].map((parts) => find(parts, operand));
      const address = ofPiece?.partials ?? results.targets.get(operand.name) ?? addresses.get(operand.name)!;
      return {
        address,
        perPiece: ofPiece && bytes,
        perRow: operand.side === owner ? bytes : 0,
        bytes,
        part: ofPart?.partials,
      };
    });
    const elements = {
      query: edges.offsets.length - 1,
      key: edges.transposed.offsets.length - 1,
      edge: 0,
      parameter: 0,
    };
    const besideRows = operands.reduce(
      (sum, { side, width }) => sum + (side === owner ? 0 : elements[side] * width),
      0,
    );
    const touches = Number(besideRows * heads * WORD > CACHE_BYTES);
    const add = (first: number, end: number, starts: number, addressOf: (place: Place) => number): void => {
      const piece = calls.length;
      const args = [first, end, starts, others!, permutation!, scratch.address, seed, touches];
      for (const place of places) {
        args.push(place.perPiece === undefined ? addressOf(place) : place.address + piece * place.perPiece);
      }
      calls.push({ target, args, scratch: { argument: SCRATCH, bytes: scratch.bytes } });
    };
    for (const [first, end] of ranges) add(first, end, offsets!, ({ address }) => address);
    let part = 0;
    for (const { row, first, parts } of longRows) {
      for (let p = 0; p < parts; p++) {
        const index = part++;
        // A part is the only row of the structure that the function sees: what belongs to the row is at its place 0.
        add(0, 1, indices(partStarts) + (first + p) * WORD, ({ address, perRow, bytes, part: partials }) =>
          perRow > 0 && partials !== undefined ? partials + index * bytes : address + row * perRow,
        );
      }
    }
    return calls;
  }
}

function placeResults(
  { results, owner }: LoadedFunction,
  heads: number,
  { ranges, parts }: RowPieces,
  allocate: (length: number) => number,
  addressOf: (name: string) => number,
): Results {
  const pieces = ranges.length + parts;
  const [ofPieces, ofParts]: [PieceResult[], PieceResult[]] = [[], []];
  const targets = new Map<string, number>();
  for (const operand of results) {
    const length = heads * operand.width;
    const target = addressOf(operand.name);
    targets.set(operand.name, target);
    // A single piece adds to the result itself.
    if (operand.side === "parameter" && pieces > 1) {
      ofPieces.push({ operand, partials: allocate(pieces * length), target });
    } else if (operand.side === owner && parts > 0) {
      ofParts.push({ operand, partials: allocate(parts * length), target });
    }
  }
  return { ofPieces, ofParts, targets };
}

function find(results: readonly PieceResult[], { name }: Operand): PieceResult | undefined {
  return results.find(({ operand }) => operand.name === name);
}

function bytesOfSlots({ chunk, slots }: LoadedFunction, heads: number, { longest, parts }: RowPieces): number {
  const edges = chunk !== "row" ? chunk : parts > 0 ? PART : longest;
  return slots * heads * ((edges + 3) & ~3) * WORD;
}

/** In numbers that an elementwise kernel would touch: every operand's row for each edge, and some exponentials. */
function workOf({ operands }: LoadedFunction, heads: number, edges: number): number {
  const widths = operands.reduce((sum, { width, side }) => sum + (side === "parameter" ? 0 : width), 0);
  return edges * heads * (8 + widths);
}
