import { describe, expect, it } from "vitest";
import { evaluate } from "./evaluate.ts";
import { Expression } from "./expression.ts";
import { MatrixSymbol } from "./matrix-symbol.ts";

const x = Expression.symbol("x", "query", "scalar");
const v = Expression.symbol("v", "query", "vector");
const w = Expression.symbol("w", "key", "vector");

describe("evaluate", () => {
  const functions: readonly (readonly [string, Expression, (x: number) => number])[] = [
    ["negate", x.negate(), (at) => -at],
    ["exp", x.exp(), Math.exp],
    ["square", x.square(), (at) => at ** 2],
    ["abs", x.abs(), Math.abs],
    ["tanh", x.tanh(), Math.tanh],
    ["reciprocal", x.reciprocal(), (at) => 1 / at],
    ["relu", x.relu(), (at) => Math.max(at, 0)],
    ["leakyRelu of slope 0.2", x.leakyRelu(), (at) => (at > 0 ? at : 0.2 * at)],
    ["leakyRelu of slope 0.05", x.leakyRelu(0.05), (at) => (at > 0 ? at : 0.05 * at)],
    ["elu", x.elu(), (at) => (at > 0 ? at : Math.exp(at) - 1)],
    ["elu of alpha 0.5", x.elu(0.5), (at) => (at > 0 ? at : 0.5 * (Math.exp(at) - 1))],
    ["sigmoid", x.sigmoid(), (at) => 1 / (1 + Math.exp(-at))],
    ["softplus", x.softplus(), (at) => Math.log(1 + Math.exp(at))],
    ["step", x.step(), (at) => (at > 0 ? 1 : 0)],
  ];
  for (const [name, expression, expected] of functions) {
    it(name, () => {
      for (const at of [-2.5, -0.25, 0.5, 3]) expect(evaluate(expression, { x: at }, 1)).toBeCloseTo(expected(at), 14);
    });
  }

  it("log and sqrt", () => {
    expect(evaluate(x.log(), { x: 2.5 }, 1)).toBe(Math.log(2.5));
    expect(evaluate(x.sqrt(), { x: 2.5 }, 1)).toBe(Math.sqrt(2.5));
  });

  it("the softplus and the sigmoid of large numbers", () => {
    expect(evaluate(x.softplus(), { x: 800 }, 1)).toBe(800);
    expect(evaluate(x.softplus(), { x: -800 }, 1)).toBe(0);
    expect(evaluate(x.sigmoid(), { x: -800 }, 1)).toBe(0);
    expect(evaluate(x.sigmoid(), { x: 800 }, 1)).toBe(1);
  });

  it("works channel by channel, on the left and on the right operand in their order", () => {
    const bindings = { v: Float64Array.of(3, -2), w: Float64Array.of(2, 4) };
    expect(evaluate(v.add(w), bindings, 2)).toEqual(Float64Array.of(5, 2));
    expect(evaluate(v.subtract(w), bindings, 2)).toEqual(Float64Array.of(1, -6));
    expect(evaluate(v.multiply(w), bindings, 2)).toEqual(Float64Array.of(6, -8));
    expect(evaluate(v.divide(w), bindings, 2)).toEqual(Float64Array.of(1.5, -0.5));
    expect(evaluate(v.maximum(w), bindings, 2)).toEqual(Float64Array.of(3, 4));
    expect(evaluate(v.minimum(w), bindings, 2)).toEqual(Float64Array.of(2, -2));
    expect(evaluate(v.dot(w), bindings, 2)).toBe(-2);
    expect(evaluate(v.sum(), bindings, 2)).toBe(1);
  });

  it("repeats a scalar that meets a vector", () => {
    const bindings = { x: 10, v: Float64Array.of(3, -2) };
    expect(evaluate(v.add(x), bindings, 2)).toEqual(Float64Array.of(13, 8));
    expect(evaluate(x.subtract(v), bindings, 2)).toEqual(Float64Array.of(7, 12));
    expect(evaluate(v.multiply(2), bindings, 2)).toEqual(Float64Array.of(6, -4));
    expect(evaluate(x.repeat(), bindings, 2)).toEqual(Float64Array.of(10, 10));
    expect(evaluate(x.repeat().sum(), bindings, 2)).toBe(20);
    expect(evaluate(Expression.constant(4).repeat().sum(), {}, 3)).toBe(12);
  });

  it("multiplies a vector by a matrix given row by row, or by the transposed one", () => {
    const m = new MatrixSymbol("m");
    const bindings = { x: 10, v: Float64Array.of(3, -2), m: Float64Array.of(1, 2, 4, 8) };
    expect(evaluate(v.transform(m), bindings, 2)).toEqual(Float64Array.of(-1, -4));
    expect(evaluate(v.transform(m.transpose()), bindings, 2)).toEqual(Float64Array.of(-5, -10));
    expect(evaluate(v.transform(m.transpose().transpose()), bindings, 2)).toEqual(Float64Array.of(-1, -4));
    expect(evaluate(x.transform(m), bindings, 2)).toEqual(Float64Array.of(30, 120));
    expect(evaluate(Expression.constant(2).transform(m), bindings, 2)).toEqual(Float64Array.of(6, 24));
  });

  it("refuses a matrix without values, or of another size", () => {
    const transformed = v.transform(new MatrixSymbol("m"));
    const at = (m: Record<string, number | Float64Array>) => () =>
      evaluate(transformed, { v: Float64Array.of(1, 2), ...m }, 2);
    expect(at({})).toThrow(
      expect.objectContaining({ code: "unbound-symbol", message: expect.stringContaining('"m"') }),
    );
    for (const m of [1, new Float64Array(2)]) {
      expect(at({ m })).toThrow(
        expect.objectContaining({ code: "wrong-length", message: expect.stringContaining('"m"') }),
      );
    }
  });

  it("leaves the values that it was given as they are", () => {
    const values = Float64Array.of(3, -2);
    evaluate(v.exp().add(v).sum(), { v: values }, 2);
    expect(values).toEqual(Float64Array.of(3, -2));
  });

  it("refuses a symbol without a value", () => {
    expect(() => evaluate(v.dot(w), { v: Float64Array.of(1) }, 1)).toThrow(
      expect.objectContaining({ code: "unbound-symbol", message: expect.stringContaining('"w"') }),
    );
  });
});
