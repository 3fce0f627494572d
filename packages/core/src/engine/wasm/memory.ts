import { EngineError } from "../../errors.ts";
import type { FloatBuffer, IndexBuffer, MemoryReport } from "../buffers.ts";
import { type IndexSummary, summarizeIndices } from "../index-summary.ts";
import { ALIGNMENT, type Allocator, allocatorOver } from "./allocator.ts";
import { canShareMemory } from "./threads.ts";

const PAGE = 0x1_0000;
/** What 32-bit addresses reach: 4 GiB. */
const MAXIMUM_PAGES = 0x1_0000;
const INITIAL_PAGES = 16;
/** Kernels read up to four vectors past the start of a row's last number: the end of memory stays free. */
const MARGIN = ALIGNMENT;

/** A buffer of either kind. */
class WasmBuffer<Kind extends "float" | "index"> {
  readonly kind: Kind;
  readonly length: number;
  readonly owner: WasmMemory;
  /** Where the numbers are; undefined once freed. */
  address: number | undefined;
  /** What is known of indices. */
  readonly summary: IndexSummary | undefined;
  /**
   * Whether the buffer stands for zeros but holds what was there before. Most buffers are written whole by the first kernel that
   * sees them, and to clear those would cost as much as many kernels.
   */
  mustClear = false;

  constructor(kind: Kind, owner: WasmMemory, address: number, length: number, summary?: IndexSummary) {
    this.kind = kind;
    this.owner = owner;
    this.address = address;
    this.length = length;
    this.summary = summary;
  }
}

type AnyBuffer = WasmBuffer<"float" | "index">;

/** A new linear memory that can grow to all of its addresses, shared between threads where it can be. */
export function createLinearMemory(): WebAssembly.Memory {
  if (canShareMemory()) {
    try {
      return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared: true });
    } catch (error) {
      // Shared memory takes the addresses of its maximum at once, which small devices may refuse.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES });
}

/** Whether several threads may work on a memory. */
export function isShared({ buffer }: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== "undefined" && Object(buffer) instanceof SharedArrayBuffer;
}

/** Takes a buffer that is to be freed, and gives it back. */
export type Own = <Buffer extends FloatBuffer | IndexBuffer>(buffer: Buffer) => Buffer;

/** Sets numbers from an address on to zero. */
type Clear = (address: number, length: number) => void;

/** Buffers in the linear memory of one WebAssembly module. Four bytes a number. */
export class WasmMemory {
  readonly linear: WebAssembly.Memory;
  /** Whether several threads may work on it. */
  readonly isShared: boolean;
  readonly #allocator: Allocator;
  readonly #clear: Clear | undefined;
  #bytes = 0;
  #peakBytes = 0;
  #buffers = 0;

  /**
   * Buffers are placed from the address `base` on; what is before it is left alone. `clear` may do the clearing of buffers, which this
   * thread does otherwise.
   */
  constructor(linear: WebAssembly.Memory, base: number, clear?: Clear) {
    this.linear = linear;
    this.isShared = isShared(linear);
    this.#clear = clear;
    this.#allocator = allocatorOver(Math.ceil(base / ALIGNMENT) * ALIGNMENT, linear.buffer.byteLength - MARGIN);
  }

  /** Where workers find a module: at an address from which its bytes stay as they are. At 0, where there can be no workers. */
  keep(bytes: Uint8Array): { readonly address: number; readonly bytes: number } {
    const { length } = bytes;
    if (!this.isShared) return { address: 0, bytes: length };
    const address = this.reserve(length);
    new Uint8Array(this.linear.buffer, address, length).set(bytes);
    return { address, bytes: length };
  }

  /** Takes back what {@link reserve} gave. */
  release(address: number, bytes: number): void {
    this.#allocator.release(address, bytes);
  }

  /** Pages that the memory has now. */
  get pages(): number {
    return this.linear.buffer.byteLength / PAGE;
  }

