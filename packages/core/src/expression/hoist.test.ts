import { describe, expect, it } from "vitest";
import { Expression, symbolNode } from "./expression.ts";
import { formula } from "./formula.ts";
import { hoist } from "./hoist.ts";
import { MatrixSymbol } from "./matrix-symbol.ts";
import { substitute } from "./substitute.ts";

const query = Expression.symbol("query", "query", "vector");
const key = Expression.symbol("key", "key", "vector");
const a = Expression.symbol("a", "parameter", "vector");
const s = Expression.symbol("s", "parameter", "scalar");
const w = new MatrixSymbol("w");

function hoisted(
  expression: Expression,
  isTaken: (part: Expression) => boolean = ({ node }) => node.kind !== "symbol",
) {
  const { root, parts } = hoist(expression, isTaken);
  return { root: formula(root), parts: Object.fromEntries([...parts].map(([name, part]) => [name, formula(part)])) };
}

describe("hoist", () => {
  it("takes out the largest parts that depend on one side, parameters aside", () => {
    expect(hoisted(query.transform(w).tanh().dot(key.multiply(a)).add(s.exp()))).toEqual({
      root: "dot(#query 0, #key 1) + #parameter 2",
      parts: { "#query 0": "tanh(w @ query)", "#key 1": "key * a", "#parameter 2": "exp(s)" },
    });
  });

  it("takes a part that occurs twice out once", () => {
    const shared = query.exp();
    expect(hoisted(shared.dot(key).add(shared.add(key).sum())).parts).toEqual({ "#query 0": "exp(query)" });
  });

  it("takes out only what it is asked for, wherever it stands", () => {
    expect(hoisted(query.transform(w).tanh().dot(key.exp()), ({ node }) => node.kind === "transform")).toEqual({
      root: "dot(tanh(#query 0), exp(key))",
      parts: { "#query 0": "w @ query" },
    });
  });

  it("leaves what depends on both ends, and numbers", () => {
    const both = query.add(key).transform(w).dot(a).add(2);
    expect(hoisted(both)).toEqual({ root: formula(both), parts: {} });
  });

  it("gives each symbol the side and the rank of what it stands for", () => {
    const { root } = hoist(query.dot(a).add(key.sum()), ({ node }) => node.kind === "sum");
    expect(root.rank).toBe("scalar");
    expect([...root.sides].sort()).toEqual(["key", "query"]);
    if (root.node.kind === "binary") expect(symbolNode(root.node.a)).toMatchObject({ side: "query", name: "#query 0" });
  });
});

describe("substitute", () => {
  it("replaces every occurrence, through every kind of part", () => {
    const score = key.transform(w).leakyRelu(0.3).multiply(key.sum().repeat()).dot(query.subtract(2));
    const replaced = substitute(score, (part) => (part === key ? key.add(a) : undefined));
    expect(formula(replaced)).toBe("dot(leakyRelu(w @ (key + a), 0.3) * sum(key + a), query - 2)");
  });

  it("does not look into what it has put in", () => {
    expect(formula(substitute(key.exp(), (part) => (part === key ? key.negate() : undefined)))).toBe("exp(-key)");
  });
});
