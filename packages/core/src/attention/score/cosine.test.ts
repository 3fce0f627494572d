import { describe, expect, it } from "vitest";
import { unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import { backward } from "../../tensor/backward.ts";
import { parameter } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { testedEngines } from "../../testing/engines.ts";
import { attend } from "../attend.ts";
import { explainPlan } from "../explain.ts";
import { SparseNeighborhood } from "../neighborhood/sparse.ts";
import { cosine, learnedCosine } from "./cosine.ts";
import type { Score } from "./score.ts";
import { withEdge } from "./with-edge.ts";

/** Receiver 1 attends to nobody, receiver 0 twice to sender 1. */
const neighborhood = SparseNeighborhood.fromEdgeList({
  senders: Uint32Array.of(0, 1, 1, 4, 2, 3),
  receivers: Uint32Array.of(0, 0, 0, 2, 2, 2),
  senderCount: 5,
  receiverCount: 3,
});

describe("a cosine with vectors of zeros", () => {
  const scores: readonly Score[] = [cosine(), learnedCosine(), withEdge(cosine(), { as: "bias" })];
  for (const score of scores) {
    for (const { engine } of testedEngines()) {
      it(`is 0, and its gradients finite: ${score.name} on the ${engine.name} engine`, () => {
        const filled = (number: number, shape: readonly number[]): Tensor =>
          parameter(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(number), shape, { engine });
        const parameters: Record<string, Tensor> = {};
        if ("beta" in score.parameters) parameters["beta"] = filled(2, [1]);
        for (const zeros of ["query", "key"]) {
          const inputs = {
            query: filled(zeros === "query" ? 0 : 1, [3, 1, 3]),
            key: filled(zeros === "key" ? 0 : 1, [5, 1, 3]),
            value: parameter([1, 2, 3, 4, 5], [5, 1, 1], { engine }),
            ...(score.edge !== "none" && { edge: filled(0, [neighborhood.edges, 1]) }),
          };
          const paths = {
            fused: () => attend(neighborhood, inputs, { score, parameters }),
            "by segments": () => attend.detailed(neighborhood, inputs, { score, parameters }).output,
          };
          for (const [path, compute] of Object.entries(paths)) {
            scope(() => {
              const output = compute();
              // The mean of each row's values: all weights are equal.
              expect(largestError(output.dataSync(), [5 / 3, 0, 4]), path).toBeLessThan(1e-6);
              backward(unevenSum(output));
            });
            for (const leaf of [inputs.query, inputs.key]) {
              expect(leaf.grad?.dataSync().every(Number.isFinite), path).toBe(true);
              leaf.grad = undefined;
            }
          }
        }
      });
    }
  }

  it("takes the place of vectors shorter than epsilon, which are divided by it", () => {
    const { hoisted } = explainPlan(cosine({ epsilon: 0.5 }), { heads: 1, channels: 1 });
    expect(hoisted).toContain("query / sqrt(max(sum(square(query)), 0.25))");
  });
});

describe("the options of a cosine", () => {
  const refused: readonly (readonly [string, () => unknown, string])[] = [
    ["a temperature of 0", () => cosine({ temperature: 0 }), "out-of-range"],
    ["a temperature that is no number", () => cosine({ temperature: Number.NaN }), "out-of-range"],
    ["an infinite temperature", () => cosine({ temperature: Number.POSITIVE_INFINITY }), "out-of-range"],
    ["an epsilon of 0", () => cosine({ epsilon: 0 }), "out-of-range"],
    ["a negative epsilon", () => learnedCosine({ epsilon: -1e-8 }), "out-of-range"],
    // @ts-expect-error Programs without types pass such things.
    ["a misspelt option", () => cosine({ temprature: 1 }), "unknown-option"],
    // @ts-expect-error Programs without types pass such things.
    ["a fixed temperature beside the learned one", () => learnedCosine({ temperature: 1 }), "unknown-option"],
  ];
  for (const [what, call, code] of refused) {
    it(`refuse ${what}`, () => expect(call).toThrow(expect.objectContaining({ name: "OptionError", code })));
  }
});
