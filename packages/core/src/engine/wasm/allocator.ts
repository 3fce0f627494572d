/** Addresses and sizes are multiples of this: a cache line, so that rows of 16 numbers never straddle two. */
export const ALIGNMENT = 64;

interface Block {
  readonly address: number;
  readonly size: number;
}

/** Hands out blocks of a range of addresses. */
export interface Allocator {
  /** The address of `bytes` bytes, or undefined when no free block is as large: {@link extend} then. */
  allocate(bytes: number): number | undefined;
  /** Takes back what {@link allocate} gave for as many bytes. */
  release(address: number, bytes: number): void;
  /** Adds the addresses up to `end`. */
  extend(end: number): void;
  /** How far `end` must move for a block of `bytes` bytes to fit. */
  missing(bytes: number): number;
  /** Free blocks by size, then by address. No two of them touch. */
  readonly free: readonly Block[];
}

/**
 * Manages the addresses from `start` to `end`, both multiples of {@link ALIGNMENT}: best fit, and free neighbors become one block. Knows
 * nothing of the memory behind the addresses.
 */
export function allocatorOver(start: number, end: number): Allocator {
  const free: Block[] = [];
  const freeFrom = new Map<number, Block>();
  const freeUpTo = new Map<number, Block>();
  let managedEnd = start;

  /** The place in order of the first free block that is not before (`size`, `address`). */
  const rank = (size: number, address: number): number => {
    let low = 0;
    let high = free.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const block = free[middle]!;
      if (block.size < size || (block.size === size && block.address < address)) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const add = (block: Block): void => {
    free.splice(rank(block.size, block.address), 0, block);
    freeFrom.set(block.address, block);
    freeUpTo.set(block.address + block.size, block);
  };

  const remove = (block: Block): void => {
    free.splice(rank(block.size, block.address), 1);
    freeFrom.delete(block.address);
    freeUpTo.delete(block.address + block.size);
  };

  const release = (address: number, bytes: number): void => {
    let from = address;
    let to = address + blockSize(bytes);
    const before = freeUpTo.get(from);
    const after = freeFrom.get(to);
    if (before !== undefined) {
      remove(before);
      from = before.address;
    }
    if (after !== undefined) {
      remove(after);
      to = after.address + after.size;
    }
    if (to > from) add({ address: from, size: to - from });
  };

  const extend = (to: number): void => {
    const from = managedEnd;
    managedEnd = to;
    release(from, to - from);
  };
  extend(end);

  return {
    allocate(bytes) {
      const size = blockSize(bytes);
      const fit = free[rank(size, 0)];
      if (fit === undefined) return undefined;
      remove(fit);
      if (fit.size > size) add({ address: fit.address + size, size: fit.size - size });
      return fit.address;
    },
    release,
    extend,
    missing: (bytes) => blockSize(bytes) - (freeUpTo.get(managedEnd)?.size ?? 0),
    free,
  };
}

function blockSize(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
