import { describe, expect, it } from "vitest";
import { lookAtDocumentation } from "./documented.ts";
import { lookAtShapes, statesShapes } from "./shapes.ts";

describe("every public name", () => {
  const { names, optionalFields, throwing, withoutComment, withoutDefault, withoutError } = lookAtDocumentation();

  it("is looked at", () => {
    expect(names).toBeGreaterThan(1000);
    expect(optionalFields).toBeGreaterThan(500);
    expect(throwing).toBeGreaterThan(100);
  });

  it("has a comment", () => {
    expect(withoutComment).toEqual([]);
  });

  it("says of each field of its options that may be left out what then holds", () => {
    expect(withoutDefault).toEqual([]);
  });

  it("names the errors that it throws by itself", () => {
    expect(withoutError).toEqual([]);
  });

  it("states the shape, or the length, of numbers that it takes, gives or holds", () => {
    const { looked, unstated } = lookAtShapes();
    expect(looked).toBeGreaterThan(500);
    expect(unstated).toEqual([]);
  });
});

describe("a comment states shapes", () => {
  it.each([
    ["where each is in brackets", "/** `[nodes, inputs]` to `[nodes, outputs]`. */", 1, true],
    ["where one sentence speaks of all", "/** The larger of two numbers, of any shape. */", 2, true],
    ["where it says one number of what", "/** The class of each node. */", 1, false],
    ["where another comment says them", "/** {@link forward}, with the attention. */", 1, true],
  ] as const)("%s", (_, comment, taken, isGiven) => {
    expect(statesShapes(comment, taken, isGiven)).toBe(true);
  });

  it.each([
    ["not where there is none", "/** The hyperbolic tangent. */", 1, true],
    ["not where one of two is left out", "/** Sums `[nodes, width]`. */", 1, true],
    [
      "not where only its error speaks of one",
      "/** A sum.\n * @throws ShapeError unless `x` is `[rows, columns]`.\n */",
      1,
      false,
    ],
    ["not by an element of a list, nor by a link", "/** See [the guide](guide.md) and {@link sum}. */", 1, false],
  ] as const)("%s", (_, comment, taken, isGiven) => {
    expect(statesShapes(comment, taken, isGiven)).toBe(false);
  });
});
