/** Addresses and sizes are multiples of this: a cache line, so that rows of 16 numbers never straddle two. */
export const ALIGNMENT = 64;

interface Block {
  readonly address: number;
  readonly size: number;
}

/**
 * Hands out blocks of a range of addresses: best fit, and free neighbors become one block. Knows nothing of the memory behind
 * the addresses.
 */
export class Allocator {
  #end: number;
  /** Free blocks by size, then by address. No two of them touch. */
  readonly #free: Block[] = [];
  readonly #freeFrom = new Map<number, Block>();
  readonly #freeUpTo = new Map<number, Block>();

  /** Manages the addresses from `start` to `end`, both multiples of {@link ALIGNMENT}. */
  constructor(start: number, end: number) {
    this.#end = start;
    this.extend(end);
  }

  /** The address of `bytes` bytes, or undefined when no free block is as large: {@link extend} then. */
  allocate(bytes: number): number | undefined {
    const size = blockSize(bytes);
    const fit = this.#free[this.#rank(size, 0)];
    if (fit === undefined) return undefined;
    this.#remove(fit);
    if (fit.size > size) this.#add({ address: fit.address + size, size: fit.size - size });
    return fit.address;
  }

  /** Takes back what {@link allocate} gave for as many bytes. */
  release(address: number, bytes: number): void {
    let from = address;
    let to = address + blockSize(bytes);
    const before = this.#freeUpTo.get(from);
    const after = this.#freeFrom.get(to);
    if (before !== undefined) {
      this.#remove(before);
      from = before.address;
    }
    if (after !== undefined) {
      this.#remove(after);
      to = after.address + after.size;
    }
    if (to > from) this.#add({ address: from, size: to - from });
  }

  /** Adds the addresses up to `end`. */
  extend(end: number): void {
    const start = this.#end;
    this.#end = end;
    this.release(start, end - start);
  }

  /** How far `end` must move for a block of `bytes` bytes to fit. */
  missing(bytes: number): number {
    return blockSize(bytes) - (this.#freeUpTo.get(this.#end)?.size ?? 0);
  }

  /** The free blocks, for tests: `[address, size]` by address. */
  freeBlocks(): [address: number, size: number][] {
    return this.#free.map(({ address, size }): [number, number] => [address, size]).sort(([a], [b]) => a - b);
  }

  /** The place in order of the first free block that is not before (`size`, `address`). */
  #rank(size: number, address: number): number {
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const block = this.#free[middle]!;
      if (block.size < size || (block.size === size && block.address < address)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #add(block: Block): void {
    this.#free.splice(this.#rank(block.size, block.address), 0, block);
    this.#freeFrom.set(block.address, block);
    this.#freeUpTo.set(block.address + block.size, block);
  }

  #remove(block: Block): void {
    this.#free.splice(this.#rank(block.size, block.address), 1);
    this.#freeFrom.delete(block.address);
    this.#freeUpTo.delete(block.address + block.size);
  }
}

function blockSize(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
