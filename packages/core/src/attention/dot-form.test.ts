import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Draw, drawRandom, floats } from "../engine/conformance/draw.ts";
import { type Bindings, evaluate } from "../expression/evaluate.ts";
import { Expression } from "../expression/expression.ts";
import { formula } from "../expression/formula.ts";
import { MatrixSymbol } from "../expression/matrix-symbol.ts";
import { substitute } from "../expression/substitute.ts";
import { drawExpression, matrixBound, symbolBound } from "../testing/draw-expression.ts";
import { dotForm } from "./dot-form.ts";
import { additive } from "./score/additive.ts";
import { additiveTanh, bahdanau } from "./score/additive-tanh.ts";
import { bilinear } from "./score/bilinear.ts";
import { concatenation } from "./score/concatenation.ts";
import { cosine, learnedCosine } from "./score/cosine.ts";
import { dot } from "./score/dot.ts";
import { lateAdditive } from "./score/late-additive.ts";
import { scaledDot } from "./score/scaled-dot.ts";
import { withEdge } from "./score/with-edge.ts";

const query = Expression.symbol("query", "query", "vector");
const key = Expression.symbol("key", "key", "vector");
const edge = Expression.symbol("edge", "edge", "vector");
const a = Expression.symbol("a", "parameter", "vector");
const s = Expression.symbol("s", "parameter", "scalar");
const w = new MatrixSymbol("w");
const shape = { heads: 2, channels: 4 };

function printed(score: Expression) {
  const form = dotForm(score);
  return form && { query: formula(form.query), key: formula(form.key), scale: form.scale };
}

/** The form's value, from those of its two vectors. */
function formValue(score: Expression, bindings: Bindings, channels: number): number | undefined {
  const form = dotForm(score);
  if (form === undefined) return undefined;
  const [left, right] = [form.query, form.key].map((part) => evaluate(part, bindings, channels));
  if (typeof left !== "object" || typeof right !== "object") throw new Error("Expected vectors.");
  return form.scale * left.reduce((total, v, c) => total + v * right[c]!, 0);
}

/** An expression in which every element is that of one side. */
function onlyOf(root: Expression, side: "query" | "key"): Expression {
  return substitute(root, ({ node, rank }) => {
    if (node.kind !== "symbol" || node.side === "parameter" || node.side === side) return undefined;
    return rank === "scalar" ? s : side === "query" ? query : key;
  });
}

const bindings: Bindings = {
  query: Float64Array.of(1, -2),
  key: Float64Array.of(0.5, 3),
  a: Float64Array.of(-1, 4),
  s: 0.3,
  w: Float64Array.of(1, 2, -3, 0.5),
};

