import { describe, expect, it } from "vitest";
import { additive, additiveWithEdge } from "../attention/score/additive.ts";
import { lateAdditive, lateAdditiveWithEdge } from "../attention/score/late-additive.ts";
import { scaledDot } from "../attention/score/scaled-dot.ts";
import { Expression } from "./expression.ts";
import { formula } from "./formula.ts";
import { MatrixSymbol } from "./matrix-symbol.ts";

const query = Expression.symbol("query", "query", "vector");
const key = Expression.symbol("key", "key", "vector");
const s = Expression.symbol("s", "parameter", "scalar");
const t = Expression.symbol("t", "parameter", "scalar");
const u = Expression.symbol("u", "parameter", "scalar");

describe("formula", () => {
  const shape = { heads: 2, channels: 16 };
  const scores = [
    [additive(), "leakyRelu(dot(target, query) + dot(source, key), 0.2)"],
    [additive({ negativeSlope: 0.05 }), "leakyRelu(dot(target, query) + dot(source, key), 0.05)"],
    [additiveWithEdge(), "leakyRelu(dot(target, query) + dot(source, key) + dot(link, edge), 0.2)"],
    [lateAdditive(), "dot(a, leakyRelu(query + key, 0.2))"],
    [lateAdditiveWithEdge(), "dot(a, leakyRelu(query + key + edge, 0.2))"],
    [scaledDot(), "dot(query, key) * 0.25"],
  ] as const;
  for (const [score, text] of scores) {
    it(`${score.name}: ${text}`, () => expect(formula(score.expression(shape))).toBe(text));
  }

  it("writes parentheses where the order would change without them, and nowhere else", () => {
    expect(formula(s.add(t).multiply(u))).toBe("(s + t) * u");
    expect(formula(s.multiply(t).add(u))).toBe("s * t + u");
    expect(formula(s.subtract(t).subtract(u))).toBe("s - t - u");
    expect(formula(s.subtract(t.subtract(u)))).toBe("s - (t - u)");
    expect(formula(s.subtract(t.multiply(u)))).toBe("s - t * u");
    expect(formula(s.divide(t.multiply(u)))).toBe("s / (t * u)");
    expect(formula(s.divide(t).multiply(u))).toBe("s / t * u");
    expect(formula(s.add(t).tanh().multiply(u))).toBe("tanh(s + t) * u");
  });

  it("keeps signs apart", () => {
    expect(formula(s.negate())).toBe("-s");
    expect(formula(s.negate().negate())).toBe("-(-s)");
    expect(formula(s.add(t).negate())).toBe("-(s + t)");
    expect(formula(s.negate().add(t))).toBe("-s + t");
    expect(formula(s.subtract(t.negate()))).toBe("s - (-t)");
    expect(formula(s.add(t.negate().multiply(u)))).toBe("s + (-t) * u");
    expect(formula(s.multiply(t.negate().add(u)))).toBe("s * (-t + u)");
    expect(formula(s.multiply(-2))).toBe("s * (-2)");
    expect(formula(Expression.constant(-2).multiply(s))).toBe("-2 * s");
    expect(formula(s.maximum(-2))).toBe("max(s, -2)");
  });

  it("writes a sum over channels as an inner product only where it is one of two vectors", () => {
    expect(formula(query.dot(key))).toBe("dot(query, key)");
    expect(formula(query.add(key).dot(key.exp()))).toBe("dot(query + key, exp(key))");
    expect(formula(query.multiply(s).sum())).toBe("sum(query * s)");
    expect(formula(query.multiply(s.repeat()).sum())).toBe("sum(query * s)");
    expect(formula(query.square().sum())).toBe("sum(square(query))");
  });

  it("writes the product with a matrix", () => {
    const w = new MatrixSymbol("w");
    expect(formula(query.transform(w).dot(key))).toBe("dot(w @ query, key)");
    expect(formula(query.transform(w.transpose()))).toBe("w^T @ query");
    expect(formula(query.transform(w).transform(w))).toBe("w @ (w @ query)");
    expect(formula(query.add(key).transform(w).add(key))).toBe("w @ (query + key) + key");
    expect(formula(query.multiply(s).transform(w).multiply(t))).toBe("w @ (query * s) * t");
    expect(formula(t.multiply(query.transform(w)))).toBe("t * (w @ query)");
    expect(formula(query.transform(w).negate())).toBe("-(w @ query)");
    expect(formula(query.negate().transform(w))).toBe("w @ (-query)");
    expect(formula(query.transform(w).subtract(key.transform(w)))).toBe("w @ query - w @ key");
    expect(formula(query.transform(w).tanh().sum())).toBe("sum(tanh(w @ query))");
    expect(formula(s.transform(w).sum())).toBe("sum(w @ s)");
  });

  it("shows the parameters of the functions that have one", () => {
    expect(formula(s.leakyRelu())).toBe("leakyRelu(s, 0.2)");
    expect(formula(s.elu(0.5))).toBe("elu(s, 0.5)");
    expect(formula(s.minimum(t).maximum(u))).toBe("max(min(s, t), u)");
  });
});
