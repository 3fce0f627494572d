import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groups } from "../attention/neighborhood/groups.ts";
import type { Neighborhood } from "../attention/neighborhood/neighborhood.ts";
import { type ImageWindowOptions, imageWindows } from "./image-windows.ts";

/** The senders of each receiver. */
function rowsOf(neighborhood: Neighborhood): number[][] {
  const { offsets, senderOf, receivers } = neighborhood.sparse();
  return Array.from({ length: receivers }, (_, i) => Array.from(senderOf.subarray(offsets[i], offsets[i + 1])));
}

const options = fc.record({
  rows: fc.integer({ min: 1, max: 7 }),
  columns: fc.integer({ min: 1, max: 7 }),
  images: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 1, max: 5 }),
  width: fc.integer({ min: 1, max: 5 }),
  rowShift: fc.integer({ min: 0, max: 7 }),
  columnShift: fc.integer({ min: 0, max: 7 }),
});

describe("windows of images", () => {
  it("are the quarters of an image that is cut in the middle", () => {
    expect(rowsOf(imageWindows({ rows: 2, columns: 4, height: 2, width: 2 })).slice(0, 4)).toEqual([
      [0, 1, 4, 5],
      [0, 1, 4, 5],
      [2, 3, 6, 7],
      [2, 3, 6, 7],
    ]);
  });

  it("are cut at the border of each image", () => {
    expect(rowsOf(imageWindows({ rows: 1, columns: 5, images: 2, size: 2, shift: 1 }))).toEqual([
      [0],
      [1, 2],
      [1, 2],
      [3, 4],
      [3, 4],
      [5],
      [6, 7],
      [6, 7],
      [8, 9],
      [8, 9],
    ]);
  });

  it("are groups, whatever their size and shift", () => {
    fc.assert(
      fc.property(options, (cut) => {
        const { rows, columns, images, height, width, rowShift, columnShift } = cut;
        const pixels = rows * columns;
        const windowOf = Array.from({ length: images * pixels }, (_, i) => {
          const [row, column] = [Math.floor((i % pixels) / columns), i % columns];
          const down = Math.floor((row - (rowShift % height) + height) / height);
          const right = Math.floor((column - (columnShift % width) + width) / width);
          return (Math.floor(i / pixels) * 100 + down) * 100 + right;
        });
        const neighborhood = imageWindows(cut);
        const expected = groups(windowOf);
        expect([neighborhood.receivers, neighborhood.senders]).toEqual([windowOf.length, windowOf.length]);
        expect(neighborhood.edges).toBe(expected.edges);
        expect(rowsOf(neighborhood)).toEqual(rowsOf(expected));
      }),
    );
  });

  it("overlap by so many rows and columns beyond those of the window", () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 0, max: 3 }), (cut, overlap) => {
        const { rows, columns, height, width, rowShift, columnShift } = cut;
        const pixels = rows * columns;
        const distance = (place: number, start: number, size: number) =>
          Math.max(start - place, place - (start + size - 1), 0);
        const startOf = (place: number, size: number, shift: number) =>
          Math.floor((place - shift) / size) * size + shift;
        const expected = Array.from({ length: cut.images * pixels }, (_, i) => {
          const [image, row, column] = [Math.floor(i / pixels), Math.floor((i % pixels) / columns), i % columns];
          const [top, left] = [startOf(row, height, rowShift), startOf(column, width, columnShift)];
          const senders: number[] = [];
          for (let r = 0; r < rows; r++) {
            for (let c = 0; c < columns; c++) {
              if (distance(r, top, height) > overlap || distance(c, left, width) > overlap) continue;
              senders.push((image * rows + r) * columns + c);
            }
          }
          return senders;
        });
        expect(rowsOf(imageWindows({ ...cut, overlap }))).toEqual(expected);
      }),
    );
  });

  it("list the pairs of a block of receivers alone, and have runs only where they are runs", () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 0, max: 1 }), (cut, overlap) => {
        const neighborhood = imageWindows({ ...cut, overlap });
        const rows = rowsOf(neighborhood);
        const [first, last] = [Math.floor(rows.length / 3), Math.ceil((2 * rows.length) / 3)];
        expect(rowsOf(neighborhood.computed!.rows(first, last))).toEqual(rows.slice(first, last));
        const isRun = rows.every((row) => row.at(-1)! - row[0]! === row.length - 1);
        const { runs } = neighborhood;
        expect(runs !== undefined).toBe(isRun);
        if (runs === undefined) return;
        expect(Array.from(runs.starts)).toEqual(rows.map((row) => row[0]));
        expect(Array.from(runs.ends)).toEqual(rows.map((row) => row.at(-1)! + 1));
      }),
    );
  });

  it("are shifted by less than a window", () => {
    const image = { rows: 6, columns: 6, height: 2, width: 3 };
    expect(imageWindows({ ...image, rowShift: 2, columnShift: 3 })).toBe(imageWindows(image));
    expect(rowsOf(imageWindows({ ...image, shift: 5 }))).toEqual(
      rowsOf(imageWindows({ ...image, rowShift: 1, columnShift: 2 })),
    );
  });

  it("are one object for the same options, so that what is computed for them is kept", () => {
    const image = { rows: 6, columns: 4, size: 2 };
    const neighborhood = imageWindows(image);
    expect(imageWindows({ rows: 6, columns: 4, images: 1, height: 2, width: 2, shift: 0, overlap: 0 })).toBe(
      neighborhood,
    );
    const others: readonly Partial<ImageWindowOptions>[] = [
      { rows: 4 },
      { columns: 6 },
      { images: 2 },
      { height: 3 },
      { width: 3 },
      { rowShift: 1 },
      { columnShift: 1 },
    ];
    for (const other of others) expect(imageWindows({ ...image, ...other })).not.toBe(neighborhood);
    expect(imageWindows({ ...image, overlap: 1 })).not.toBe(imageWindows(image));
  });

  const refused: readonly (readonly [what: string, options: object, code: string])[] = [
    ["no size", { rows: 2, columns: 2 }, "missing-input"],
    ["a height without a width", { rows: 2, columns: 2, height: 2 }, "missing-input"],
    ["windows of nothing", { rows: 2, columns: 2, size: 0 }, "out-of-range"],
    ["half an element", { rows: 2, columns: 2, size: 2, width: 1.5 }, "out-of-range"],
    ["images of nothing", { rows: 0, columns: 2, size: 2 }, "out-of-range"],
    ["no images", { rows: 2, columns: 2, images: 0, size: 2 }, "out-of-range"],
    ["more elements than can be numbered", { rows: 2 ** 20, columns: 2 ** 13, size: 2 }, "out-of-range"],
    ["a negative shift", { rows: 2, columns: 2, size: 2, rowShift: -1 }, "out-of-range"],
    ["half a shift", { rows: 2, columns: 2, size: 2, shift: 0.5 }, "out-of-range"],
    ["a negative overlap", { rows: 2, columns: 2, size: 2, overlap: -1 }, "out-of-range"],
    ["a misspelt option", { rows: 2, columns: 2, size: 2, shifts: 1 }, "unknown-option"],
  ];
  for (const [what, given, code] of refused) {
    it(`refuse ${what}`, () =>
      expect(() => imageWindows({ rows: 1, columns: 1, ...given })).toThrow(
        expect.objectContaining({ name: "OptionError", code }),
      ));
  }
});
