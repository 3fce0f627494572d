import { describe, expect, it } from "vitest";
import { Expression, partsOf } from "../expression/expression.ts";
import { formula } from "../expression/formula.ts";
import { MatrixSymbol } from "../expression/matrix-symbol.ts";
import { interner } from "./intern.ts";

const query = Expression.symbol("query", "query", "vector");
const s = Expression.symbol("s", "parameter", "scalar");

describe("an interner", () => {
  it("makes one object of parts that were built alike", () => {
    const part = (): Expression => query.transform(new MatrixSymbol("w")).leakyRelu(0.1).add(s.repeat());
    const root = interner()(part().dot(part()));
    expect(formula(root)).toBe(formula(part().dot(part())));
    // query, w @ query, its leaky ReLU, s, s repeated, the sum of both, its square, and the sum over channels.
    expect(partsOf(root)).toHaveLength(8);
  });

  it.each([
    ["by their matrix", query.transform(new MatrixSymbol("w")), query.transform(new MatrixSymbol("u"))],
    [
      "by the direction of their matrix",
      query.transform(new MatrixSymbol("w")),
      query.transform(new MatrixSymbol("w").transpose()),
    ],
    ["by a slope", query.leakyRelu(0.1), query.leakyRelu(0.2)],
    ["by the order of operands", query.subtract(s), s.subtract(query)],
  ])("keeps parts apart that differ %s", (_what, one, other) => {
    const intern = interner();
    expect(intern(one)).not.toBe(intern(other));
    expect(formula(intern(other))).toBe(formula(other));
  });
});