describe("dotForm", () => {
  const length = (name: string): string => `sqrt(max(sum(square(${name})), ${1e-8 ** 2}))`;

  it("recognises the scores of this package that are inner products", () => {
    expect(printed(dot().expression(shape))).toEqual({ query: "query", key: "key", scale: 1 });
    expect(printed(scaledDot().expression(shape))).toEqual({ query: "query", key: "key", scale: 0.5 });
    expect(printed(bilinear().expression(shape))).toEqual({ query: "w^T @ query", key: "key", scale: 1 });
    expect(printed(cosine({ temperature: 0.25 }).expression(shape))).toEqual({
      query: `query / ${length("query")}`,
      key: `key / ${length("key")}`,
      scale: 4,
    });
    expect(printed(learnedCosine().expression(shape))).toEqual({
      query: `query * beta / ${length("query")}`,
      key: `key / ${length("key")}`,
      scale: 1,
    });
  });

  it("recognises no other score of this package", () => {
    const others = [
      additive(),
      lateAdditive(),
      additiveTanh(),
      bahdanau(),
      concatenation(),
      withEdge(dot(), { as: "bias" }),
      withEdge(dot(), { as: "key" }),
      withEdge(dot(), { as: "gate" }),
    ];
    for (const score of others) expect(dotForm(score.expression(shape)), score.name).toBeUndefined();
  });

  const products: Readonly<Record<string, Expression>> = {
    "the other way round": key.dot(query),
    "with a sign": query.dot(key).negate(),
    "divided by a number": query.dot(key).divide(4),
    "with a number on the left": Expression.constant(3).multiply(query.dot(key)),
    "with a number in the sum": query.multiply(2).dot(key.divide(8)),
    "with a parameter in the sum": query.multiply(key).multiply(a).sum(),
    "with a parameter outside": query.dot(key).multiply(s.exp()),
    "divided by a parameter": query.dot(key).divide(s),
    "by the reciprocal of a parameter": query.dot(key).multiply(s.reciprocal()),
    "divided by both lengths": query.dot(key).divide(query.square().sum().sqrt().multiply(key.square().sum().sqrt())),
    "divided channel by channel": query.divide(key.square().add(1)).sum(),
    "with functions of each side": query.transform(w).tanh().dot(key.sigmoid().add(a)),
    "of one number of a side": query.multiply(key.sum()).sum(),
    "of one number of each side": query.sum().repeat().multiply(key.sum().repeat()).sum(),
  };
  for (const [what, score] of Object.entries(products)) {
    it(`takes a product ${what}`, () => {
      expect(formValue(score, bindings, 2)).toBeCloseTo(Number(evaluate(score, bindings, 2)), 12);
    });
  }

  const others: Readonly<Record<string, Expression>> = {
    "a function of the product": query.dot(key).tanh(),
    "the product and another term": query.dot(key).add(query.sum()),
    "the product and a number": query.dot(key).add(1),
    "two products multiplied": query.dot(key).multiply(query.exp().dot(key)),
    "the reciprocal of the product": query.dot(key).reciprocal(),
    "a product of sums": query.add(key).dot(key),
    "only the query": query.dot(a),
    "only the key": key.dot(a),
    "only a parameter": a.dot(a),
    "a number": Expression.constant(2),
    "a factor of the edge": query.dot(key).multiply(edge.sum()),
    "an edge in the sum": query.multiply(key).multiply(edge).sum(),
    "a matrix on both": query.multiply(key).transform(w).sum(),
  };
  for (const [what, score] of Object.entries(others)) {
    it(`does not take ${what}`, () => expect(dotForm(score)).toBeUndefined());
  }

  it("multiplies nothing by 1", () => {
    expect(printed(query.dot(key).multiply(s))).toEqual({ query: "query * s", key: "key", scale: 1 });
    expect(printed(Expression.constant(1).divide(s).multiply(query.dot(key)))).toMatchObject({ query: "query / s" });
  });

  it("has the value of the score, and a side each, however the sides are made", () => {
    fc.assert(
      fc.property(fc.gen(), (generate) => {
        const draw: Draw = { integer: (least, most) => generate(fc.integer, { min: least, max: most }) };
        const channels = draw.integer(1, 4);
        const { symbols, matrices, root } = drawExpression(draw, channels);
        const random = drawRandom(draw);
        const values = (length: number, bound: number) => Float64Array.from(floats(random, length, -bound, bound));
        const bound: Bindings = Object.fromEntries([
          ...Object.entries(symbols).map(([name, { rank }]) =>
            rank === "scalar" ? [name, values(1, symbolBound)[0]] : [name, values(channels, symbolBound)],
          ),
          ...matrices.map((name) => [name, values(channels ** 2, matrixBound)]),
        ]);
        // A drawn expression is seldom an inner product: one for each side makes one.
        const [ofQuery, ofKey] = [onlyOf(root, "query"), onlyOf(root, "key")];
        const score = query
          .multiply(ofQuery)
          .dot(key.divide(ofKey.square().add(1)))
          .multiply(ofKey.sigmoid())
          .divide(2);
        const form = dotForm(score);
        if (form === undefined) throw new Error(`Not recognised: ${formula(score)}`);
        expect([...form.query.sides].filter((side) => side !== "parameter")).toEqual(["query"]);
        expect([...form.key.sides].filter((side) => side !== "parameter")).toEqual(["key"]);
        const expected = Number(evaluate(score, bound, channels));
        expect(Math.abs(formValue(score, bound, channels)! - expected)).toBeLessThan(
          1e-9 * Math.max(1, Math.abs(expected)),
        );
      }),
      { numRuns: 300 },
    );
  });
});
