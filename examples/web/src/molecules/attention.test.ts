import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atomColors, mostAttended, strongest } from "./attention.ts";

describe("atomColors", () => {
  it("colours by what goes beyond an equal share, the farthest at full strength", () => {
    expect(atomColors([0.5, 0.25, 0.25, 0])).toEqual([
      { side: "more", opacity: strongest },
      { side: "less", opacity: 0 },
      { side: "less", opacity: 0 },
      { side: "less", opacity: strongest },
    ]);
  });

  it("colours nothing where all atoms got the same, or there is but one", () => {
    for (const attention of [[1], [0.5, 0.5]]) {
      expect(atomColors(attention).every(({ opacity }) => opacity === 0)).toBe(true);
    }
  });

  it("stays pale where differences are small", () => {
    expect(atomColors([0.51, 0.49])[0]?.opacity).toBeLessThan(0.05);
  });

  it("is never stronger than the symbol of an atom can stand", () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(weights, (raw) => {
        const total = raw.reduce((sum, weight) => sum + weight, 0) || 1;
        const colors = atomColors(raw.map((weight) => weight / total));
        expect(colors.every(({ opacity }) => opacity >= 0 && opacity <= strongest + 1e-9)).toBe(true);
      }),
    );
  });
});

describe("mostAttended", () => {
  it("names the atoms by element and number, the first before equals", () => {
    expect(mostAttended(["C", "Cl", "O", "N"], [0.2, 0.4, 0.2, 0.2], 2)).toEqual([
      { element: "Cl", atom: 2, share: 0.4 },
      { element: "C", atom: 1, share: 0.2 },
    ]);
  });
});