  allocate(length: number): FloatBuffer {
    const buffer = new WasmBuffer("float", this, this.#open(length), length);
    buffer.mustClear = true;
    return buffer;
  }

  upload(values: ArrayLike<number>): FloatBuffer {
    const address = this.#open(values.length);
    this.floatsAt(address, values.length).set(values);
    return new WasmBuffer("float", this, address, values.length);
  }

  uploadIndices(indices: Uint32Array): IndexBuffer {
    const address = this.#open(indices.length);
    this.rowStarts(address, indices.length).set(indices);
    return new WasmBuffer("index", this, address, indices.length, summarizeIndices(indices));
  }

  write(buffer: FloatBuffer, values: ArrayLike<number>): void {
    if (values.length !== buffer.length) {
      throw new EngineError(
        "wrong-length",
        `write: got ${values.length} numbers for a buffer of ${buffer.length}; expected as many as the buffer holds.`,
      );
    }
    this.floatsAt(this.output(buffer), buffer.length).set(values);
  }

  read(buffer: FloatBuffer): Float32Array {
    return this.floatsAt(this.input(buffer), buffer.length).slice();
  }

  free(buffer: FloatBuffer | IndexBuffer): void {
    const mine = this.#own(buffer);
    this.#allocator.release(liveAddress(mine), mine.length * 4);
    this.#bytes -= mine.length * 4;
    this.#buffers--;
    mine.address = undefined;
  }

  /** Runs `body`, and then frees the buffers that it has handed to `own`, whatever happens. */
  temporarily(body: (own: Own) => void): void {
    const buffers: (FloatBuffer | IndexBuffer)[] = [];
    try {
      body((buffer) => {
        buffers.push(buffer);
        return buffer;
      });
    } finally {
      for (const buffer of buffers) this.free(buffer);
    }
  }

  /** The address of a buffer that a kernel reads, and perhaps writes. */
  input(buffer: FloatBuffer): number {
    const mine = this.#own(buffer);
    const address = liveAddress(mine);
    if (mine.mustClear) {
      if (this.#clear === undefined) this.floatsAt(address, mine.length).fill(0);
      else this.#clear(address, mine.length);
      mine.mustClear = false;
    }
    return address;
  }

  /** The address of a buffer that a kernel writes whole and does not read. */
  output(buffer: FloatBuffer): number {
    const mine = this.#own(buffer);
    mine.mustClear = false;
    return liveAddress(mine);
  }

  /** Makes a buffer stand for zeros, at no cost until it is read. */
  clearLater(buffer: FloatBuffer): void {
    this.#own(buffer).mustClear = true;
  }

  /** Whether a buffer stands for zeros that nobody has written yet. */
  standsForZeros(buffer: FloatBuffer): boolean {
    return this.#own(buffer).mustClear;
  }

  indices(buffer: IndexBuffer): number {
    return liveAddress(this.#own(buffer));
  }

  /** The numbers that a kernel reads at an address. */
  rowStarts(address: number, length: number): Uint32Array {
    return new Uint32Array(this.linear.buffer, address, length);
  }

  /** Numbers at an address, until memory grows. */
  floatsAt(address: number, length: number): Float32Array {
    return new Float32Array(this.linear.buffer, address, length);
  }

  readonly summarize = (buffer: IndexBuffer): IndexSummary => {
    const { summary } = this.#own(buffer);
    if (summary === undefined) throw foreignBuffer();
    return summary;
  };

  report(): MemoryReport {
    return { bytes: this.#bytes, peakBytes: this.#peakBytes, buffers: this.#buffers };
  }

  resetPeak(): void {
    this.#peakBytes = this.#bytes;
  }

  #own(buffer: FloatBuffer | IndexBuffer): AnyBuffer {
    if (buffer instanceof WasmBuffer && buffer.owner === this) return buffer;
    throw foreignBuffer();
  }

  #open(length: number): number {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new EngineError(
        "invalid-length",
        `allocate: got the length ${length}; expected an integer that is not negative.`,
      );
    }
    const bytes = length * 4;
    // Any address will do where there is nothing to read.
    const address = bytes === 0 ? 0 : this.reserve(bytes);
    this.#bytes += bytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.#bytes);
    this.#buffers++;
    return address;
  }

  /** Memory that no buffer and no report counts: what kernels need for themselves. */
  reserve(bytes: number): number {
    const address =
      this.#allocator.allocate(bytes) ?? (this.#grow(bytes) ? this.#allocator.allocate(bytes) : undefined);
    if (address !== undefined) return address;
    throw new EngineError(
      "out-of-memory",
      `allocate: got a request for ${bytes} bytes with ${this.#bytes} in use; the wasm engine holds at most 4 GiB and what ` +
        "the machine has. Free tensors, train on smaller batches, or use fewer heads or channels.",
    );
  }

  /** Grows by an eighth at least, so that growing stays rare, and by what is needed where an eighth is not to be had. */
  #grow(bytes: number): boolean {
    const { pages } = this;
    const needed = Math.ceil(this.#allocator.missing(bytes) / PAGE);
    if (pages + needed > MAXIMUM_PAGES) return false;
    const generous = Math.min(MAXIMUM_PAGES - pages, Math.max(needed, pages >> 3));
    if (!this.#growBy(generous) && !this.#growBy(needed)) return false;
    this.#allocator.extend(this.linear.buffer.byteLength - MARGIN);
    return true;
  }

  #growBy(pages: number): boolean {
    try {
      this.linear.grow(pages);
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }
}

function liveAddress(buffer: AnyBuffer): number {
  if (buffer.address !== undefined) return buffer.address;
  throw new EngineError(
    "freed-buffer",
    "wasm: got a buffer that was freed; expected a live one. Use buffers before they are freed, and free them once.",
  );
}

function foreignBuffer(): EngineError {
  return new EngineError(
    "foreign-buffer",
    "wasm: got a buffer that another engine made; expected one of this engine. Read it there and upload it here.",
  );
}
