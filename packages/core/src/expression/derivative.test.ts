import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Draw, drawRandom, floats, seededDraw } from "../engine/conformance/draw.ts";
import { distanceToKink } from "../testing/distance-to-kink.ts";
import { drawExpression, matrixBound, sensitivityBound, symbolBound } from "../testing/draw-expression.ts";
import type { ExpressionBinary, ExpressionUnary } from "./arithmetic.ts";
import { differentiate, differentiateByMatrices, type MatrixGradient } from "./derivative.ts";
import { type Bindings, evaluate, type Value } from "./evaluate.ts";
import { Expression, partsOf } from "./expression.ts";
import { MatrixSymbol } from "./matrix-symbol.ts";

const step = 1e-4;
const upstream = Expression.symbol("upstream", "edge", "scalar");
const upstreamValue = -1.75;

/** Random values for every symbol and matrix. */
function bindingsFor(
  symbols: Readonly<Record<string, Expression>>,
  matrices: readonly string[],
  source: Draw,
  channels: number,
): Bindings {
  const random = drawRandom(source);
  const draw = ({ rank }: Expression): Value =>
    rank === "scalar"
      ? random.uniform(-symbolBound, symbolBound)
      : Float64Array.from(floats(random, channels, -symbolBound, symbolBound));
  const drawMatrix = (): Value => Float64Array.from(floats(random, channels ** 2, -matrixBound, matrixBound));
  return Object.fromEntries([
    ...Object.entries(symbols).map(([name, symbol]) => [name, draw(symbol)]),
    ...matrices.map((name) => [name, drawMatrix()]),
  ]);
}

/** A sum of outer products, row by row. */
function sumOfProducts(products: MatrixGradient, bindings: Bindings, channels: number): number[] {
  const total = new Array<number>(channels ** 2).fill(0);
  for (const { rows, columns } of products) {
    const [left, right] = [rows, columns].map((vector) => asChannels(evaluate(vector, bindings, channels)));
    for (let k = 0; k < total.length; k++) total[k]! += left![Math.floor(k / channels)]! * right![k % channels]!;
  }
  return total;
}

function asChannels(value: Value | readonly number[]): number[] {
  return typeof value === "number" ? [value] : Array.from(value);
}

/** Compares the derivatives of a scalar expression by every symbol with central differences of the fourth order. */
function expectDerivatives(root: Expression, bindings: Bindings, channels: number): void {
  const gradients = differentiate(root, upstream);
  const byMatrices = differentiateByMatrices(root, upstream);
  const bound = { ...bindings, upstream: upstreamValue };
  for (const [name, value] of Object.entries(bindings)) {
    const numeric = asChannels(value).map((_, c) => {
      const at = (distance: number): number => {
        const moved = typeof value === "number" ? value + distance : value.map((v, k) => (k === c ? v + distance : v));
        return Number(evaluate(root, { ...bindings, [name]: moved }, channels));
      };
      return (upstreamValue * (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step)))) / (12 * step);
    });
    const found = gradients.get(name);
    const products = byMatrices.get(name);
    const analytic = found
      ? evaluate(found.gradient, bound, channels)
      : products && sumOfProducts(products, bound, channels);
    if (found && analytic !== undefined) {
      expect(found.gradient.rank, name).toBe(found.symbol.rank);
      expect(typeof analytic === "number", name).toBe(typeof value === "number");
    }
    const expected = analytic === undefined ? numeric.map(() => 0) : asChannels(analytic);
    const scale = Math.max(1, ...expected.map(Math.abs));
    numeric.forEach((slope, c) => {
      expect(Math.abs(slope - expected[c]!) / scale, `by ${name}[${c}]`).toBeLessThan(1e-7);
    });
  }
}

