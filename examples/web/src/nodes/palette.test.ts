import { describe, expect, it } from "vitest";
import { classColors, opacityOf, premultiplied } from "./palette.ts";

describe("the colours of classes", () => {
  it("gives each of many classes a colour of its own", () => {
    const colors = classColors(21);
    expect(new Set(colors).size).toBe(21);
    for (const color of colors) expect(color).toMatch(/^#[0-9a-f]{6}$/);
    expect(classColors(0)).toEqual([]);
  });

  it("is solid where the answer is sure, nearly clear where it is a guess, and never less", () => {
    expect(opacityOf(1, 4)).toBe(1);
    expect(opacityOf(0.25, 4)).toBeCloseTo(0.2, 12);
    expect(opacityOf(0, 4)).toBeCloseTo(0.2, 12);
    expect(opacityOf(0.7, 4)).toBeGreaterThan(opacityOf(0.5, 4));
    expect(opacityOf(0.5, 1)).toBe(1);
  });

  it("multiplies the channels by the opacity", () => {
    expect(premultiplied("#ff8000", 0.5)).toBe("rgba(128,64,0,0.500)");
  });
});
