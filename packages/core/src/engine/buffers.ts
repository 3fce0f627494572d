/** Floating-point numbers that an engine owns. Only the engine that made a buffer can read it. */
export interface FloatBuffer {
  /** Tells it from an {@link IndexBuffer}. */
  readonly kind: "float";
  /** Count of numbers. */
  readonly length: number;
}

/** Unsigned 32-bit numbers that an engine owns: row offsets, node numbers, permutations. */
export interface IndexBuffer {
  /** Tells it from a {@link FloatBuffer}. */
  readonly kind: "index";
  /** Count of numbers. */
  readonly length: number;
}

/** What an engine has allocated, in bytes, by its own accounting. */
export interface MemoryReport {
  /** Bytes in live buffers. */
  readonly bytes: number;
  /** The largest value `bytes` has had since the engine was made or `Engine.resetPeak` was called. */
  readonly peakBytes: number;
  /** Count of live buffers. */
  readonly buffers: number;
}
