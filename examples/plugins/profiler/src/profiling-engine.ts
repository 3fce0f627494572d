import type {
  AttentionKernels,
  AttentionPlan,
  Engine,
  FloatBuffer,
  IndexBuffer,
  KernelArguments,
  KernelName,
  MemoryReport,
} from "@vicinal/core";
import { KernelProfile } from "./kernel-profile.ts";

/**
 * An engine that has another one do everything, and writes down how often each kernel ran, how long that took, and how many bytes its buffers have. It
 * computes what the other computes, bit for bit. Fused attention is written down under the names `attention forward` and `attention backward`.
 *
 * Time is that of the call: of an engine that runs kernels later than they are called it is not the time of the kernel.
 */
export class ProfilingEngine implements Engine {
  readonly name: string;
  readonly precision: Engine["precision"];
  /** What was written down. */
  readonly profile: KernelProfile;
  readonly #inner: Engine;

  /** @param now The time in milliseconds. Default `performance.now`. */
  constructor(inner: Engine, now: () => number = () => performance.now()) {
    this.#inner = inner;
    this.name = `${inner.name}, profiled`;
    this.precision = inner.precision;
    this.profile = new KernelProfile(now);
  }

  allocate(length: number): FloatBuffer {
    return this.#inner.allocate(length);
  }

  upload(values: ArrayLike<number>): FloatBuffer {
    return this.#inner.upload(values);
  }

  uploadIndices(indices: Uint32Array): IndexBuffer {
    return this.#inner.uploadIndices(indices);
  }

  write(buffer: FloatBuffer, values: ArrayLike<number>): void {
    this.#inner.write(buffer, values);
  }

  readSync(buffer: FloatBuffer): Float32Array | Float64Array {
    return this.#inner.readSync(buffer);
  }

  read(buffer: FloatBuffer): Promise<Float32Array | Float64Array> {
    return this.#inner.read(buffer);
  }

  free(buffer: FloatBuffer | IndexBuffer): void {
    this.#inner.free(buffer);
  }

  run<Name extends KernelName>(name: Name, args: KernelArguments[Name]): void {
    this.profile.record(name, this.#bytesOf(args), () => this.#inner.run(name, args));
  }

  attention(plan: AttentionPlan): AttentionKernels | { readonly refused: string } {
    const kernels = this.#inner.attention?.(plan);
    if (kernels === undefined) return { refused: `the engine ${this.#inner.name} has no fused attention` };
    if ("refused" in kernels) return kernels;
    return {
      symbols: kernels.symbols,
      hoisted: kernels.hoisted,
      forward: (...given) =>
        this.profile.record("attention forward", this.#bytesOf(given), () => kernels.forward(...given)),
      backward: (...given) =>
        this.profile.record("attention backward", this.#bytesOf(given), () => kernels.backward(...given)),
    };
  }

  memory(): MemoryReport {
    return this.#inner.memory();
  }

  resetPeak(): void {
    this.#inner.resetPeak();
  }

  /** The bytes of every buffer among the arguments of a kernel, each once. */
  #bytesOf(args: object): number {
    const perFloat = this.precision === "float64" ? 8 : 4;
    const seen = new Set<object>();
    const visit = (value: unknown): number => {
      if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || seen.has(value)) return 0;
      seen.add(value);
      if (isBuffer(value)) return value.length * (value.kind === "float" ? perFloat : 4);
      const parts = value instanceof Map ? [...value.values()] : Object.values(value);
      return parts.reduce((total: number, each) => total + visit(each), 0);
    };
    return visit(args);
  }
}

function isBuffer(value: object): value is FloatBuffer | IndexBuffer {
  return "kind" in value && (value.kind === "float" || value.kind === "index") && "length" in value;
}
