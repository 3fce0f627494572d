import { EngineError } from "../../errors.ts";
import type { FloatBuffer, IndexBuffer, MemoryReport } from "../buffers.ts";
import { type IndexSummary, summarizeIndices } from "../index-summary.ts";
import type { KernelArguments, KernelName } from "../kernels.ts";

/** Where a kernel finds the numbers of its buffers. */
export interface HostMemory {
  /** @throws EngineError `foreign-buffer` or `freed-buffer`. */
  floats(buffer: FloatBuffer): Float64Array;
  /** @throws EngineError `foreign-buffer` or `freed-buffer`. */
  indices(buffer: IndexBuffer): Uint32Array;
}

/** The kernels of one family, each a plain function of its documented arguments. */
export type ReferenceKernels<Names extends KernelName = KernelName> = {
  readonly [Name in Names]: (args: KernelArguments[Name], memory: HostMemory) => void;
};

class HostBuffer<Values extends Float64Array | Uint32Array> {
  readonly length: number;
  readonly owner: ReferenceMemory;
  /** Undefined once freed. */
  values: Values | undefined;

  constructor(owner: ReferenceMemory, values: Values) {
    this.owner = owner;
    this.values = values;
    this.length = values.length;
  }
}

class HostFloatBuffer extends HostBuffer<Float64Array> implements FloatBuffer {
  readonly kind = "float";
}

class HostIndexBuffer extends HostBuffer<Uint32Array> implements IndexBuffer {
  readonly kind = "index";
  readonly summary: IndexSummary;

  constructor(owner: ReferenceMemory, values: Uint32Array) {
    super(owner, values);
    this.summary = summarizeIndices(values);
  }
}

/** Typed arrays as buffers, and the count of their bytes. */
export class ReferenceMemory implements HostMemory {
  #bytes = 0;
  #peakBytes = 0;
  #buffers = 0;

  allocate(length: number): FloatBuffer {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new EngineError(
        "invalid-length",
        `allocate: got the length ${length}; expected an integer that is not negative.`,
      );
    }
    try {
      return this.adoptFloats(new Float64Array(length));
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new EngineError(
        "out-of-memory",
        `allocate: the reference engine cannot hold ${length} more numbers. Free tensors or use a smaller batch.`,
        { cause },
      );
    }
  }

  /** Makes a buffer of `values` itself, not of a copy. */
  adoptFloats(values: Float64Array): FloatBuffer {
    this.#count(values.byteLength);
    return new HostFloatBuffer(this, values);
  }

  /** Makes a buffer of `values` itself, not of a copy. */
  adoptIndices(values: Uint32Array): IndexBuffer {
    this.#count(values.byteLength);
    return new HostIndexBuffer(this, values);
  }

  floats(buffer: FloatBuffer): Float64Array {
    if (!(buffer instanceof HostFloatBuffer) || buffer.owner !== this) throw foreignBuffer();
    if (buffer.values === undefined) throw freedBuffer();
    return buffer.values;
  }

  indices(buffer: IndexBuffer): Uint32Array {
    if (!(buffer instanceof HostIndexBuffer) || buffer.owner !== this) throw foreignBuffer();
    if (buffer.values === undefined) throw freedBuffer();
    return buffer.values;
  }

  readonly summarize = (buffer: IndexBuffer): IndexSummary => {
    if (!(buffer instanceof HostIndexBuffer) || buffer.owner !== this) throw foreignBuffer();
    return buffer.summary;
  };

  free(buffer: FloatBuffer | IndexBuffer): void {
    if (!(buffer instanceof HostBuffer) || buffer.owner !== this) throw foreignBuffer();
    if (buffer.values === undefined) throw freedBuffer();
    this.#bytes -= buffer.values.byteLength;
    this.#buffers--;
    buffer.values = undefined;
  }

  report(): MemoryReport {
    return { bytes: this.#bytes, peakBytes: this.#peakBytes, buffers: this.#buffers };
  }

  resetPeak(): void {
    this.#peakBytes = this.#bytes;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.#bytes);
    this.#buffers++;
  }
}

function foreignBuffer(): EngineError {
  return new EngineError(
    "foreign-buffer",
    "reference: got a buffer that another engine made; expected one of this engine. Read it there and upload it here.",
  );
}

function freedBuffer(): EngineError {
  return new EngineError(
    "freed-buffer",
    "reference: got a buffer that was freed; expected a live one. Use buffers before they are freed, and free them once.",
  );
}
