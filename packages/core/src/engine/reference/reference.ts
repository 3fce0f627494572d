import { EngineError } from "../../errors.ts";
import type { AttentionKernels, AttentionPlan } from "../attention-kernels.ts";
import type { FloatBuffer, IndexBuffer, MemoryReport } from "../buffers.ts";
import { checkArguments } from "../check-arguments.ts";
import type { Engine } from "../engine.ts";
import type { KernelArguments, KernelName } from "../kernels.ts";
import { referenceAttention } from "./attention.ts";
import { denseKernels } from "./dense.ts";
import { denseAttentionKernels } from "./dense-attention.ts";
import { elementwiseKernels } from "./elementwise.ts";
import { type ReferenceKernels, ReferenceMemory } from "./memory.ts";
import { optimiseKernels } from "./optimise.ts";
import { recurrentKernels } from "./recurrent.ts";
import { reduceKernels } from "./reduce.ts";
import { segmentKernels } from "./segment.ts";
import { sparseKernels } from "./sparse.ts";

const kernels: ReferenceKernels = {
  ...elementwiseKernels,
  ...recurrentKernels,
  ...reduceKernels,
  ...denseKernels,
  ...denseAttentionKernels,
  ...sparseKernels,
  ...segmentKernels,
  ...optimiseKernels,
};

/**
 * The oracle: float64 in plain TypeScript, dense products by ml-matrix. Written to be read and checked by eye; every other
 * engine is compared with it, and gradients are checked on it by finite differences.
 */
class ReferenceEngine implements Engine {
  readonly name = "reference";
  readonly precision = "float64";
  readonly #memory = new ReferenceMemory();

  allocate(length: number): FloatBuffer {
    return this.#memory.allocate(length);
  }

  upload(values: ArrayLike<number>): FloatBuffer {
    return this.#memory.adoptFloats(Float64Array.from(values));
  }

  uploadIndices(indices: Uint32Array): IndexBuffer {
    return this.#memory.adoptIndices(indices.slice());
  }

  write(buffer: FloatBuffer, values: ArrayLike<number>): void {
    const target = this.#memory.floats(buffer);
    if (values.length !== target.length) {
      throw new EngineError(
        "wrong-length",
        `write: got ${values.length} numbers for a buffer of ${target.length}; expected as many as the buffer holds.`,
      );
    }
    target.set(values);
  }

  readSync(buffer: FloatBuffer): Float64Array {
    return this.#memory.floats(buffer).slice();
  }

  async read(buffer: FloatBuffer): Promise<Float64Array> {
    return this.readSync(buffer);
  }

  free(buffer: FloatBuffer | IndexBuffer): void {
    this.#memory.free(buffer);
  }

  run<Name extends KernelName>(name: Name, args: KernelArguments[Name]): void {
    checkArguments(name, args, this.#memory.summarize);
    kernels[name](args, this.#memory);
  }

  attention(plan: AttentionPlan): AttentionKernels | { readonly refused: string } {
    return referenceAttention(plan, (buffer) => this.#memory.floats(buffer));
  }

  memory(): MemoryReport {
    return this.#memory.report();
  }

  resetPeak(): void {
    this.#memory.resetPeak();
  }
}

let shared: ReferenceEngine | undefined;

/** The reference engine that everything shares which names no engine of its own. Made on first use. */
export function referenceEngine(): Engine {
  shared ??= new ReferenceEngine();
  return shared;
}

/** A reference engine of its own, with its own memory report. */
export function createReferenceEngine(): Engine {
  return new ReferenceEngine();
}
