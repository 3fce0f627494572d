import { describe, expect, it } from "vitest";
import { classColors, doubt, nodeColor } from "./palette.ts";

describe("classColors", () => {
  it("gives each of up to 21 classes a colour of its own", () => {
    const colors = classColors(21);
    expect(new Set(colors).size).toBe(21);
    for (const color of colors) expect(color).toMatch(/^#[0-9a-f]{6}$/);
  });
});

describe("nodeColor", () => {
  it("is the colour of the class when sure, and closer to grey the closer to a guess", () => {
    expect(nodeColor("#3d8be0", 1, 2)).toBe("#3d8be0");
    const red = (color: string) => Number.parseInt(color.slice(1, 3), 16);
    const shades = [0.9, 0.7, 0.5].map((confidence) => red(nodeColor("#000000", confidence, 2)));
    expect(shades).toEqual([...shades].sort((a, b) => a - b));
    expect(shades[2]).toBeLessThan(red(doubt));
  });

  it("stands for a class that is the only one", () => {
    expect(nodeColor("#3d8be0", 1, 1)).toBe("#3d8be0");
  });
});
