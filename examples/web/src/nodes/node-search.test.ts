import { describe, expect, it } from "vitest";
import { findNodes } from "./node-search.ts";

const names = ["Anna", "Hanna", "Ann", "Ben", "ann"];

describe("findNodes", () => {
  it("lists the same name first, then names that begin so, then those that hold it", () => {
    const { found, total } = findNodes(names, " ANN ", 10);
    expect(found.map(({ node }) => node)).toEqual([2, 4, 0, 1]);
    expect(total).toBe(4);
  });

  it("lists all for no text, as many as asked for", () => {
    expect(findNodes(names, "", 2)).toEqual({
      found: [
        { node: 0, name: "Anna" },
        { node: 1, name: "Hanna" },
      ],
      total: 5,
    });
  });

  it("finds nothing where nothing is", () => {
    expect(findNodes(names, "zoe", 5)).toEqual({ found: [], total: 0 });
  });
});
