import { describe, expect, it } from "vitest";
import { Recent } from "./recent.ts";

describe("what was made recently", () => {
  const make = (): object => ({});

  it("is the same for the same numbers", () => {
    const recent = new Recent<object>();
    const first = recent.get([1, 23], make);
    expect(recent.get([1, 23], make)).toBe(first);
    expect(recent.get([12, 3], make)).not.toBe(first);
  });

  it("is forgotten when it was asked for least recently of too many", () => {
    const recent = new Recent<object>();
    const [first, second] = [recent.get([1], make), recent.get([2], make)];
    recent.get([1], make);
    for (const more of [3, 4, 5, 6, 7, 8, 9]) recent.get([more], make);
    expect(recent.get([1], make)).toBe(first);
    expect(recent.get([2], make)).not.toBe(second);
  });
});
