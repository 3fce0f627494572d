import { encodeModule, type FunctionBuilder } from "./assembler.ts";
import type { Operand, RowKernel } from "./row-kernel.ts";
import { logFunction } from "./vector-math.ts";

/** A function of a compiled module: its name, and the operands whose addresses it takes, in order. */
export interface CompiledFunction {
  readonly name: string;
  readonly operands: readonly Operand[];
  /** Those among them that it writes, but for what it leaves to the functions after it. */
  readonly results: readonly Operand[];
  /** The side whose elements are its rows. */
  readonly owner: "query" | "key";
  /** Whether it takes a row whole, for which it needs slots as long as the longest row; else {@link EDGE_CHUNK} edges at a time. */
  readonly wholeRows: boolean;
  /** Slots of scratch memory that it needs: `[slots, heads, edges of a chunk, rounded up to four]` numbers. */
  readonly slots: number;
}

/** A module of fused attention. */
export interface CompiledAttention {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the module was encoded from. */
  readonly built: readonly FunctionBuilder[];
  /** In the order in which they must run. */
  readonly functions: readonly CompiledFunction[];
}

/** Edges that a function handles at a time which takes no row whole. */
export const EDGE_CHUNK = 64;

/** A module of the functions that kernels have built. */
export function assemble(
  built: readonly { readonly kernel: RowKernel; readonly compiled: CompiledFunction }[],
): CompiledAttention {
  const all: FunctionBuilder[] = [logFunction(), ...built.map(({ kernel }) => kernel.f)];
  return {
    bytes: encodeModule(all),
    built: all,
    functions: built.map(({ compiled }) => compiled),
  };
}
