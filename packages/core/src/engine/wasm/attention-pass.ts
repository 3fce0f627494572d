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

/** Where a pass writes, and how. */
export interface PassResults {
  /** By the name of the operand. */
  readonly buffers: ReadonlyMap<string, FloatBuffer>;
  /** Whether functions add to what buffers hold, which is zero; else they write them whole. */
  readonly isAdded: boolean;
  /** Puts a row together that was computed in parts: called for each, with its results in the order of the operands. */
  readonly merge: (results: readonly RowInParts[], parts: number) => void;
}

/** A result of a row that was computed in parts. */
export interface RowInParts {
  /** Where the parts are, one after the other. */
  readonly from: number;
  /** Where the row is to be. */
  readonly to: number;
  /** Numbers of a part, and of the row. */
  readonly width: number;
}

/** Where an operand is for the calls of a pass. */
interface Place {
  readonly operand: Operand;
  readonly address: number;
  /** Numbers of an element, or of a parameter, for all heads. */
  readonly width: number;
  /** Where each piece leaves what it gives for a parameter, which is a sum over all rows; undefined where pieces have none of their own. */
  readonly ofPieces: number | undefined;
  /** Where each part of long rows leaves its own; undefined where it has none. */
  readonly ofParts: number | undefined;
}

/** The argument of compiled functions that is the address of memory that they need for themselves. */
const SCRATCH = 5;
const WORD = 4;

/** Runs a function of compiled attention over all rows, in pieces that threads share; long rows in parts, whose results `merge` puts together. */
export function runPass(
  engine: Engine,
  { memory, kernels, pool }: Machine,
  compiled: LoadedFunction,
  { operands: { edges, seed }, heads, addresses }: PassInputs,
  { buffers, isAdded, merge }: PassResults,
): void {
  const { target, operands, results, owner } = compiled;
  const indices = (array: Uint32Array): number => memory.indices(indexBuffer(engine, array));
  const { offsets } = owner === "query" ? edges : edges.transposed;
  const pieces = rowPieces(offsets);
  const { ranges, longRows, partStarts } = pieces;
  const place = (buffer: FloatBuffer): number => (isAdded ? memory.input(buffer) : memory.output(buffer));
  memory.temporarily((own) => {
    const allocate = (length: number): number => place(own(memory.allocate(length)));
    const most = ranges.length + partStarts.length;
    const places = operands.map((operand): Place => {
      const { name, side } = operand;
      const width = heads * operand.width;
      const isResult = results.includes(operand);
      return {
        operand,
        address: isResult ? place(buffers.get(name)!) : addresses.get(name)!,
        width,
        // A single piece adds to the result itself.
        ofPieces: isResult && side === "parameter" && most > 1 ? allocate(most * width) : undefined,
        ofParts: isResult && side === owner && longRows.length > 0 ? allocate(partStarts.length * width) : undefined,
      };
    });
    const bytes = bytesOfSlots(compiled, heads, pieces);
    const scratch = allocate(bytes / WORD);
    const [starts, others, permutation] =
      owner === "query"
        ? [indices(offsets), indices(edges.senderOf), 0]
        : [offsets, edges.transposed.receivers, edges.transposed.permutation].map(indices);
    const touches = Number(bytesBesideRows(compiled, heads, edges) > CACHE_BYTES);
    const calls: Call[] = [];
    const add = (first: number, end: number, starts: number, addressOf: (place: Place) => number): void => {
      const piece = calls.length;
      const args = [first, end, starts, others!, permutation!, scratch, seed, touches];
      for (const place of places) {
        args.push(place.ofPieces === undefined ? addressOf(place) : place.ofPieces + piece * place.width * WORD);
      }
      calls.push({ target, args, scratch: { argument: SCRATCH, bytes } });
    };
    for (const [first, end] of ranges) add(first, end, starts!, ({ address }) => address);
    for (const { row, first, parts } of longRows) {
      for (let part = first; part < first + parts; part++) {
        // A part is the only row of the structure that the function sees: what belongs to the row is at its place 0.
        add(0, 1, indices(partStarts) + part * WORD, ({ operand: { side }, address, width, ofParts }) =>
          ofParts === undefined ? address + (side === owner ? row * width * WORD : 0) : ofParts + part * width * WORD,
        );
      }
    }
    pool.run(calls, workOf(compiled, heads, offsets[offsets.length - 1]!));
    for (const { ofPieces, address, width } of places) {
      if (ofPieces !== undefined) kernels.sumColumnRanges(ofPieces, address, calls.length, width, 0, width);
    }
    for (const { row, first, parts } of longRows) {
      const ofRow = places.flatMap(({ ofParts, address, width }): RowInParts[] => {
        const bytes = width * WORD;
        return ofParts === undefined ? [] : [{ from: ofParts + first * bytes, to: address + row * bytes, width }];
      });
      merge(ofRow, parts);
    }
  });
}

function bytesOfSlots({ chunk, slots }: LoadedFunction, heads: number, { longest, longRows }: RowPieces): number {
  const edges = chunk !== "row" ? chunk : longRows.length > 0 ? PART : longest;
  return slots * heads * ((edges + 3) & ~3) * WORD;
}

/** What the function reads of the elements that are not its rows. */
function bytesBesideRows(
  { operands, owner }: LoadedFunction,
  heads: number,
  edges: AttentionOperands["edges"],
): number {
  const elements = {
    query: edges.offsets.length - 1,
    key: edges.senders,
    edge: 0,
    parameter: 0,
  };
  const numbers = operands.reduce((sum, { side, width }) => sum + (side === owner ? 0 : elements[side] * width), 0);
  return numbers * heads * WORD;
}

/** In numbers that an elementwise kernel would touch: every operand's row for each edge, and some exponentials. */
function workOf({ operands }: LoadedFunction, heads: number, edges: number): number {
  const widths = operands.reduce((sum, { width, side }) => sum + (side === "parameter" ? 0 : width), 0);
  return edges * heads * (8 + widths);
}
