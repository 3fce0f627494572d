import { attend, corePlugin, createRegistry, explainPlan, SparseNeighborhood, tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { scoreConformance } from "@vicinal/core/testing";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { distanceDecayed, distanceDecayPlugin } from "./index.ts";

describe("distance-decayed attention", () => {
  it.each(scoreConformance(() => distanceDecayed({ scale: 2 }), { edge: (random) => random.uniform(0, 3) }))(
    "$name",
    ({ run }) => run(),
  );

  it("is softmax(q k / sqrt(channels) - softplus(decay) distance / scale)", () => {
    const engine = createReferenceEngine();
    const [query, key, value] = [
      [1, -2],
      [
        [0.5, 1],
        [2, 0.25],
        [-1, 1],
      ],
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ];
    const [distances, decay, scale] = [[0, 2, 5], 0.7, 4];
    const neighborhood = SparseNeighborhood.fromEdgeList({
      senders: Uint32Array.of(0, 1, 2),
      receivers: Uint32Array.of(0, 0, 0),
      senderCount: 3,
      receiverCount: 1,
    });
    const rows = (values: readonly (readonly number[])[]) => tensor(values.flat(), [values.length, 1, 2], { engine });
    const output = attend(
      neighborhood,
      { query: rows([query!]), key: rows(key!), value: rows(value!), edge: tensor(distances!, [3, 1], { engine }) },
      { score: distanceDecayed({ scale }), parameters: { decay: tensor([decay!], [1], { engine }) } },
    );
    const logits = new Matrix(key!).mmul(Matrix.columnVector(query!)).div(Math.SQRT2).to1DArray();
    const shares = logits.map((logit, j) =>
      Math.exp(logit - (Math.log(1 + Math.exp(decay!)) * distances![j]!) / scale!),
    );
    const total = shares.reduce((a, b) => a + b);
    const expected = Matrix.rowVector(shares.map((share) => share / total))
      .mmul(new Matrix(value!))
      .to1DArray();
    for (const [c, number] of expected.entries()) expect(output.dataSync()[c]).toBeCloseTo(number, 12);
  });

  it("is compiled to a fused kernel", () => {
    expect(explainPlan(distanceDecayed(), { heads: 8, channels: 8 })).toMatchObject({
      path: "fused",
      reason: undefined,
    });
  });

  it("is known to a registry, which checks its options", () => {
    const registry = createRegistry([corePlugin, distanceDecayPlugin]);
    expect(registry.score("distance-decayed", { scale: 3 }).parameters).toEqual({ decay: "scalar" });
    expect(() => registry.score("distance-decayed", { scale: -1 })).toThrow(
      expect.objectContaining({ code: "out-of-range" }),
    );
    // @ts-expect-error: no such option.
    expect(() => registry.score("distance-decayed", { size: 1 })).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
  });
});
