import { describe, expect, it } from "vitest";
import { gridOffsets, gridPositions } from "./grid-positions.ts";

describe("the places of a grid", () => {
  it("are counted row after row", () => {
    const { rows, columns } = gridPositions(2, 3);
    expect([rows, columns]).toEqual([Uint32Array.of(0, 0, 0, 1, 1, 1), Uint32Array.of(0, 1, 2, 0, 1, 2)]);
  });

  for (const [rows, columns] of [
    [0, 3],
    [2, -1],
    [1.5, 2],
  ] as const) {
    it(`refuse ${rows} x ${columns}`, () => {
      expect(() => gridPositions(rows, columns)).toThrow(expect.objectContaining({ code: "out-of-range" }));
    });
  }
});

describe("the offsets of pairs in a grid", () => {
  const size = { rows: 2, columns: 3 };

  it("go from the receiver to the sender, in each of the packed grids", () => {
    const { down, right } = gridOffsets("here", size, {});
    expect([down(0, 5), right(0, 5)]).toEqual([1, 2]);
    expect([down(5, 0), right(5, 0)]).toEqual([-1, -2]);
    expect([down(7, 9), right(7, 9)]).toEqual([1, -1]);
  });

  it("follow the places that are given, wherever these are", () => {
    const receivers = { rows: [10, 11], columns: [-5, -5] };
    const { down, right } = gridOffsets("here", size, { receivers, senders: receivers });
    expect([down(0, 1), right(0, 1)]).toEqual([1, 0]);
  });

  const places = { rows: [0, 0, 0, 7], columns: [0, 1, 4, 0] };
  const refused: readonly (readonly [what: string, call: () => unknown, code: string, says: RegExp])[] = [
    [
      "two packed grids",
      () => gridOffsets("here", size, {}).down(5, 6),
      "out-of-range",
      /receiver 5 and sender 6 are in two/,
    ],
    [
      "rows that are too far apart",
      () => gridOffsets("here", size, { receivers: places, senders: places }).down(3, 0),
      "out-of-range",
      /receiver 3 and sender 0 are 7 rows apart; .* 2 x 3/,
    ],
    [
      "columns that are too far apart",
      () => gridOffsets("here", size, { receivers: places, senders: places }).right(1, 2),
      "out-of-range",
      /receiver 1 and sender 2 are 3 columns apart/,
    ],
    [
      "an element without a place",
      () => gridOffsets("here", size, { senders: places }).down(0, 4),
      "wrong-length",
      /4 positions of senders, none for sender 4/,
    ],
    [
      "a row that is not whole",
      () => gridOffsets("here", size, { senders: { rows: [0.5], columns: [0] } }),
      "not-a-position",
      /0\.5/,
    ],
    [
      "more rows than columns",
      () => gridOffsets("here", size, { receivers: { rows: [0, 1], columns: [0] } }),
      "wrong-length",
      /rows of 2 receivers and the columns of 1/,
    ],
  ];
  for (const [what, call, code, says] of refused) {
    it(`refuse ${what}`, () => {
      expect(call).toThrow(expect.objectContaining({ name: "DataError", code, message: expect.stringMatching(says) }));
    });
  }
});
