import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portableCos, portableExp, portableLog, portablePower, portableSin } from "./portable-math.ts";

/** How far two numbers are apart, relative to the second one. */
function relativeError(got: number, expected: number): number {
  return got === expected ? 0 : Math.abs(got - expected) / Math.abs(expected);
}

/** Four units in the last place. */
const near = 4 * Number.EPSILON;

function forEvery(bounds: { min: number; max: number }, check: (x: number) => number): void {
  fc.assert(
    fc.property(fc.double({ ...bounds, noNaN: true }), (x) => {
      expect(check(x), `of ${x}`).toBeLessThanOrEqual(near);
    }),
    { numRuns: 2000 },
  );
}

describe("the portable functions agree with those of the engine", () => {
  it("exp", () => {
    forEvery({ min: -700, max: 709 }, (x) => relativeError(portableExp(x), Math.exp(x)));
    forEvery({ min: -1, max: 1 }, (x) => relativeError(portableExp(x), Math.exp(x)));
  });

  it("log", () => {
    forEvery({ min: Number.MIN_VALUE, max: Number.MAX_VALUE }, (x) => relativeError(portableLog(x), Math.log(x)));
    forEvery({ min: 0.5, max: 2 }, (x) => relativeError(portableLog(x), Math.log(x)));
  });

  it("sin and cos, relative to 1", () => {
    forEvery({ min: -1e6, max: 1e6 }, (x) => Math.abs(portableSin(x) - Math.sin(x)));
    forEvery({ min: -1e6, max: 1e6 }, (x) => Math.abs(portableCos(x) - Math.cos(x)));
    forEvery({ min: -10, max: 10 }, (x) => Math.abs(portableSin(x) - Math.sin(x)));
    forEvery({ min: -10, max: 10 }, (x) => Math.abs(portableCos(x) - Math.cos(x)));
    forEvery({ min: -0.7, max: 0.7 }, (x) => relativeError(portableSin(x), Math.sin(x)));
  });

  it("powers, but for what rounding the exponent costs", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 20000, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (b, e) => {
          expect(relativeError(portablePower(b, e), b ** e)).toBeLessThan(20 * near);
        },
      ),
    );
    fc.assert(
      fc.property(fc.double({ min: 0.9, max: 1, noNaN: true }), fc.integer({ min: 0, max: 1000 }), (b, e) => {
        expect(relativeError(portablePower(b, e), b ** e)).toBeLessThan(1e-12);
      }),
    );
  });
});

describe("the portable functions at the edges", () => {
  it("of special numbers are those of Math", () => {
    for (const x of [0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(portableExp(x), `exp of ${x}`).toEqual(Math.exp(x));
      expect(portableLog(x), `log of ${x}`).toEqual(Math.log(x));
    }
    expect([portableSin(0), portableCos(0)]).toEqual([0, 1]);
    expect(portableLog(-1)).toBeNaN();
    expect([portableSin(Number.NaN), portableCos(Number.POSITIVE_INFINITY)]).toEqual([Number.NaN, Number.NaN]);
    expect([portableExp(0), portableLog(1), portableExp(-800), portableExp(800)]).toEqual([
      1,
      0,
      0,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it("reach the smallest and the largest numbers", () => {
    expect(relativeError(portableExp(709.78), Math.exp(709.78))).toBeLessThan(near);
    expect(portableExp(-745)).toBe(Number.MIN_VALUE);
    expect(relativeError(portableLog(Number.MIN_VALUE), Math.log(Number.MIN_VALUE))).toBeLessThan(near);
    expect(relativeError(portableLog(Number.MAX_VALUE), Math.log(Number.MAX_VALUE))).toBeLessThan(near);
  });

  it("are exact for whole powers of two", () => {
    expect([-8, -1, 0, 1, 10, 1023].map((n) => portablePower(2, n))).toEqual([1 / 256, 0.5, 1, 2, 1024, 2 ** 1023]);
  });

  it("have the bits that they always had", () => {
    const values = [0.1, 1.7, 12.3].flatMap((x) => [
      portableExp(x),
      portableLog(x),
      portableSin(x),
      portableCos(x),
      portablePower(x, 0.3),
      portablePower(x, 7),
    ]);
    expect(values).toMatchInlineSnapshot(`
      [
        1.1051709180756477,
        -2.3025850929940455,
        0.09983341664682815,
        0.9950041652780257,
        0.5011872336272724,
        1.0000000000000007e-7,
        5.473947391727199,
        0.5306282510621704,
        0.9916648104524686,
        -0.12884449429552464,
        1.172558924272542,
        41.03386729999998,
        219695.9886721379,
        2.509599262378372,
        -0.26323179136580094,
        0.9647326178866098,
        2.1231052949029303,
        42592759.69777472,
      ]
    `);
  });
});
