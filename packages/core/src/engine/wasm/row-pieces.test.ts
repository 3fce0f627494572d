import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PART, rowPieces } from "./row-pieces.ts";

/** Row starts of rows of these lengths. */
function startsOf(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1);
  for (const [row, length] of lengths.entries()) starts[row + 1] = starts[row]! + length;
  return starts;
}

const lengths = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 300 }) },
    { weight: 1, arbitrary: fc.integer({ min: PART - 2, max: 3 * PART + 2 }) },
  ),
  { maxLength: 60 },
);

describe("the pieces of rows", () => {
  it("hold every edge once, in ranges of rows and in parts of long rows", () => {
    fc.assert(
      fc.property(lengths, (rows) => {
        const starts = startsOf(rows);
        const { ranges, longRows, partStarts, longest } = rowPieces(starts);
        const seen: [number, number][] = ranges.map(([first, end]) => [starts[first]!, starts[end]!]);
        for (const [first, end] of ranges) {
          expect(first).toBeLessThan(end);
          for (let row = first; row < end; row++) expect(rows[row]!).toBeLessThanOrEqual(Math.min(PART, longest));
        }
        for (const { row, first, parts: ofRow } of longRows) {
          expect(rows[row]!).toBeGreaterThan(PART);
          expect(partStarts[first]).toBe(starts[row]);
          expect(partStarts[first + ofRow]).toBe(starts[row + 1]);
          for (let p = 0; p < ofRow; p++) {
            const [from, to] = [partStarts[first + p]!, partStarts[first + p + 1]!];
            expect(to - from).toBeLessThanOrEqual(PART);
            seen.push([from, to]);
          }
        }
        expect(partStarts.length).toBe(longRows.reduce((sum, { parts }) => sum + parts + 1, 0));
        let reached = 0;
        for (const [from, to] of seen.sort(([a, b], [c, d]) => a - c || b - d)) {
          expect(from).toBe(reached);
          reached = to;
        }
        expect(reached).toBe(starts[rows.length]);
      }),
    );
  });

  it("are few, however many rows there are, and of about the same cost", () => {
    const starts = startsOf(Array.from({ length: 200_000 }, (_, row) => row % 11));
    const { ranges } = rowPieces(starts);
    const costs = ranges.map(([first, end]) => starts[end]! - starts[first]! + end - first);
    expect(ranges.length).toBeLessThanOrEqual(64);
    expect(Math.max(...costs.slice(0, -1)) / Math.min(...costs.slice(0, -1))).toBeLessThan(1.01);
  });

  it("are one for a small graph", () => {
    expect(rowPieces(startsOf([3, 0, 200])).ranges).toEqual([[0, 3]]);
  });

  it("are kept with the row starts", () => {
    const starts = startsOf([1, 2]);
    expect(rowPieces(starts)).toBe(rowPieces(starts));
  });
});
