import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { Random } from "../random.ts";
import { parameter, tensor } from "../tensor/create.ts";
import { multiply } from "../tensor/elementwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { attend } from "./attend.ts";
import type { AttendInputs } from "./inputs.ts";
import { complete } from "./neighborhood/complete.ts";
import type { Neighborhood } from "./neighborhood/neighborhood.ts";
import { segments } from "./neighborhood/segments.ts";
import { SparseNeighborhood } from "./neighborhood/sparse.ts";
import { softmaxNormalizer } from "./normalize/softmax.ts";
import { additive, additiveWithEdge } from "./score/additive.ts";
import { lateAdditive, lateAdditiveWithEdge } from "./score/late-additive.ts";
import { scaledDot } from "./score/scaled-dot.ts";
import { defineScore, parameterShape, type Score } from "./score/score.ts";

const engine = createReferenceEngine();
const heads = 2;
const channels = 3;

function numbers(shape: readonly number[], seed: number): Tensor {
  const random = new Random(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return parameter(
    Float64Array.from({ length: size }, () => random.uniform(-1, 1)),
    shape,
    { engine },
  );
}

const neighborhoods: Readonly<Record<string, Neighborhood>> = {
  "sparse with an empty row, a loop and a repeated edge": SparseNeighborhood.fromEdgeList({
    senders: Uint32Array.of(0, 1, 1, 4, 2, 3),
    receivers: Uint32Array.of(0, 0, 0, 2, 2, 3),
    senderCount: 5,
    receiverCount: 4,
  }),
  "complete, self": complete(4),
  "complete, two sets": complete(2, 5),
  "segments with an empty one": segments(Uint32Array.of(2, 0, 0, 2, 2), 3),
};

const gaussian = defineScore("gaussian", {
  parameters: { width: "scalar" },
  score: ({ query, key, width }) => query.subtract(key).square().sum().multiply(width).negate(),
});

const scores: readonly Score[] = [
  additive(),
  additiveWithEdge({ negativeSlope: 0.1 }),
  lateAdditive(),
  lateAdditiveWithEdge(),
  scaledDot(),
  gaussian,
];

function example(neighborhood: Neighborhood, score: Score) {
  const inputs: AttendInputs = {
    query: numbers([neighborhood.receivers, heads, channels], 1),
    key: numbers([neighborhood.senders, heads, channels], 2),
    value: numbers([neighborhood.senders, heads, 4], 3),
    edge: score.edge === "none" ? undefined : numbers([neighborhood.edges, heads, channels], 4),
  };
  const parameters = Object.fromEntries(
    Object.entries(score.parameters).map(([name, rank], k) => [
      name,
      numbers(parameterShape(rank, { heads, channels }), 5 + k),
    ]),
  );
  return { inputs, parameters };
}

describe("attend", () => {
  for (const [place, neighborhood] of Object.entries(neighborhoods)) {
    for (const score of scores) {
      for (const probability of [0, 0.4]) {
        const training = { dropout: probability, seed: 77 };
        const name = `${score.name} on ${place}${probability > 0 ? " with dropout" : ""}`;

        it(`${name}: per edge and by segments give the same output`, () => {
          const { inputs, parameters } = example(neighborhood, score);
          const perEdge = attend(neighborhood, inputs, { score, parameters, ...training }).dataSync();
          const bySegments = attend
            .detailed(neighborhood, inputs, { score, parameters, ...training })
            .output.dataSync();
          perEdge.forEach((value, k) => {
            expect(bySegments[k]).toBeCloseTo(value, 12);
          });
        });

        it(`${name}: gradients agree with finite differences on both paths`, () => {
          const { inputs, parameters } = example(neighborhood, score);
          const { edge, ...rest } = inputs;
          const leaves = { ...rest, ...(edge && { edge }), ...parameters };
          const paths = {
            "per edge": () => unevenSum(attend(neighborhood, inputs, { score, parameters, ...training })),
            "by segments": () =>
              unevenSum(attend.detailed(neighborhood, inputs, { score, parameters, ...training }).output),
          };
          for (const [path, loss] of Object.entries(paths)) {
            for (const [leaf, { relativeError }] of Object.entries(checkGradients(loss, leaves, 1e-4))) {
              expect(relativeError, `${path}: ${leaf}`).toBeLessThan(1e-6);
            }
          }
        });
      }
    }
  }

  it("gives weights that sum to 1 over each neighborhood, and zeros for an empty one", () => {
    const neighborhood = neighborhoods["segments with an empty one"]!;
    const { inputs, parameters } = example(neighborhood, additive());
    const { output, weights } = attend.detailed(neighborhood, inputs, {
      score: additive(),
      parameters: { ...only(parameters) },
    });
    const { offsets } = neighborhood.sparse();
    const w = weights.dataSync();
    for (let i = 0; i < 3; i++) {
      for (let h = 0; h < heads; h++) {
        let total = 0;
        for (let p = offsets[i]!; p < offsets[i + 1]!; p++) total += w[p * heads + h]!;
        expect(total).toBeCloseTo(offsets[i + 1] === offsets[i] ? 0 : 1, 12);
      }
    }
    expect(Array.from(output.dataSync().slice(4 * heads, 8 * heads))).toEqual(new Array(8).fill(0));
  });

  it("takes a temperature: twice as hot is half the logits", () => {
    const neighborhood = complete(3);
    const { inputs } = example(neighborhood, scaledDot());
    const halved = { ...inputs, query: multiply(inputs.query, 0.5) };
    const hot = attend(neighborhood, inputs, {
      score: scaledDot(),
      parameters: {},
      normalizer: softmaxNormalizer({ temperature: 2 }),
    });
    const half = attend(neighborhood, halved, { score: scaledDot(), parameters: {} }).dataSync();
    hot.dataSync().forEach((value, k) => {
      expect(half[k]).toBeCloseTo(value, 12);
    });
  });

  it("survives logits of ± 10,000", () => {
    const neighborhood = complete(2);
    const big = tensor([1e4, -1e4], [2, 1, 1], { engine });
    const value = tensor([1, 2], [2, 1, 1], { engine });
    const one = tensor([1, 1], [2, 1, 1], { engine });
    const output = attend(neighborhood, { query: one, key: big, value }, { score: scaledDot(), parameters: {} });
    expect(Array.from(output.dataSync())).toEqual([1, 1]);
  });

  describe("refuses before computing", () => {
    const neighborhood = complete(3);
    const { inputs } = example(neighborhood, scaledDot());
    const cases: readonly (readonly [string, () => void, string])[] = [
      [
        "a key of the wrong shape",
        () =>
          attend(
            neighborhood,
            { ...inputs, key: numbers([2, heads, channels], 1) },
            { score: scaledDot(), parameters: {} },
          ),
        "shapes-differ",
      ],
      [
        "an edge that the score does not take",
        () =>
          attend(
            neighborhood,
            { ...inputs, edge: numbers([9, heads, channels], 1) },
            { score: scaledDot(), parameters: {} },
          ),
        "unexpected-input",
      ],
      [
        "no edge where the score takes one",
        () =>
          attend(neighborhood, inputs, {
            score: lateAdditiveWithEdge(),
            parameters: { a: numbers([heads, channels], 1) },
          }),
        "missing-input",
      ],
      [
        "a parameter of the wrong shape",
        () => attend(neighborhood, inputs, { score: lateAdditive(), parameters: { a: numbers([heads], 1) } }),
        "shapes-differ",
      ],
      [
        "a dropout probability of 1",
        () => attend(neighborhood, inputs, { score: scaledDot(), parameters: {}, dropout: 1 }),
        "out-of-range",
      ],
    ];
    for (const [name, call, code] of cases) {
      it(name, () => expect(call).toThrow(expect.objectContaining({ code })));
    }
  });
});

function only(parameters: Record<string, Tensor>): { source: Tensor; target: Tensor } {
  return { source: parameters["source"]!, target: parameters["target"]! };
}
