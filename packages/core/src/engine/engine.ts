import type { AttentionKernels, AttentionPlan } from "./attention-kernels.ts";
import type { FloatBuffer, IndexBuffer, MemoryReport } from "./buffers.ts";
import type { KernelArguments, KernelName } from "./kernels.ts";

/**
 * An engine owns buffers and runs named kernels on them. It knows nothing of graphs, layers or gradients: those are built on
 * the kernels, once, for every engine.
 *
 * Two engines come with this package: `reference` computes in float64 with plain TypeScript and is the oracle; `wasm`
 * computes in float32 with WebAssembly SIMD and is the default. An engine from elsewhere implements this interface and shows by
 * the same conformance suite that it computes the same.
 *
 * An engine may run a kernel later than it is called, as long as `read` sees the result of all that was called before it.
 */
export interface Engine {
  /** What errors call it, such as `"wasm"`. */
  readonly name: string;
  /** The type that buffers hold. Tolerances of tests follow from it. */
  readonly precision: "float32" | "float64";

  /**
   * Makes a buffer of `length` numbers, all zero.
   *
   * @throws EngineError `out-of-memory` when the engine cannot hold it.
   */
  allocate(length: number): FloatBuffer;
  /** Makes a buffer of as many numbers that holds a copy of `values`, rounded to the engine's precision. */
  upload(values: ArrayLike<number>): FloatBuffer;
  /** Makes an index buffer of the same length that holds a copy of `indices`. */
  uploadIndices(indices: Uint32Array): IndexBuffer;
  /** Overwrites all of `buffer` with `values`, which has as many numbers. */
  write(buffer: FloatBuffer, values: ArrayLike<number>): void;
  /** A copy of what the buffer holds, as many numbers, at once. Engines that cannot (a GPU) throw EngineError `no-synchronous-read`. */
  readSync(buffer: FloatBuffer): Float32Array | Float64Array;
  /** A copy of what the buffer holds, as many numbers. */
  read(buffer: FloatBuffer): Promise<Float32Array | Float64Array>;
  /** Gives the buffer's memory back. The buffer must not be used again. */
  free(buffer: FloatBuffer | IndexBuffer): void;

  /** Runs one kernel. The kernels, what they compute and their arguments are documented at {@link KernelArguments}. */
  run<Name extends KernelName>(name: Name, args: KernelArguments[Name]): void;

  /**
   * Fused attention for one plan, or the reason why this engine does not take the plan: `attend` then computes the same with
   * segment kernels. An engine without fused attention leaves this method out.
   */
  attention?(plan: AttentionPlan): AttentionKernels | { readonly refused: string };

  /** What is allocated now. */
  memory(): MemoryReport;
  /** Sets `peakBytes` to the bytes that are live now. */
  resetPeak(): void;
}
