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
  /** How many edges it takes at a time; a whole row needs slots as long as the longest row. */
  readonly chunk: number | "row";
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

/** A kernel whose function has been built. */
export interface BuiltKernel extends Pick<CompiledFunction, "results" | "chunk"> {
  readonly kernel: RowKernel;
}

/** A module of the functions that kernels have built. */
export function assemble(kernels: readonly BuiltKernel[]): CompiledAttention {
  const built = [logFunction(), ...kernels.map(({ kernel }) => kernel.f)];
  const functions = kernels.map(({ kernel: { f, operands, owner, slotPointer }, results, chunk }) => {
    return { name: f.name, operands: [...operands.values()], results, owner, chunk, slots: slotPointer.size };
  });
  return { bytes: encodeModule(built), built, functions };
}
