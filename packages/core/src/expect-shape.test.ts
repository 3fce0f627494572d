import { describe, expect, it } from "vitest";
import { ShapeError } from "./errors.ts";
import { expectShape, expectWidth } from "./expect-shape.ts";

describe("expectShape", () => {
  it("gives the lengths of the dimensions", () => {
    const [rows, columns] = expectShape("here", "x", { shape: [2, 3] }, ["rows", 3]);
    expect([rows, columns]).toEqual([2, 3]);
  });

  it.each([{ shape: [2, 4] }, { shape: [2] }, { shape: [2, 3, 1] }, { shape: [] }])("refuses $shape", (tensor) => {
    expect(() => expectShape("here", "x", tensor, ["rows", 3])).toThrow(ShapeError);
  });

  it("says what was got, what was expected, and why", () => {
    expect(() => expectShape("here", "x", { shape: [2, 4] }, ["rows", 3], ", because it is so")).toThrow(
      "here: got x of shape [2, 4]; expected [rows, 3], because it is so.",
    );
  });
});

describe("expectWidth", () => {
  it("reads the last dimension alone", () => {
    expect(() => expectWidth("here", { shape: [5, 2, 3] }, 3)).not.toThrow();
    expect(() => expectWidth("here", { shape: [3, 2] }, 3)).toThrow(
      "here: got an input of shape [3, 2]; expected 3 in the last dimension.",
    );
    expect(() => expectWidth("here", { shape: [] }, 3)).toThrow(ShapeError);
  });
});