describe("differentiate", () => {
  const x = Expression.symbol("x", "query", "scalar");
  const y = Expression.symbol("y", "key", "scalar");

  const unary: Readonly<Record<ExpressionUnary, readonly number[]>> = {
    negate: [-1.5, 2],
    exp: [-1.5, 2],
    log: [0.3, 4],
    sqrt: [0.3, 4],
    square: [-1.5, 2],
    abs: [-1.5, 2],
    tanh: [-1.5, 2],
    reciprocal: [-1.5, 2],
    relu: [-1.5, 2],
    leakyRelu: [-1.5, 2],
    elu: [-1.5, 2],
    sigmoid: [-1.5, 2],
    softplus: [-1.5, 2],
    step: [-1.5, 2],
  };
  for (const operation of Object.keys(unary).filter((name): name is ExpressionUnary => name in unary)) {
    it(`${operation} agrees with finite differences`, () => {
      for (const value of unary[operation]) expectDerivatives(x.unary(operation, 0.6), { x: value }, 1);
    });
  }

  const binary: readonly ExpressionBinary[] = ["add", "subtract", "multiply", "divide", "maximum", "minimum"];
  for (const operation of binary) {
    it(`${operation} agrees with finite differences by both operands`, () => {
      expectDerivatives(x[operation](y), { x: 0.7, y: -1.3 }, 1);
      expectDerivatives(x[operation](y), { x: -0.7, y: 1.3 }, 1);
      expectDerivatives(x[operation](0.4), { x: -0.7 }, 1);
    });
  }

  it("random expressions agree with finite differences by every symbol", () => {
    fc.assert(
      fc.property(fc.gen(), (generate) => {
        const draw: Draw = { integer: (least, most) => generate(fc.integer, { min: least, max: most }) };
        const channels = draw.integer(1, 4);
        const { root, symbols, matrices } = drawExpression(draw, channels);
        const bindings = bindingsFor(symbols, matrices, draw, channels);
        // Twice what the farthest step, and all that follows from it, can move an argument.
        fc.pre(distanceToKink(root, bindings, channels) > 4 * step * sensitivityBound);
        expectDerivatives(root, bindings, channels);
      }),
      { numRuns: 500 },
    );
  });

  it("is tried on every operation by the random expressions", () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 300; seed++) {
      for (const { node } of partsOf(drawExpression(seededDraw(seed), 3).root)) {
        seen.add(node.kind === "unary" || node.kind === "binary" ? node.operation : node.kind);
      }
    }
    expect([...seen].sort()).toEqual(
      [...Object.keys(unary), ...binary, "constant", "repeat", "sum", "symbol", "transform"].sort(),
    );
  });

  it("adds up what arrives by several ways", () => {
    const shared = x.multiply(y);
    expectDerivatives(shared.multiply(shared).add(shared).add(x), { x: 0.7, y: -1.3 }, 1);
    // The same symbol, written down twice.
    const again = Expression.symbol("x", "query", "scalar");
    expectDerivatives(x.multiply(again.exp()), { x: 0.7 }, 1);
  });

  it("sums the gradient of a scalar that met a vector over the channels, and spreads that of a sum", () => {
    const v = Expression.symbol("v", "key", "vector");
    const bindings = { x: 0.7, v: Float64Array.of(-0.5, 1.2, 0.3) };
    expectDerivatives(v.multiply(x).sum(), bindings, 3);
    expectDerivatives(v.add(x.repeat()).square().sum(), bindings, 3);
    expectDerivatives(v.sum().multiply(v.square().sum()), bindings, 3);
    expectDerivatives(x.repeat().sum(), bindings, 3);
  });

  it("gives what passes a matrix to the vector through the transposed one, and an outer product to the matrix", () => {
    const w = new MatrixSymbol("w");
    const v = Expression.symbol("v", "key", "vector");
    const bindings = { x: 0.7, v: Float64Array.of(-0.5, 1.2), w: Float64Array.of(1, -2, 3, 0.5) };
    expectDerivatives(v.transform(w).square().sum(), bindings, 2);
    expectDerivatives(v.transform(w.transpose()).square().sum(), bindings, 2);
    expectDerivatives(v.transform(w).tanh().transform(w).dot(v), bindings, 2);
    expectDerivatives(x.transform(w).dot(v), bindings, 2);
    expect([...differentiate(v.transform(w).sum(), upstream).keys()]).toEqual(["v"]);
    expect([...differentiateByMatrices(v.transform(w).sum(), upstream).keys()]).toEqual(["w"]);
    expect(differentiateByMatrices(v.sum(), upstream).size).toBe(0);
  });

  it("gives the gradient of equal operands to the first", () => {
    const tied = { x: 2, y: 2, upstream: 1 };
    for (const operation of ["maximum", "minimum"] as const) {
      const gradients = differentiate(x[operation](y), upstream);
      expect(evaluate(gradients.get("x")!.gradient, tied, 1)).toBe(1);
      expect(evaluate(gradients.get("y")!.gradient, tied, 1)).toBe(0);
    }
  });

  it("takes the slope of the negative side at a kink, and 0 for the absolute value", () => {
    const atZero = (expression: Expression): Value =>
      evaluate(differentiate(expression, upstream).get("x")!.gradient, { x: 0, upstream: 1 }, 1);
    expect(atZero(x.relu())).toBe(0);
    expect(atZero(x.leakyRelu(0.2))).toBe(0.2);
    expect(atZero(x.elu(0.7))).toBe(0.7);
    expect(atZero(x.abs())).toBe(0);
    expect(atZero(x.step())).toBe(0);
  });

  it("keeps the elu's derivative finite where its exponential would overflow", () => {
    const { gradient } = differentiate(x.elu(), upstream).get("x")!;
    expect(evaluate(gradient, { x: 1000, upstream: 1 }, 1)).toBe(1);
  });

  it("names only symbols that occur", () => {
    expect([...differentiate(x.multiply(2), upstream).keys()]).toEqual(["x"]);
    expect(differentiate(Expression.constant(3), upstream).size).toBe(0);
  });
});
