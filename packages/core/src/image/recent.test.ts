import { describe, expect, it } from "vitest";
import { recent } from "./recent.ts";

describe("what was made recently", () => {
  const make = (): object => ({});

  it("is the same for the same numbers", () => {
    const get = recent<object>();
    const first = get([1, 23], make);
    expect(get([1, 23], make)).toBe(first);
    expect(get([12, 3], make)).not.toBe(first);
  });

  it("is forgotten when it was asked for least recently of too many", () => {
    const get = recent<object>();
    const [first, second] = [get([1], make), get([2], make)];
    get([1], make);
    for (const more of [3, 4, 5, 6, 7, 8, 9]) get([more], make);
    expect(get([1], make)).toBe(first);
    expect(get([2], make)).not.toBe(second);
  });
});
