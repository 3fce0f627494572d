import { describe, expect, it } from "vitest";
import { evaluate } from "../../expression/evaluate.ts";
import { formula } from "../../expression/formula.ts";
import { additive, additiveWithEdge } from "./additive.ts";
import { concatenation } from "./concatenation.ts";
import { dot } from "./dot.ts";
import { lateAdditive } from "./late-additive.ts";
import { scaledDot } from "./scaled-dot.ts";
import { defineScore, parameterShape } from "./score.ts";
import { withEdge } from "./with-edge.ts";

const shape = { heads: 2, channels: 4 };

describe("defineScore", () => {
  it("gives a score whose expression knows its heads and channels", () => {
    const score = defineScore("shaped", {
      parameters: { width: "scalar" },
      score: ({ query, key, width }, { heads, channels }) =>
        query
          .dot(key)
          .multiply(heads * channels)
          .add(width),
    });
    expect(score).toMatchObject({ name: "shaped", parameters: { width: "scalar" }, edge: "none" });
    expect(formula(score.expression(shape))).toBe("dot(query, key) * 8 + width");
    expect(formula(score.expression({ heads: 1, channels: 3 }))).toBe("dot(query, key) * 3 + width");
  });

  it("gives symbols the ranks and sides that were declared", () => {
    const score = defineScore("ranks", {
      parameters: { v: "vector", s: "scalar" },
      edge: "scalar",
      score: ({ query, key, edge, v, s }) => {
        expect([query, key, edge, v, s].map(({ rank }) => rank)).toEqual([
          "vector",
          "vector",
          "scalar",
          "vector",
          "scalar",
        ]);
        expect([query, key, edge, v, s].map(({ sides }) => [...sides].join())).toEqual([
          "query",
          "key",
          "edge",
          "parameter",
          "parameter",
        ]);
        return query.dot(key).add(edge).add(v.sum()).add(s);
      },
    });
    expect(score.expression(shape).rank).toBe("scalar");
  });

  it("gives a matrix that can be applied to vectors", () => {
    const score = defineScore("mapped", {
      parameters: { w: "matrix" },
      score: ({ query, key, w }) => query.transform(w).dot(key.transform(w.transpose())),
    });
    expect(formula(score.expression(shape))).toBe("dot(w @ query, w^T @ key)");
  });

  it("says what shape the tensor of a parameter has", () => {
    expect(parameterShape("scalar", shape)).toEqual([2]);
    expect(parameterShape("vector", shape)).toEqual([2, 4]);
    expect(parameterShape("matrix", shape)).toEqual([2, 4, 4]);
  });

  for (const reserved of ["query", "key", "edge"]) {
    it(`refuses a parameter called ${reserved}`, () => {
      expect(() =>
        defineScore("mine", { parameters: { [reserved]: "vector" }, score: ({ query, key }) => query.dot(key) }),
      ).toThrow(expect.objectContaining({ name: "OptionError", code: "reserved-name" }));
    });
  }

  const notScores = {
    "a vector": defineScore("mine", { parameters: {}, score: ({ query, key }) => query.add(key) }),
    "an edge that was not declared": defineScore("mine", {
      parameters: {},
      score: ({ query, edge }) => query.dot(edge),
    }),
    "an edge that was declared and is not used": defineScore("mine", {
      parameters: {},
      edge: "vector",
      score: ({ query, key }) => query.dot(key),
    }),
  };
  for (const [what, score] of Object.entries(notScores)) {
    it(`refuses ${what} when it is asked for the expression`, () => {
      expect(() => score.expression(shape)).toThrow(
        expect.objectContaining({
          name: "ShapeError",
          code: "not-a-score",
          message: expect.stringContaining('"mine"'),
        }),
      );
    });
  }
});

describe("the built-in scores", () => {
  const vectors = {
    query: Float64Array.of(1, -2, 0.5, 0),
    key: Float64Array.of(-1, 1, 2, 3),
    edge: Float64Array.of(0.5, 0, -1, 1),
    source: Float64Array.of(1, 0, -1, 2),
    target: Float64Array.of(-2, 1, 1, 0),
    a: Float64Array.of(1, 2, -1, 0.5),
  };

  it("have the values of their formulas", () => {
    // target . query = -3.5, source . key = 3; and edge . edge = 2.25.
    expect(evaluate(additive().expression(shape), vectors, 4)).toBeCloseTo(0.2 * -0.5, 12);
    expect(evaluate(additive({ negativeSlope: 0.5 }).expression(shape), vectors, 4)).toBeCloseTo(-0.25, 12);
    expect(evaluate(additiveWithEdge().expression(shape), { ...vectors, link: vectors.edge }, 4)).toBeCloseTo(1.75, 12);
    // query + key = [0, -1, 2.5, 3].
    expect(evaluate(lateAdditive().expression(shape), vectors, 4)).toBeCloseTo(2 * -0.2 - 2.5 + 1.5, 12);
    // query . key = -2, over the square root of 4.
    expect(evaluate(scaledDot().expression(shape), vectors, 4)).toBe(-1);
  });
});

describe("the options of scores", () => {
  const refused: readonly (readonly [string, () => unknown, string])[] = [
    // @ts-expect-error Programs without types pass such things.
    ["an activation that it does not know", () => concatenation({ activation: "gelu" }), "unknown-activation"],
    // @ts-expect-error Programs without types pass such things.
    ["an option that it does not know", () => concatenation({ hidden: 8 }), "unknown-option"],
    // @ts-expect-error Programs without types pass such things.
    ["another use of the edge", () => withEdge(dot(), { as: "query" }), "unknown-option"],
    ["an edge where there is one", () => withEdge(additiveWithEdge(), { as: "bias" }), "unexpected-input"],
    ["an edge on top of another", () => withEdge(withEdge(dot(), { as: "key" }), { as: "bias" }), "unexpected-input"],
  ];
  for (const [what, call, code] of refused) {
    it(`refuse ${what}`, () => expect(call).toThrow(expect.objectContaining({ name: "OptionError", code })));
  }
});
