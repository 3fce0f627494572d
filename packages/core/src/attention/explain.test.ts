import { describe, expect, it } from "vitest";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { explainPlan, printKernel } from "./explain.ts";
import { sparsemax } from "./normalize/entmax.ts";
import { sigmoidNormalizer } from "./normalize/sigmoid.ts";
import { additive } from "./score/additive.ts";
import { lateAdditive } from "./score/late-additive.ts";
import { defineScore } from "./score/score.ts";

const shape = { heads: 2, channels: 4 };

describe("explainPlan", () => {
  it("says that a score is compiled, and what of it is computed once a node", () => {
    expect(explainPlan(additive(), shape)).toEqual({
      path: "fused",
      engine: "wasm",
      reason: undefined,
      formula: "leakyRelu(dot(target, query) + dot(source, key), 0.2)",
      hoisted: ["dot(target, query)", "dot(source, key)"],
    });
    expect(explainPlan(lateAdditive(), shape)).toMatchObject({ path: "fused", hoisted: [] });
  });

  it("says why a score is not compiled", () => {
    const nested = defineScore("nested", {
      parameters: {},
      score: ({ query, key }) => query.multiply(query.dot(key)).dot(key),
    });
    expect(explainPlan(nested, shape)).toMatchObject({
      path: "segments",
      reason: "a sum over channels stands inside of another",
    });
  });

  it("says that a normalizer is compiled of which each weight follows from its own logit, and why another is not", () => {
    expect(explainPlan(additive(), { ...shape, normalizer: sigmoidNormalizer() }).path).toBe("fused");
    expect(explainPlan(additive(), { ...shape, normalizer: sparsemax() })).toMatchObject({
      path: "segments",
      reason: expect.stringMatching(/^the normalizer ".*" has no kernel/),
    });
    expect(() => printKernel(additive(), { ...shape, normalizer: sparsemax() })).toThrow(
      expect.objectContaining({ code: "not-compiled" }),
    );
  });

  it("asks the engine that is given", () => {
    expect(explainPlan(additive(), { ...shape, engine: createReferenceEngine() })).toMatchObject({
      path: "fused",
      engine: "reference",
      hoisted: [],
    });
  });
});

describe("printKernel", () => {
  it("prints the module in text form", () => {
    const text = printKernel(lateAdditive(), shape);
    expect(text).toContain("(func $forward");
    expect(text).toContain("(func $backward by receiver");
    expect(text).toContain("(func $backward by sender");
    expect(text).toContain("f32x4.pmax");
  });

  it("refuses what is not compiled", () => {
    const nested = defineScore("nested", {
      parameters: {},
      score: ({ query, key }) => query.multiply(query.dot(key)).dot(key),
    });
    expect(() => printKernel(nested, shape)).toThrow(expect.objectContaining({ code: "not-compiled" }));
  });
});
