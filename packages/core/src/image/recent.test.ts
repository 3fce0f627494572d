import { describe, expect, it } from "vitest";
import { Recent } from "./recent.ts";

describe("what was made recently", () => {
  const make = (): object => ({});

  it("is the same for the same numbers", () => {
    const recent = new Recent<object>(2);
    const first = recent.get([1, 23], make);
    expect(recent.get([1, 23], make)).toBe(first);
    expect(recent.get([12, 3], make)).not.toBe(first);
  });

  it("is forgotten when it was asked for least recently of too many", () => {
    const recent = new Recent<object>(2);
    const [first, second] = [recent.get([1], make), recent.get([2], make)];
    recent.get([1], make);
    recent.get([3], make);
    expect(recent.get([1], make)).toBe(first);
    expect(recent.get([2], make)).not.toBe(second);
  });
});
