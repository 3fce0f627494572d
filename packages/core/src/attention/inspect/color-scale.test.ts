import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { sequentialColor } from "./color-scale.ts";

const shares = Array.from({ length: 41 }, (_, k) => k / 40);

/** Linear light of an sRGB colour (IEC 61966-2-1). */
function linear(color: string): Matrix {
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  return Matrix.columnVector(channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)));
}

/** CIE 1976 lightness, 0 to 100. */
function lightness(light: Matrix): number {
  const luminance = Matrix.rowVector([0.2126729, 0.7151522, 0.072175]).dot(light);
  return luminance > 216 / 24389 ? 116 * Math.cbrt(luminance) - 16 : (luminance * 24389) / 27;
}

/** Machado, Oliveira and Fernandes, 2009, at full severity, on linear light. */
const deficiencies = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

describe("the colours of weights", () => {
  it("go from white to dark blue", () => {
    expect([sequentialColor(0), sequentialColor(1)]).toEqual(["#ffffff", "#2c1a4c"]);
    for (const share of shares) expect(sequentialColor(share)).toMatch(/^#[0-9a-f]{6}$/);
  });

  it("are those of the published map, within 4 of 255", () => {
    // Of its 256 colours, counted from the dark end: both ends, and between the nine that are stored.
    const published: readonly (readonly [place: number, color: readonly number[]])[] = [
      [0, [44, 26, 76]],
      [16, [42, 41, 91]],
      [48, [39, 71, 123]],
      [80, [50, 101, 166]],
      [112, [95, 128, 207]],
      [144, [155, 156, 232]],
      [176, [190, 185, 242]],
      [208, [216, 212, 247]],
      [240, [242, 241, 252]],
      [255, [255, 255, 255]],
    ];
    for (const [place, color] of published) {
      const got = sequentialColor(1 - place / 255);
      color.forEach((channel, k) => {
        const mine = Number.parseInt(got.slice(1 + 2 * k, 3 + 2 * k), 16);
        expect(Math.abs(mine - channel), `channel ${k} of colour ${place}`).toBeLessThanOrEqual(4);
      });
    }
  });

  it("are perceptually uniform: equal steps of the weight are about equal steps of lightness", () => {
    const values = shares.map((share) => lightness(linear(sequentialColor(share))));
    const range = values[0]! - values[40]!;
    expect(range).toBeGreaterThan(80);
    values.forEach((value, k) => {
      expect(Math.abs(value - (values[0]! - (range * k) / 40))).toBeLessThan(0.06 * range);
    });
  });

  for (const [name, simulation] of Object.entries(deficiencies)) {
    it(`darken with the weight in the eyes of ${name}, too`, () => {
      const values = shares.map((share) => lightness(new Matrix(simulation).mmul(linear(sequentialColor(share)))));
      for (let k = 1; k < values.length; k++) expect(values[k]).toBeLessThan(values[k - 1]! - 0.5);
    });
  }
});
