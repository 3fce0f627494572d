import { attend, corePlugin, createRegistry, SparseNeighborhood, tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { scoreConformance } from "@vicinal/core/testing";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { gaussian, templatePlugin } from "./index.ts";

describe("gaussian attention", () => {
  // What every score must do: gradients, engines, symmetries, saving.
  it.each(scoreConformance(() => gaussian({ width: 2 })))("$name", ({ run }) => run());

  // What this one must do: its formula, written again.
  it("is softmax(-|q - k|^2 / (2 width^2))", () => {
    const engine = createReferenceEngine();
    const [query, keys, width] = [
      [1, -2],
      [
        [0.5, 1],
        [2, 0.25],
      ],
      1.5,
    ];
    const neighborhood = SparseNeighborhood.fromEdgeList({
      senders: Uint32Array.of(0, 1),
      receivers: Uint32Array.of(0, 0),
      senderCount: 2,
      receiverCount: 1,
    });
    const key = tensor(keys.flat(), [2, 1, 2], { engine });
    const inputs = { query: tensor(query, [1, 1, 2], { engine }), key, value: key };
    const output = attend(neighborhood, inputs, { score: gaussian({ width }), parameters: {} });
    const shares = keys.map((each) => {
      const distance = new Matrix([each]).sub(new Matrix([query])).norm();
      return Math.exp((-distance * distance) / (2 * width * width));
    });
    const total = shares.reduce((a, b) => a + b);
    const expected = Matrix.rowVector(shares).div(total).mmul(new Matrix(keys)).to1DArray();
    for (const [c, value] of expected.entries()) expect(output.dataSync()[c]).toBeCloseTo(value, 12);
  });

  it("is known to registries that have the plug-in, and refuses options that cannot be", () => {
    const registry = createRegistry([corePlugin, templatePlugin]);
    expect(registry.score("gaussian", { width: 2 }).name).toBe("gaussian");
    expect(() => registry.score("gaussian", { width: 0 })).toThrow(expect.objectContaining({ code: "out-of-range" }));
  });
});
