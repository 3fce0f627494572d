import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../random.ts";
import { ALIGNMENT, allocatorOver } from "./allocator.ts";

const END = 1 << 20;

describe("Allocator", () => {
  it("hands out aligned blocks that do not overlap", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 40 }), (sizes) => {
        const allocator = allocatorOver(ALIGNMENT, END);
        let reached = 0;
        const blocks = sizes.map((size) => [allocator.allocate(size)!, size] as const);
        for (const [address, size] of blocks.sort(([a], [b]) => a - b)) {
          expect(address % ALIGNMENT).toBe(0);
          expect(address).toBeGreaterThanOrEqual(Math.max(ALIGNMENT, reached));
          reached = address + size;
        }
        expect(reached).toBeLessThanOrEqual(END);
      }),
    );
  });

  it("takes the smallest block that fits", () => {
    const allocator = allocatorOver(0, END);
    const large = allocator.allocate(10 * ALIGNMENT)!;
    allocator.allocate(ALIGNMENT);
    const small = allocator.allocate(2 * ALIGNMENT)!;
    allocator.allocate(ALIGNMENT);
    allocator.release(large, 10 * ALIGNMENT);
    allocator.release(small, 2 * ALIGNMENT);
    expect(allocator.allocate(2 * ALIGNMENT)).toBe(small);
    expect(allocator.allocate(9 * ALIGNMENT)).toBe(large);
  });

  it("makes one block of free neighbors, whatever the order in which they come back", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), (order) => {
        const allocator = allocatorOver(0, END);
        const addresses = order.map(() => allocator.allocate(100)!);
        for (const which of order) allocator.release(addresses[which]!, 100);
        expect(allocator.free).toEqual([{ address: 0, size: END }]);
      }),
    );
  });

  it("is as it was after 10,000 random allocations and releases", () => {
    const random = new Random(1);
    const allocator = allocatorOver(0, END);
    const live: [address: number, size: number][] = [];
    for (let step = 0; step < 10_000; step++) {
      const size = 1 + random.integer(random.integer(10) === 0 ? 50_000 : 500);
      const address = random.integer(2) === 0 ? allocator.allocate(size) : undefined;
      if (address !== undefined) {
        live.push([address, size]);
      } else if (live.length > 0) {
        for (const [freed, bytes] of live.splice(random.integer(live.length), 1)) allocator.release(freed, bytes);
      }
      const taken = live.reduce((sum, [, bytes]) => sum + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT, 0);
      const free = allocator.free.reduce((sum, { size }) => sum + size, 0);
      if (taken + free !== END) expect.fail(`${taken} bytes taken and ${free} free make ${taken + free}`);
    }
    for (const [address, size] of live) allocator.release(address, size);
    expect(allocator.free).toEqual([{ address: 0, size: END }]);
  });

  it("says how much is missing for a block, and has it once extended by as much", () => {
    const allocator = allocatorOver(0, 10 * ALIGNMENT);
    allocator.allocate(4 * ALIGNMENT);
    expect(allocator.allocate(8 * ALIGNMENT)).toBeUndefined();
    expect(allocator.missing(8 * ALIGNMENT)).toBe(2 * ALIGNMENT);
    allocator.extend(12 * ALIGNMENT);
    expect(allocator.allocate(8 * ALIGNMENT)).toBe(4 * ALIGNMENT);
    expect(allocator.free).toEqual([]);
  });
});
