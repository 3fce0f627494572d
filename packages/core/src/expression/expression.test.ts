import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Draw } from "../engine/conformance/draw.ts";
import { drawExpression } from "../testing/draw-expression.ts";
import { Expression, matricesOf, operandsOf, partsOf, structureOf, symbolsOf } from "./expression.ts";
import { MatrixSymbol } from "./matrix-symbol.ts";

const query = Expression.symbol("query", "query", "vector");
const key = Expression.symbol("key", "key", "vector");
const edge = Expression.symbol("edge", "edge", "scalar");
const s = Expression.symbol("s", "parameter", "scalar");
const w = new MatrixSymbol("w");

function sidesOf(expression: Expression): string[] {
  return [...expression.sides].sort();
}

describe("an expression", () => {
  it("is a vector as soon as one operand is, and a scalar after a sum", () => {
    expect(query.rank).toBe("vector");
    expect(s.rank).toBe("scalar");
    expect(s.add(edge).rank).toBe("scalar");
    expect(s.multiply(query).rank).toBe("vector");
    expect(query.multiply(s).rank).toBe("vector");
    expect(query.add(1).exp().rank).toBe("vector");
    expect(query.sum().rank).toBe("scalar");
    expect(query.dot(key).rank).toBe("scalar");
    expect(s.repeat().rank).toBe("vector");
    expect(Expression.constant(2).rank).toBe("scalar");
    expect(query.transform(w).rank).toBe("vector");
    expect(s.transform(w).rank).toBe("vector");
  });

  it("knows the sides that it depends on", () => {
    expect(sidesOf(query)).toEqual(["query"]);
    expect(sidesOf(query.dot(key).add(edge))).toEqual(["edge", "key", "query"]);
    expect(sidesOf(s.multiply(2).exp())).toEqual(["parameter"]);
    expect(sidesOf(key.sum().repeat().add(s))).toEqual(["key", "parameter"]);
    expect(sidesOf(Expression.constant(2))).toEqual([]);
    expect(sidesOf(query.transform(w))).toEqual(["parameter", "query"]);
    expect(sidesOf(Expression.constant(2).transform(w))).toEqual(["parameter"]);
  });

  it("names its symbols, and its matrices apart from them", () => {
    const root = query.transform(w).dot(key.transform(w.transpose()).transform(new MatrixSymbol("u")));
    expect([...symbolsOf(root).keys()]).toEqual(["query", "key"]);
    expect([...matricesOf(root)]).toEqual(["w", "u"]);
    expect(matricesOf(query.dot(key)).size).toBe(0);
  });

  it("is left as it is by the sum of a scalar and the repetition of a vector", () => {
    expect(s.sum()).toBe(s);
    expect(query.repeat()).toBe(query);
  });

  it("folds what is made of constants alone", () => {
    const two = Expression.constant(2);
    expect(two.add(3).node).toEqual({ kind: "constant", value: 5 });
    expect(two.subtract(3).node).toEqual({ kind: "constant", value: -1 });
    expect(two.multiply(3).divide(4).node).toEqual({ kind: "constant", value: 1.5 });
    expect(two.maximum(3).minimum(2.5).node).toEqual({ kind: "constant", value: 2.5 });
    expect(two.exp().log().node).toEqual({ kind: "constant", value: 2 });
    expect(two.negate().leakyRelu(0.1).node).toEqual({ kind: "constant", value: -0.2 });
    expect(two.negate().elu(3).node).toEqual({ kind: "constant", value: 3 * Math.expm1(-2) });
    expect(s.multiply(2).node.kind).toBe("binary");
  });

  it("has parts in an order in which they can be computed, each once", () => {
    const shared = query.add(key);
    const root = shared.multiply(shared).sum().add(shared.sum());
    const parts = partsOf(root);
    expect(parts).toHaveLength(new Set(parts).size);
    expect(parts.filter((part) => part === shared)).toHaveLength(1);
    expect([query, key, shared].map((part) => parts.indexOf(part))).toEqual([0, 1, 2]);
    expect(parts.at(-1)).toBe(root);
  });

  it("has parts in such an order however it was made", () => {
    fc.assert(
      fc.property(fc.gen(), (generate) => {
        const draw: Draw = { integer: (least, most) => generate(fc.integer, { min: least, max: most }) };
        const { root } = drawExpression(draw, 3);
        const seen = new Set<Expression>();
        for (const part of partsOf(root)) {
          expect(seen.has(part)).toBe(false);
          for (const operand of operandsOf(part)) expect(seen.has(operand)).toBe(true);
          seen.add(part);
        }
        expect([...seen].at(-1)).toBe(root);
      }),
    );
  });
});

describe("structureOf", () => {
  it("is equal for expressions that were built alike", () => {
    const build = (): Expression => query.add(key).leakyRelu(0.2).dot(query.transform(w)).multiply(s);
    expect(structureOf(build())).toBe(structureOf(build()));
  });

  it.each([
    ["the order of operands", query.subtract(key), key.subtract(query)],
    ["a parameter of a function", query.leakyRelu(0.2), query.leakyRelu(0.3)],
    ["a parameter that the formula does not print", query.unary("exp", 0), query.unary("exp", 1)],
    ["a number", s.add(1), s.add(2)],
    ["the sign of zero", s.add(0), s.add(-0)],
    ["what the formula leaves out", s.multiply(query), s.repeat().multiply(query)],
    ["the rank of a symbol", s.exp(), Expression.symbol("s", "parameter", "vector").exp()],
    ["the matrix", query.transform(w), query.transform(new MatrixSymbol("u"))],
    ["the direction of a matrix", query.transform(w), query.transform(w.transpose())],
    ["the side of a symbol", s.exp(), Expression.symbol("s", "query", "scalar").exp()],
  ])("differs by %s", (_what, one, other) => {
    expect(structureOf(one)).not.toBe(structureOf(other));
  });
});
